"""`operator` of routes.yaml: who hears of the sources' troubles, and when."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from worker.profile.loader import load_profile
from worker.profile.operator import OperatorRoute


def routes(bench: Any, operator: str) -> None:
    bench.change("routes.yaml", "routes:", f"operator: {operator}\nroutes:")


def test_without_the_section_nobody_is_told(bench: Any) -> None:
    assert bench.load().operator is None


def test_a_digest_leaves_at_seven_unless_the_section_says_otherwise(bench: Any) -> None:
    routes(bench, "{channels: [desk, desk]}")
    assert bench.load().operator == OperatorRoute(("desk",), time(7), UTC)
    bench.change("routes.yaml", "{channels: [desk, desk]}",
                 "{channels: room, at: 06:30, zone: Asia/Baku}")  # fmt: skip
    baku = bench.load().operator
    assert baku == OperatorRoute(("room",), time(6, 30), ZoneInfo("Asia/Baku"))
    noon = datetime(2025, 6, 28, 12, tzinfo=UTC)
    assert baku.last_slot(noon) == datetime(2025, 6, 28, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("operator", "fault"),
    [
        ("{at: '07:00'}", "operator: 'channels' is missing; add it."),
        ("{channels: [dask]}", "there is no channel 'dask'; did you mean 'desk'?"),
        ("{channels: [desk], at: soon}", 'this is not a time of day; write it as "22:00".'),
        ("{channels: [desk], zone: Baku}", "'Baku' is no time zone"),
        ("{channels: [desk], every: 1d}", "unknown key 'every'"),
        ("[desk]", "this must be a mapping, but it is a list."),
    ],
)
def test_a_wrong_section_is_named_with_its_line(bench: Any, operator: str, fault: str) -> None:
    routes(bench, operator)
    (found,) = bench.faults()
    assert found.startswith("routes.yaml, line ") and fault in found


def test_the_bundled_profile_tells_its_operator_by_mail_where_there_is_some() -> None:
    mail = {"DYADWATCH_SMTP_HOST": "mx.example.org", "DYADWATCH_SMTP_TO": "desk@example.org"}
    assert load_profile("russia_azerbaijan", {}).operator is None
    told = load_profile("russia_azerbaijan", mail).operator
    assert told == OperatorRoute(("email",), time(7), UTC)
