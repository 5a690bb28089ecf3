"""A truth file: read strictly, and every fault named with file, line and column."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from worker.backtest.truth import (
    TrueEvent,
    Truth,
    TruthError,
    bundled_truth,
    load_truth,
    read_truth,
)
from worker.classify.lexicon import Lexicon
from worker.lines import FileUnreadable
from worker.profile.bundled import profile_path
from worker.profile.loader import load_lexicon_of
from worker.profile.where import categories_of

HEADER = "start,end,label,category,direction,severity,source,note\n"


def faults(text: str, categories: set[str] | None = None) -> tuple[str, ...]:
    with pytest.raises(TruthError) as caught:
        read_truth(text, "t.csv", categories)
    return caught.value.faults


def test_rows_come_by_time_and_an_empty_cell_says_nothing() -> None:
    truth = read_truth(
        HEADER
        + '2025-06-27,2025-06-29,"Raids, and two dead",detention_or_raid; diplomatic_protest,'
        + "escalatory,4,https://example.org/1,as told\n"
        + "\n"
        + "2025-02-03,2025-02-03,The house closes,,,,,\n",
        "t.csv",
    )
    house, raids = truth.events
    assert house == TrueEvent(date(2025, 2, 3), date(2025, 2, 3), "The house closes")
    assert raids.label == "Raids, and two dead"
    assert raids.categories == {"detention_or_raid", "diplomatic_protest"}
    assert (raids.direction, raids.severity) == ("escalatory", 4)


def test_three_columns_are_enough_in_any_order() -> None:
    truth = read_truth("label,end,start\nA raid,2025-06-29,2025-06-27\n", "t.csv")
    assert truth.events == (TrueEvent(date(2025, 6, 27), date(2025, 6, 29), "A raid"),)


def test_an_event_holds_from_a_day_before_its_start_to_the_end_of_its_last_day() -> None:
    event = TrueEvent(date(2025, 6, 27), date(2025, 6, 29), "A raid")
    assert event.begins == datetime(2025, 6, 27, tzinfo=UTC)
    assert not event.holds(datetime(2025, 6, 25, 23, 59, 59, tzinfo=UTC))
    assert event.holds(datetime(2025, 6, 26, tzinfo=UTC))
    assert event.holds(datetime(2025, 6, 29, 23, 59, 59, tzinfo=UTC))
    assert not event.holds(datetime(2025, 6, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("2025-6-27,2025-06-29,A raid,,,,,", "column start: '2025-6-27' is no day"),
        ("20250627,2025-06-29,A raid,,,,,", "column start: '20250627' is no day"),
        ("2025-02-30,2025-03-01,A raid,,,,,", "column start: '2025-02-30' is no day"),
        ("2025-06-27,9999-12-31,A raid,,,,,", "column end: '9999-12-31' is no day"),
        ("2025-06-27,,A raid,,,,,", "column end: '' is no day"),
        ("2025-06-27,2025-06-26,A raid,,,,,", "column end: 2025-06-26 is before the start"),
        ("2025-06-27,2025-06-29, ,,,,,", "column label: a row needs a label"),
        ("2025-06-27,2025-06-29," + "x" * 501 + ",,,,,", "column label: a label has at most 500"),
        ("2025-06-27,2025-06-29,A raid,,worse,,,", "column direction: 'worse' is none of"),
        ("2025-06-27,2025-06-29,A raid,,,5,,", "column severity: '5' is no severity"),
        ("2025-06-27,2025-06-29,A raid,,,>=3,,", "column severity: '>=3' is no severity"),
        ("2025-06-27,2025-06-29,A raid,raid;,,,,", "column category: 'raid;' names an empty"),
        ("2025-06-27,2025-06-29,A raid", "this row has 3 cells, the header has 8"),
        ('2025-06-27,2025-06-29,"A raid,,,,,', "this is not CSV"),
    ],
)
def test_a_fault_is_named_with_line_and_column(row: str, fault: str) -> None:
    (told,) = faults(f"{HEADER}\n{row}\n")
    assert told.startswith("t.csv, line 3")
    assert fault in told


def test_every_fault_of_a_file_is_told() -> None:
    told = faults(HEADER + "x,2025-06-29,,,,,,\n2025-06-27,y,A raid,,up,9,,\n")
    assert [one.split(":")[0] for one in told] == [
        "t.csv, line 2, column start",
        "t.csv, line 2, column label",
        "t.csv, line 3, column end",
        "t.csv, line 3, column direction",
        "t.csv, line 3, column severity",
    ]


def test_a_row_that_spans_lines_is_named_by_its_first() -> None:
    text = HEADER + '2025-06-27,2025-06-29,"A raid\nof two lines",,,,,\nx,2025-06-29,B,,,,,\n'
    (told,) = faults(text)
    assert told.startswith("t.csv, line 4, column start")


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("", "the column 'start' is missing"),
        ("start,end\n", "the column 'label' is missing"),
        ("start,end,label,sevrity\n", "unknown column 'sevrity'; did you mean 'severity'?"),
        ("start,end,label,note,note\n", "the column 'note' stands twice"),
    ],
)
def test_a_header_that_cannot_be_used(header: str, fault: str) -> None:
    assert any(fault in told and "line 1" in told for told in faults(header))


def test_a_row_that_stands_twice_is_a_fault() -> None:
    row = "2025-06-27,2025-06-29,A raid,,,,,\n"
    (told,) = faults(HEADER + row + row)
    assert "line 3: this row stands on line 2 too" in told


def test_a_category_that_the_profile_does_not_have_is_a_fault() -> None:
    text = HEADER + "2025-06-27,2025-06-29,A raid,detention_or_rade,,,,\n"
    (told,) = faults(text, {"detention_or_raid", "other"})
    assert "did you mean 'detention_or_raid'?" in told


def test_a_file_that_is_missing_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"none\.csv cannot be read"):
        load_truth(tmp_path / "none.csv")
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"start,end,label\n2025-06-27,2025-06-29,\xe0\xe1\n")
    with pytest.raises(TruthError, match=r"bad\.csv, line 2: this is not UTF-8"):
        load_truth(bad)


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(b"\xef\xbb\xbfstart,end,label\r\n2025-06-27,2025-06-29,A raid\r\n")
    assert [event.label for event in load_truth(file).events] == ["A raid"]


def test_what_a_truth_file_speaks_of() -> None:
    raid = TrueEvent(date(2025, 6, 27), date(2025, 6, 29), "A raid", direction="escalatory")
    truth = Truth((raid,))
    assert truth.speaks_of("escalatory")
    assert not truth.speaks_of("de_escalatory")
    june, july, august = (datetime(2025, month, 1, tzinfo=UTC) for month in (6, 7, 8))
    assert truth.reaches(june, july)
    assert not truth.reaches(july, august)
    assert Truth(()).reaches(july, august)


def test_the_nearest_directory_of_a_profile_that_has_one_gives_the_truth_file(
    tmp_path: Path,
) -> None:
    own, base = tmp_path / "own", tmp_path / "base"
    own.mkdir()
    base.mkdir()
    assert bundled_truth([own, base]) is None
    (base / "truth.csv").write_text("start,end,label\n")
    assert bundled_truth([own, base]) == base / "truth.csv"
    (own / "truth.csv").write_text("start,end,label\n")
    assert bundled_truth([own, base]) == own / "truth.csv"


@pytest.fixture(scope="module")
def bundled_lexicon() -> Lexicon:
    return load_lexicon_of("russia_azerbaijan")


def test_the_bundled_truth_file_is_sound(bundled_lexicon: Lexicon) -> None:
    path = bundled_truth([profile_path("russia_azerbaijan")])
    assert path is not None
    truth = load_truth(path, categories_of(bundled_lexicon))
    assert truth.speaks_of("escalatory")
    assert truth.speaks_of("de_escalatory")
    assert len(truth.events) >= 20
    assert all(event.categories and event.severity is not None for event in truth.events)
