"""`dyadwatch detect`: rows of counts in, the same rows with what was expected out."""

from __future__ import annotations

import io
import time
from datetime import datetime, timedelta

import numpy as np
import pytest
from typer.testing import CliRunner

from alerts.baseline import DEFAULT_FALSE_ALARMS
from worker.cli import app
from worker.detect_csv import ADDED, answers, detect_rows, read_counts

MONDAY = datetime(2026, 6, 1)  # noqa: DTZ001  (a file may come without offsets)


def lines(counts: list[int], step: timedelta = timedelta(hours=1), offset: str = "") -> list[str]:
    rows = [f"{(MONDAY + i * step).isoformat()}{offset},{n}\n" for i, n in enumerate(counts)]
    return ["start,count\n", *rows]


def detected(text: list[str]) -> list[dict[str, str]]:
    table = read_counts(text)
    assert table.bad == ()
    header, *rows = answers(table)
    return [dict(zip(header, row, strict=True)) for row in rows]


def quiet(buckets: int, mean: float = 3.0) -> list[int]:
    return np.random.default_rng(4).poisson(mean, buckets).tolist()


def test_a_burst_alarms_and_nothing_else_does() -> None:
    counts = quiet(600)
    counts[500] = 25
    rows = detected(lines(counts, offset="+04:00"))
    assert [i for i, row in enumerate(rows) if row["alarm"] == "true"][:1] == [500]
    assert rows[500]["start"] == f"{(MONDAY + timedelta(hours=500)).isoformat()}+04:00"
    assert float(rows[500]["p_value"]) < 1e-4
    assert 1 < float(rows[500]["expected"]) < 6


def test_upper_is_the_smallest_count_that_alarms() -> None:
    counts = quiet(300)
    upper = int(detected(lines([*counts, 3]))[-1]["upper"])
    assert 5 < upper < 20
    for n in (upper - 1, upper):
        row = detected(lines([*counts, n]))[-1]
        assert row["upper"] == str(upper)
        assert row["alarm"] == ("true" if n == upper else "false")


def test_what_cannot_be_known_yet_is_empty() -> None:
    first, *_, last = detected(lines(quiet(10)))
    assert first["expected"] == first["alarm"] == ""
    assert last["alarm"] == "false"


def test_missing_rows_are_unobserved_and_not_zero() -> None:
    text = lines(quiet(400, mean=8.0))
    holes = [line for i, line in enumerate(text) if not 200 < i < 330]
    zeros = [line.split(",")[0] + ",0\n" if 200 < i < 330 else line for i, line in enumerate(text)]
    assert float(detected(holes)[-60]["expected"]) > 1.3 * float(detected(zeros)[-60]["expected"])


def test_a_file_says_exposure_and_an_outage_never_alarms() -> None:
    text = ["start,count,exposure\n"]
    for i, n in enumerate(quiet(300)):
        down = 200 <= i < 220
        at = (MONDAY + timedelta(hours=i)).isoformat()
        text.append(f"{at},{0 if down else n},{0 if down else 500}\n")
    text.append(f"{(MONDAY + timedelta(hours=300)).isoformat()},,\n")
    rows = detected(text)
    assert {row["alarm"] for row in rows[200:220]} == {""}
    assert rows[-1]["expected"] == ""
    assert "true" not in {row["alarm"] for row in rows}


def test_truncating_the_file_changes_no_earlier_row() -> None:
    text = lines(quiet(200))
    assert detected(text[:101]) == detected(text)[:100]


@pytest.mark.parametrize("minutes", [5, 10, 15, 30, 60, 120, 360, 1440, 10080])
def test_every_step_that_divides_a_day_and_the_week_is_supported(minutes: int) -> None:
    counts = [*quiet(120, mean=2.0), 60]
    rows = detected(lines(counts, timedelta(minutes=minutes)))
    assert rows[-1]["alarm"] == "true"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["2026-06-01T00:00,1", "2026-06-01T00:07,1"], "must be a week, or divide a day"),
        (["2026-06-01T00:00,1", "2026-07-01T00:00,1"], "must be a week, or divide a day"),
        (["2026-06-01T00:00,1", "2026-06-01T01:00,1", "2026-06-01T02:30,1"], "line 4"),
        (["0001-01-01T00:00,1", "0001-01-01T00:05,1", "9999-01-01T00:00,1"], "rows are missing"),
    ],
)
def test_a_file_without_a_usable_step_says_so(rows: list[str], says: str) -> None:
    table = read_counts(["start,count\n", *[f"{row}\n" for row in rows]])
    with pytest.raises(ValueError, match=says):
        list(answers(table))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("yesterday,1", "is not ISO 8601"),
        ("2026-06-01T05:00,-1", "whole number"),
        ("2026-06-01T05:00,2.5", "whole number"),
        ("2026-06-01T05:00", "1 cells, the header has 2"),
        ("2026-06-01T00:00,1", "is not later than that of line 3"),
        ("2026-06-01T05:00Z,1", "differ in having an offset"),
    ],
)
def test_a_bad_row_is_named_and_the_others_go_on(row: str, says: str) -> None:
    text = ["start,count\n", "2026-06-01T00:00,1\n", "2026-06-01T01:00,1\n", f"{row}\n"]
    table = read_counts([*text, "2026-06-01T06:00,1\n"])
    assert [bad.number for bad in table.bad] == [4]
    assert says in table.bad[0].reason
    assert len(table.rows) == 3


