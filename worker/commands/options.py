"""What the commands that list have in common: their options, and the times that people type."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from worker import clock
from worker.moments import parse_moment
from worker.output import Format
from worker.profile.durations import parse_duration

Since = Annotated[
    str | None,
    typer.Option(help="From this time on: 2025-06-28, 2025-06-28T09:00Z, or an age: 2h, 30d."),
]
Until = Annotated[str | None, typer.Option(help="Up to this time; a date includes its day.")]
FormatOption = Annotated[Format, typer.Option("--format", help="How to write the list.")]
JsonOption = Annotated[bool, typer.Option("--json", help="The same as --format jsonl.")]
LimitOption = Annotated[int | None, typer.Option(min=1, help="At most so many.")]


def moment(given: str | None, *, end: bool = False) -> datetime | None:
    """A time from what a person typed; a date is its first moment, or with `end` its last."""
    if given is None:
        return None
    try:
        if given[-1:] in ("s", "m", "h", "d") and given[:-1].isdecimal():
            return clock.now() - parse_duration(given)
        parsed = parse_moment(given)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{given!r} is not a time; write 2025-06-28, 2025-06-28T09:00Z, or an age such as 30d."
        ) from None
    if isinstance(parsed, datetime):
        return parsed
    day: date = parsed + timedelta(days=1) if end else parsed
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
