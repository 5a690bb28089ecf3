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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TextIO

import numpy as np
import numpy.typing as npt

from alerts.baseline import DEFAULT_FALSE_ALARMS, Baseline, follow, threshold

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
ADDED = ("expected", "upper", "p_value", "alarm")
WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
LONGEST_GAP = 1_000_000  # buckets
PORTION = 200_000  # buckets that are taken in at once
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
    lines: Iterable[bytes], out: TextIO, false_alarms_per_year: float = DEFAULT_FALSE_ALARMS
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
    rows: list[CountRow] = []
    bad: list[BadRow] = []
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
    except csv.Error as wrong:
        raise ValueError(f"line 1: this is not CSV: {wrong}") from wrong
    if not header:
        empty = BadRow(1, "there is no header: start,count or start,count,exposure is needed")
        return CountTable(("start", "count"), (), (empty,))
    _check_header(header)
    before = reader.line_num  # the last line of the row before
    try:
        for cells in reader:
            before = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            try:
                row = _row(reader.line_num, cells, header)
                _check_order(row, rows)
                rows.append(row)
            except ValueError as wrong:
                bad.append(BadRow(reader.line_num, str(wrong)))
    except csv.Error as wrong:
        # What follows cannot be told apart, but what came before is as good as ever.
        bad.append(BadRow(before + 1, f"from here on this is not CSV: {wrong}"))
    return CountTable(header, tuple(rows), tuple(bad))


def answers(
    table: CountTable,
    false_alarms_per_year: float = DEFAULT_FALSE_ALARMS,
    portion: int = PORTION,
) -> Iterator[tuple[str, ...]]:
    """The header and then each good row, with the four cells added; at most `portion` buckets are
    taken in at once, or up to the next row where more than that lie between.

    Raises ValueError, after the header, where the rows have no supported step.
    """
    yield (*table.header, *ADDED)
    if not table.rows:
        return
    bucket, step = bucket_of(table.rows)
    limit = threshold(bucket, false_alarms_per_year)
    baseline = Baseline(bucket, table.rows[0].start)
    baseline.settle_prior(volumes=table.rows[0].exposure is not None)
    positions = _positions(table.rows, step)
    done = 0  # buckets that the baseline has taken in
    for rows in _portions(positions, portion):
        count, exposure = _columns(table.rows[rows], positions[rows] - done)
        said = follow(baseline, count, exposure, limit)
        at = positions[rows] - done
        done += len(count)
        columns = zip(said.expected[at], said.uppers[at], said.scores[at], strict=True)
        for row, (expected, upper, score) in zip(table.rows[rows], columns, strict=True):
            yield (*row.cells, *_answer(expected, upper, score, limit))


def _positions(rows: tuple[CountRow, ...], step: timedelta) -> Ints:
    first = _utc(rows[0])
    return np.array([(_utc(row) - first) // step for row in rows], dtype=np.int64)


def _portions(positions: Ints, portion: int) -> Iterator[slice]:
    """Slices of rows that span few enough buckets to be held in memory at once."""
    start = 0
    while start < len(positions):
        base = positions[start - 1] if start else -1
        end = max(start + 1, int(np.searchsorted(positions, base + portion, side="right")))
        yield slice(start, end)
        start = end


def _columns(rows: tuple[CountRow, ...], at: Ints) -> tuple[Floats, Floats]:
    """Counts and exposures of all buckets up to the last of these rows; 0 where none was seen."""
    counts, exposures = np.zeros(int(at[-1]) + 1), np.zeros(int(at[-1]) + 1)
    for position, row in zip(at.tolist(), rows, strict=True):
        if row.count is not None:
            counts[position] = row.count
            exposures[position] = 1.0 if row.exposure is None else row.exposure
    return counts, exposures


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


def _answer(expected: float, upper: float, score: float, limit: float) -> tuple[str, ...]:
    if expected <= 0.0:
        return ("",) * len(ADDED)
    return (
        f"{expected:.4g}",
        str(int(upper)) if math.isfinite(upper) else "",
        f"{10.0**-score:.4g}",
        "true" if score >= limit else "false",
    )


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    """As text; what is not UTF-8 stays recognisable, so that it costs its own row only."""
    for number, line in enumerate(lines, start=1):
        yield line.decode("utf-8-sig" if number == 1 else "utf-8", errors="surrogateescape")


def _is_utf8(cells: Sequence[str]) -> bool:
    return not any("\udc80" <= one <= "\udcff" for cell in cells for one in cell)


def _check_header(header: tuple[str, ...]) -> None:
    if header not in (("start", "count"), ("start", "count", "exposure")):
        found = ",".join(header)
        if not _is_utf8(header):
            raise ValueError("line 1: this is not UTF-8; save the file as CSV in UTF-8")
        commas = "; put commas between the cells" if ";" in found or "\t" in found else ""
        raise ValueError(
            f"line 1: the header must be start,count or start,count,exposure, not {found}{commas}"
        )


def _row(number: int, cells: list[str], header: tuple[str, ...]) -> CountRow:
    if not _is_utf8(cells):
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
    whole, _, fraction = text.partition(".")  # spreadsheets write 3.0
    if not (whole.isascii() and whole.isdecimal() and len(whole) < 16 and not fraction.strip("0")):
        raise ValueError(f"count {cell!r} is not a whole number of 0 or more")
    return int(whole)


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