@pytest.mark.parametrize("header", [",", "count,start", "start,count,exposure,more", "1,2"])
def test_another_header_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match="the header must be start,count"):
        read_counts([f"{header}\n", "2026-06-01T00:00,1\n"])


def test_a_header_alone_gives_a_header_alone() -> None:
    rows = list(answers(read_counts(["start,count\n"])))
    assert rows == [("start", "count", "expected", "upper", "p_value", "alarm")]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("", "start,count"),
        ("\n", "start,count"),
        ("start,count\n", "start,count"),
        ("start,count,exposure\n", "start,count,exposure"),
        ("start,count,exposure\nyesterday,1,1\n", "start,count,exposure"),
        ("start,count\n2026-06-01T00:00,1\n2026-06-01T00:07,1\n", "start,count"),
    ],
)
def test_the_header_is_always_there(text: str, header: str) -> None:
    out = io.StringIO()
    detect_rows([line.encode() for line in text.splitlines(keepends=True)], out)
    assert out.getvalue() == f"{header},expected,upper,p_value,alarm\n"


def test_counts_may_be_written_as_a_spreadsheet_does() -> None:
    whole = lines(quiet(50))
    written = [f"{line.rstrip()}.0\n" if i else line for i, line in enumerate(whole)]
    answered = [row["expected"] for row in detected(written)]
    assert answered == [row["expected"] for row in detected(whole)]


def test_a_hundred_thousand_rows_take_seconds() -> None:
    table = read_counts(lines(quiet(100_000)))
    started = time.process_time()
    assert sum(1 for _ in answers(table)) == 100_001
    assert time.process_time() - started < 20.0


def test_the_rows_of_one_portion_and_of_several_are_the_same() -> None:
    text = [line for i, line in enumerate(lines(quiet(300))) if i % 50 not in (7, 8, 9)]
    table = read_counts(text)
    assert list(answers(table, portion=17)) == list(answers(table))


def test_the_command_writes_what_it_can_and_returns_the_rest() -> None:
    text = ["\ufeffstart,count\n", "2026-06-01T00:00,1\n", "2026-06-01T01:00,x\n"]
    out = io.StringIO()
    faults = detect_rows([line.encode() for line in text], out)
    assert [str(fault) for fault in faults] == [
        "line 3: count 'x' is not a whole number of 0 or more"
    ]
    assert out.getvalue().splitlines()[1] == "2026-06-01T00:00,1,,,,"


def test_a_file_that_cannot_be_used_at_all_is_one_sentence() -> None:
    for lines_, says in (
        ([b"a,b\n"], "header"),
        ([b"start,count\n", b"\xff,1\n"], "line 2: this is not"),
    ):
        (fault,) = detect_rows(lines_, io.StringIO())
        assert says in str(fault)


def answered(content: bytes) -> tuple[list[str], list[str]]:
    out = io.StringIO()
    bad = detect_rows(content.splitlines(keepends=True), out)
    return out.getvalue().splitlines(), [str(one) for one in bad]


def test_a_quote_that_never_ends_costs_no_row_before_it() -> None:
    sound = "".join(lines(quiet(60)))
    whole, _ = answered(sound.encode())
    broken, faults = answered(f'{sound}"2026-06-09T00:00,3\n2026-06-09T01:00,3\n'.encode())
    assert broken == whole
    assert faults == ["line 62: from here on this is not CSV: unexpected end of data"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"start;count\n2026-06-01;3\n", "put commas between the cells"),
        (b"start\tcount\n2026-06-01\t3\n", "put commas between the cells"),
        ("start,count\n2026-06-01,3\n".encode("utf-16"), "save the file as CSV in UTF-8"),
    ],
)
def test_a_file_of_another_make_is_told_what_to_do(content: bytes, says: str) -> None:
    _, (fault,) = answered(content)
    assert fault.endswith(says)


def test_the_help_names_the_number_that_is_taken_and_what_is_added() -> None:
    shown = CliRunner().invoke(app, ["detect", "--help"], env={"COLUMNS": "120"})
    assert f"{DEFAULT_FALSE_ALARMS:g}, as for a rule" in shown.output
    assert all(column in shown.output for column in ADDED)
