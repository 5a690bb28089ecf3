"""`dyadwatch detect`, the pure part: rows of counts in, the same rows with what was expected out.

In: CSV with a header, columns `start,count[,exposure]`, by time. `start` is ISO 8601, with or
without offset; the bucket is the smallest step between two rows. Buckets without a row, and rows
with an empty count, are unobserved: not zero. `exposure` says how much was watched (articles of
all topics, say); 0 or empty: unobserved.

Out: the same columns and `expected,upper,p_value,alarm`, each from the rows before alone. `upper`
is the smallest count that would alarm; `p_value` is the upper-tail probability of the most
surprising trailing window, 1 where none is above its expectation; cells that cannot be known yet
are empty, and so are those of unobserved rows.

Steps of a week, a day, an hour and 15 minutes have constants of their own; any other that divides
a day and lasts at least 5 minutes takes those of the nearest, its times scaled. The season follows
the clock that the first row is written in, offset included.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TextIO

from alerts.baseline import Baseline, threshold

ADDED = ("expected", "upper", "p_value", "alarm")
WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
LONGEST_GAP = 1_000_000  # buckets
_NAMES = {WEEK: "week", DAY: "day", HOUR: "hour", timedelta(minutes=15): "15min"}


@dataclass(frozen=True, slots=True)
class CountRow:
    """One row as it was read; `count` is None where nothing was observed."""

    number: int  # of the line in the file, the header being 1
    cells: tuple[str, ...]
    start: datetime
    count: int | None
    exposure: float | None  # None: the file has no such column


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read, or a file (number None): a sentence that says why."""

    number: int | None  # of its line
    reason: str

    def __str__(self) -> str:
        return self.reason if self.number is None else f"line {self.number}: {self.reason}"


@dataclass(frozen=True, slots=True)
class CountTable:
    """What a file holds: its header, its good rows, and what is wrong with the others."""

    header: tuple[str, ...]
    rows: tuple[CountRow, ...]
    bad: tuple[BadRow, ...]


def detect_rows(
    lines: Iterable[bytes], out: TextIO, false_alarms_per_year: float = 12.0
) -> list[BadRow]:
    """Read a CSV in UTF-8, write the answers to `out`, and return what could not be read."""
    try:
        table = read_counts(_decoded(lines))
        csv.writer(out, lineterminator="\n").writerows(answers(table, false_alarms_per_year))
    except ValueError as wrong:
        return [BadRow(None, str(wrong))]
    return list(table.bad)


def read_counts(lines: Iterable[str]) -> CountTable:
    """Read the CSV; a ValueError says what is wrong with the file as a whole."""
    reader = csv.reader(lines, strict=True)
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
        _check_header(header)
        rows: list[CountRow] = []
        bad: list[BadRow] = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            try:
                row = _row(reader.line_num, cells, header)
                _check_order(row, rows)
                rows.append(row)
            except ValueError as wrong:
                bad.append(BadRow(reader.line_num, str(wrong)))
    except csv.Error as wrong:
        raise ValueError(f"line {reader.line_num}: this is not CSV: {wrong}") from wrong
    return CountTable(header, tuple(rows), tuple(bad))


def answers(table: CountTable, false_alarms_per_year: float = 12.0) -> Iterator[tuple[str, ...]]:
    """The header and then each good row, with the four cells added.

    Raises ValueError, before anything is yielded, where the rows have no supported step.
    """
    bucket, step = bucket_of(table.rows)
    limit = threshold(bucket, false_alarms_per_year)
    yield (*table.header, *ADDED)
    if not table.rows:
        return
    first = table.rows[0]
    baseline = Baseline(bucket, first.start)
    exposed = first.exposure is not None
    position = 0
    for row in table.rows:
        target = (_utc(row) - _utc(first)) // step
        for _ in range(target - position):
            baseline.update(0, 0.0)
        position = target + 1
        yield (*row.cells, *_answer(baseline, row, limit, exposed))


