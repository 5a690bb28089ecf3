"""The last look at a message before it leaves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.episode import Episode
from alerts.handling import Handling
from alerts.notification import MessageChange
from alerts.pipeline.untrue import untrue

MakeEpisode = Callable[..., Episode]
NOW = datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)


def reason(
    episode: Episode,
    change: MessageChange,
    severity: str | None = "warning",
    *,
    tried: bool = False,
    follows: bool = True,
) -> str | None:
    held = untrue(episode, change, severity, NOW + HOUR, tried=tried, follows=follows)
    return held.reason if held else None


@pytest.mark.parametrize("change", ["opened", "escalated", "repeat", "escalation", "updated"])
def test_what_is_so_leaves(make_episode: MakeEpisode, change: MessageChange) -> None:
    assert reason(make_episode(), change) is None


def test_an_opening_that_is_over_is_not_told_unless_its_receiver_was_away(
    make_episode: MakeEpisode,
) -> None:
    over = replace(make_episode(), state="resolved", resolved_at=NOW)
    assert reason(over, "opened") == "resolved_meanwhile"
    assert reason(over, "opened", tried=True) is None
    assert reason(over, "resolved") is None


def test_an_end_that_was_none_is_not_told(make_episode: MakeEpisode) -> None:
    assert reason(make_episode(), "resolved") == "reopened_meanwhile"


def test_nothing_follows_what_never_arrived(make_episode: MakeEpisode) -> None:
    assert reason(make_episode(), "updated", follows=False) == "nothing_to_change"
    assert reason(make_episode(), "escalated", follows=False) is None


def test_a_severity_that_has_changed_back_is_not_told(make_episode: MakeEpisode) -> None:
    assert reason(make_episode(), "escalated", "critical") == "milder_meanwhile"
    critical = make_episode(severity="critical")
    assert reason(critical, "de_escalated", "warning") == "worse_meanwhile"


@pytest.mark.parametrize(
    ("handling", "change", "expected"),
    [
        (Handling(acknowledged_by="ana", acknowledged_at=NOW), "repeat", "acknowledged"),
        (Handling(acknowledged_by="ana", acknowledged_at=NOW), "escalation", "acknowledged"),
        (Handling(acknowledged_by="ana", acknowledged_at=NOW), "escalated", None),
        (Handling(snoozed_until=NOW + 2 * HOUR), "opened", "snoozed"),
        (Handling(snoozed_until=NOW + 2 * HOUR), "escalated", None),
        (Handling(snoozed_until=NOW), "opened", None),
        (Handling(closed_by="ana", closed_at=NOW), "escalated", "closed"),
    ],
)
def test_what_people_did_meanwhile_counts(
    make_episode: MakeEpisode, handling: Handling, change: MessageChange, expected: str | None
) -> None:
    assert reason(replace(make_episode(), handling=handling), change) == expected
