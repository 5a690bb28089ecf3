"""What really happened: the truth file that a back-test is judged by.

CSV in UTF-8 with a header: `start,end,label` (both days inclusive, in UTC) and, optional, in any
order, `category` (one, or several with `;` between), `direction`, `severity` (0 to 4), and `source`
and `note`, which are for people. An empty optional cell says nothing. Everything else is a fault.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

from alerts.rules.where import DIRECTIONS, SEVERITIES
from worker.lines import open_bytes
from worker.profile.section import nearest
from worker.trouble import Trouble

NAME = "truth.csv"
REQUIRED = ("start", "end", "label")
OPTIONAL = ("category", "direction", "severity", "source", "note")

#: An alert may come so long before the day on which the press of record places an event.
AHEAD = timedelta(days=1)
DAY = timedelta(days=1)
LARGEST = 8 * 1024 * 1024
LONGEST_LABEL = 500
YEARS = range(1900, 2200)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class TruthError(Trouble, ValueError):
    """A truth file that cannot be used; the message has one line for each fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class TrueEvent:
    """One row: what happened from the first moment of `start` to the last of `end`, in UTC.

    `categories` is empty, and `direction` and `severity` are None, where the row does not say.
    """

    start: date
    end: date
    label: str
    categories: frozenset[str] = frozenset()
    direction: str | None = None
    severity: int | None = None

    @property
    def begins(self) -> datetime:
        """The first moment of `start`: what lead times are counted from."""
        return midnight(self.start)

    @property
    def right_from(self) -> datetime:
        """An alert is right from here on: a day before `start`."""
        return self.begins - AHEAD

    @property
    def right_until(self) -> datetime:
        """An alert is right before this moment: the end of the day `end`."""
        return midnight(self.end) + DAY

    def holds(self, moment: datetime) -> bool:
        """Whether an alert that opens at `moment` is right by its time."""
        return self.right_from <= moment < self.right_until


@dataclass(frozen=True, slots=True)
class Truth:
    """The rows of a truth file, by time."""

    events: tuple[TrueEvent, ...]

    def speaks_of(self, direction: str) -> bool:
        """Whether some row is of this direction, or does not say of which it is."""
        return any(event.direction in (None, direction) for event in self.events)

    def reaches(self, since: datetime, until: datetime) -> bool:
        """Whether the time from its first row to its last touches the span. A file without rows
        says of every time that nothing happened."""
        if not self.events:
            return True
        first = min(event.right_from for event in self.events)
        last = max(event.right_until for event in self.events)
        return first < until and since < last


def bundled_truth(directories: Iterable[Path]) -> Path | None:
    """The truth file of a profile: of its own directory, or of the nearest that it extends."""
    return next((path for one in directories if (path := one / NAME).is_file()), None)


def load_truth(path: Path, categories: Collection[str] | None = None) -> Truth:
    """The truth file at `path`; `TruthError` with every fault, `FileUnreadable` without a file.

    With `categories` a row may name only these.
    """
    with open_bytes(path) as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TruthError([f"{path}: this file is larger than 8 MB; a truth file is a short list."])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise TruthError([f"{path}, line {line}: this is not UTF-8; save it as UTF-8."]) from None
    return read_truth(text, str(path), categories)


def read_truth(text: str, name: str, categories: Collection[str] | None = None) -> Truth:
    """The rows of a truth file that is called `name`; `TruthError` with every fault."""
    reader = _Reader(name, None if categories is None else frozenset(categories))
    events = reader.events(text)
    if reader.faults:
        raise TruthError(reader.faults)
    return Truth(tuple(sorted(events, key=lambda one: (one.start, one.end, one.label))))


