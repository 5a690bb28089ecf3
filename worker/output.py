"""Results on standard output, everything else on standard error, each safe for where it goes."""

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NoReturn

from rich.console import Console
from rich.table import Table
from rich.text import Text


class Printer(Console):
    """Writes what is laid out to standard output; a reader who leaves early (`| head`) is heard of
    as of every other write, and no failure."""

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError


#: For people: progress, remarks, errors.
err = Console(stderr=True, highlight=False, soft_wrap=True)

#: What a terminal would obey instead of show: controls, and the marks that turn text round.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
#: Half a pair, which no encoding can write.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
#: What a spreadsheet takes for the start of a formula, also behind white space.
_FORMULA = re.compile(r"^\s*[=+\-@|\t\r\uff1d\uff0b\uff0d\uff20]")


class Format(StrEnum):
    """How a list is written."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


def emit(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], form: Format) -> None:
    """Write the rows to standard output: these columns in a table, every key elsewhere."""
    match form:
        case Format.table:
            _table(rows, columns)
        case Format.csv:
            _csv(rows, columns)
        case Format.jsonl:
            for row in rows:
                emit_json(row)


def emit_json(record: Mapping[str, Any]) -> None:
    """One JSON object on one line of standard output."""
    line = json.dumps(record, ensure_ascii=False)
    sys.stdout.write(_LONE_SURROGATE.sub("\ufffd", line) + "\n")


def write_utf8() -> None:
    """Records are UTF-8 whatever the locale says; what it cannot show to a person, it escapes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")


def say(sentence: str) -> None:
    """A sentence for the person at the terminal, on standard error, shown as it is written."""
    err.print(Text(printable(sentence)))


def printable(text: str) -> str:
    """The text without what a terminal would obey."""
    return _CONTROLS.sub("\ufffd", text)


def spreadsheet_safe(cell: Any) -> Any:
    """The cell, with an apostrophe before what a spreadsheet would run as a formula."""
    if isinstance(cell, str) and _FORMULA.match(cell):
        return f"'{cell}"
    return cell


def _csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    header: Sequence[str] | None = None
    for row in rows:
        if header is None:
            header = list(row)
            writer.writerow(header)
        writer.writerow(spreadsheet_safe(_flat(row[key])) for key in header)
    if header is None:
        writer.writerow(columns)


def _table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    table = Table()
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(_shown(row.get(column)))) for column in columns))
    console = Printer(highlight=False)
    if not console.is_terminal:
        # A pipe has no width: lines are as long as they need to be.
        console = Printer(highlight=False, width=240)
    console.print(table)


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(_flat(value))


def _flat(value: Any) -> Any:
    """A list or mapping as JSON, anything else as it is: a cell holds one value."""
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False)
    return value