def bucket_of(rows: tuple[CountRow, ...]) -> tuple[str, timedelta]:
    """The bucket's name and length: the smallest step between two rows, an hour for one row.

    Raises ValueError where no baseline knows that step, or a row does not lie on its grid.
    """
    times = [_utc(row) for row in rows]
    step = min((after - before for before, after in pairwise(times)), default=HOUR)
    name = _NAMES.get(step)
    if name is None:
        minutes = step / timedelta(minutes=1)
        if minutes < 5 or minutes != int(minutes) or DAY % step:
            raise ValueError(
                f"the smallest step between two rows is {step}: it must be a week, or divide a "
                "day and last at least 5 minutes (15 minutes, 1 hour and 1 day do)"
            )
        name = f"{int(minutes)}min"
    before = times[0] if times else None
    for row, time in zip(rows, times, strict=True):
        if (time - times[0]) % step:
            raise ValueError(
                f"line {row.number}: {row.cells[0]} is not a whole number of steps ({step}) "
                "after the first row"
            )
        if before is not None and (time - before) / step > LONGEST_GAP:
            raise ValueError(
                f"line {row.number}: more than {LONGEST_GAP:,} rows are missing before it"
            )
        before = time
    return name, step


def _answer(baseline: Baseline, row: CountRow, limit: float, exposed: bool) -> tuple[str, ...]:
    exposure = row.exposure if exposed else 1.0
    if row.count is None or not exposure:
        baseline.update(0, 0.0)
        return ("",) * len(ADDED)
    outlook = baseline.peek(exposure)
    score = baseline.update(row.count, exposure)
    if not outlook.observed:
        return ("",) * len(ADDED)
    upper = outlook.upper_of_bucket(limit)
    return (
        f"{outlook.expected():.4g}",
        "" if upper is None else str(upper),
        f"{10.0**-score:.4g}",
        "true" if score >= limit else "false",
    )


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    """As text; what is not UTF-8 stays recognisable, so that it costs its own row only."""
    for number, line in enumerate(lines, start=1):
        yield line.decode("utf-8-sig" if number == 1 else "utf-8", errors="surrogateescape")


def _check_header(header: tuple[str, ...]) -> None:
    if header not in (("start", "count"), ("start", "count", "exposure")):
        found = ",".join(header) or "nothing"
        raise ValueError(
            f"line 1: the header must be start,count or start,count,exposure, not {found}"
        )


def _row(number: int, cells: list[str], header: tuple[str, ...]) -> CountRow:
    if any("\udc80" <= character <= "\udcff" for cell in cells for character in cell):
        raise ValueError("this is not UTF-8")
    if len(cells) != len(header):
        raise ValueError(f"it has {len(cells)} cells, the header has {len(header)}")
    exposure = _exposure(cells[2]) if len(header) == 3 else None
    return CountRow(number, tuple(cells), _start(cells[0]), _count(cells[1]), exposure)


def _start(cell: str) -> datetime:
    try:
        return datetime.fromisoformat(cell.strip())
    except ValueError:
        raise ValueError(f"start {cell!r} is not ISO 8601, such as 2026-06-01T13:00") from None


def _count(cell: str) -> int | None:
    text = cell.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise ValueError(f"count {cell!r} is not a whole number of 0 or more")
    return int(text)


def _exposure(cell: str) -> float:
    try:
        exposure = float(cell) if cell.strip() else 0.0
    except ValueError:
        exposure = -1.0
    if not (math.isfinite(exposure) and exposure >= 0.0):
        raise ValueError(f"exposure {cell!r} is not a number of 0 or more")
    return exposure


def _check_order(row: CountRow, rows: list[CountRow]) -> None:
    if not rows:
        return
    if (row.start.tzinfo is None) != (rows[0].start.tzinfo is None):
        raise ValueError(f"start {row.cells[0]} and the first row differ in having an offset")
    if _utc(row) <= _utc(rows[-1]):
        raise ValueError(f"start {row.cells[0]} is not later than that of line {rows[-1].number}")


def _utc(row: CountRow) -> datetime:
    """For differences: a clock without an offset is taken as one without summer time."""
    return row.start.replace(tzinfo=UTC) if row.start.tzinfo is None else row.start.astimezone(UTC)