class _Reader:
    """Reads row by row; what is wrong goes to `faults`, each with file, line and column."""

    def __init__(self, name: str, categories: frozenset[str] | None) -> None:
        self.faults: list[str] = []
        self._name = name
        self._categories = categories
        self._line = 1

    def events(self, text: str) -> list[TrueEvent]:
        rows = self._rows(text)
        header = [cell.strip() for cell in next(rows, [])]
        if not self._sound_header(header):
            return []
        events: list[TrueEvent] = []
        lines: dict[TrueEvent, int] = {}
        for cells in rows:
            event = self._event(header, cells)
            if event is None:
                continue
            if event in lines:
                self._fault(f"this row stands on line {lines[event]} too; keep one of them.")
                continue
            lines[event] = self._line
            events.append(event)
        return events

    def _rows(self, text: str) -> Iterator[list[str]]:
        """The rows that hold anything; `_line` is where the one that was handed out begins."""
        reader = csv.reader(StringIO(text, newline=""), strict=True)
        before = 0
        try:
            for cells in reader:
                self._line, before = before + 1, reader.line_num
                if any(cell.strip() for cell in cells):
                    yield cells
        except csv.Error as error:
            self._line = before + 1
            self._fault(f"this is not CSV ({error}); put a text with commas or quotes in quotes.")

    def _fault(self, sentence: str, column: str = "") -> None:
        place = f"{self._name}, line {self._line}"
        place += f", column {column}" if column else ""
        self.faults.append(f"{place}: {sentence}".replace("\n", "\\n").replace("\r", "\\r"))

    def _sound_header(self, header: list[str]) -> bool:
        known = (*REQUIRED, *OPTIONAL)
        before = len(self.faults)
        for column in REQUIRED:
            if column not in header:
                self._fault(f"the column {column!r} is missing; the header is start,end,label,…")
        for position, column in enumerate(header):
            if column not in known:
                self._fault(f"unknown column {column!r}{nearest(column, known)}")
            elif column in header[:position]:
                self._fault(f"the column {column!r} stands twice; keep one of them.")
        return len(self.faults) == before

    def _event(self, header: list[str], cells: list[str]) -> TrueEvent | None:
        if len(cells) != len(header):
            self._fault(
                f"this row has {len(cells)} cells, the header has {len(header)}; "
                "put a text with commas in quotes."
            )
            return None
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        before = len(self.faults)
        start, end = self._day("start", row["start"]), self._day("end", row["end"])
        if start is not None and end is not None and end < start:
            self._fault(f"{end} is before the start, {start}; both days belong to it.", "end")
        label = self._label(row["label"])
        categories = self._categories_of(row.get("category", ""))
        direction = self._direction(row.get("direction", ""))
        severity = self._severity(row.get("severity", ""))
        if len(self.faults) > before or start is None or end is None:
            return None
        return TrueEvent(start, end, label, categories, direction, severity)

    def _day(self, column: str, cell: str) -> date | None:
        try:
            day = date.fromisoformat(cell) if _DAY.fullmatch(cell) else None
        except ValueError:
            day = None
        if day is None or day.year not in YEARS:
            self._fault(f"{cell!r} is no day; write it as 2025-06-28.", column)
            return None
        return day

    def _label(self, cell: str) -> str:
        if not cell:
            self._fault("a row needs a label; say in a few words what happened.", "label")
        elif len(cell) > LONGEST_LABEL:
            self._fault(
                f"a label has at most {LONGEST_LABEL} characters; say more in note.", "label"
            )
        return cell

    def _categories_of(self, cell: str) -> frozenset[str]:
        named = [word.strip() for word in cell.split(";")] if cell else []
        for word in named:
            if not word:
                self._fault(f"{cell!r} names an empty category; remove the ';'.", "category")
            elif self._categories is not None and word not in self._categories:
                self._fault(
                    f"there is no category {word!r}{nearest(word, self._categories)}", "category"
                )
        return frozenset(named)

    def _direction(self, cell: str) -> str | None:
        if cell and cell not in DIRECTIONS:
            self._fault(f"{cell!r} is none of {', '.join(DIRECTIONS)}.", "direction")
        return cell or None

    def _severity(self, cell: str) -> int | None:
        if not cell:
            return None
        if not (cell.isascii() and cell.isdecimal() and int(cell[:9]) in SEVERITIES):
            self._fault(f"{cell!r} is no severity; write 0, 1, 2, 3 or 4.", "severity")
            return None
        return int(cell)


def midnight(day: date) -> datetime:
    """The first moment of a day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
