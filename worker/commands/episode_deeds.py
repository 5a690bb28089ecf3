"""What people do with episodes: `dyadwatch episodes ack`, `assign`, `snooze`, `wake`, `close`,
`reopen`, `false-alarm`.

Several may be named. All of them must exist; those to which the deed cannot be done are named, the
others are done, and the exit status is 1.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from worker import clock
from worker.commands import context
from worker.commands.episode_named import named
from worker.commands.label import By, Note, user
from worker.commands.options import moment
from worker.output import emit_json, say
from worker.profile.durations import parse_duration

if TYPE_CHECKING:
    from alerts.handling import Deed
    from worker.handling import Handled
    from worker.storage.database import Database

#: How long an episode is snoozed where nobody says so.
SNOOZE = "4h"

Ids = Annotated[
    list[str], typer.Argument(metavar="ID...", help="As `dyadwatch episodes` lists them.")
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object for each: the episode afterwards.")
]


def register(commands: typer.Typer) -> None:
    for deed in (ack, assign, snooze, wake, close, reopen, false_alarm):
        commands.command()(deed)


def ack(ids: Ids, note: Note = None, by: By = None, as_json: AsJson = False) -> None:
    """Acknowledge: it is yours. Nobody else is called, and it is not repeated."""
    _do("acknowledged", ids, by, note, as_json)


def assign(
    ids: Ids,
    to: Annotated[str, typer.Option(help="Whom it is given.")],
    note: Note = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Give it to somebody; that acknowledges it."""
    if not to.strip():
        raise typer.BadParameter("name somebody.", param_hint="--to")
    _do("assigned", ids, by, note, as_json, to=to.strip())


def snooze(
    ids: Ids,
    span: Annotated[
        str | None, typer.Option("--for", help=f"So long: 30m, 2h, 1d; {SNOOZE} without.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Until then: 2025-06-28T09:00Z, or a day.")
    ] = None,
    note: Note = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Let it say nothing for a time, unless it gets worse."""
    _do("snoozed", ids, by, note, as_json, until=_until(span, until))


def wake(ids: Ids, note: Note = None, by: By = None, as_json: AsJson = False) -> None:
    """End a snooze."""
    _do("woken", ids, by, note, as_json)


def close(ids: Ids, note: Note = None, by: By = None, as_json: AsJson = False) -> None:
    """Close: it says nothing more, whatever comes of the same stories. Another burst is another
    episode."""
    _do("closed", ids, by, note, as_json)


def reopen(ids: Ids, note: Note = None, by: By = None, as_json: AsJson = False) -> None:
    """Open again what was closed; that takes back that it was a false alarm."""
    _do("reopened", ids, by, note, as_json)


def false_alarm(ids: Ids, note: Note = None, by: By = None, as_json: AsJson = False) -> None:
    """Close it as a false alarm, and keep that with its stories.

    Label its articles too: only from labels can `dyadwatch profile tune` learn.
    """
    _do("false_alarm", ids, by, note, as_json)


def _do(
    deed: Deed,
    ids: list[str],
    by: str | None,
    note: str | None,
    as_json: bool,
    *,
    until: datetime | None = None,
    to: str | None = None,
) -> None:
    from alerts.handling import Impossible
    from worker.episode_lines import episode_record
    from worker.handling import handle

    who, now = (by or "").strip() or user(), clock.now()
    database = context.database()
    failed = False
    for id in _known(database, ids):
        try:
            handled = handle(database, id, deed, who, now, note=note, until=until, to=to)
        except Impossible as why:
            say(str(why))
            failed = True
            continue
        say(_said(deed, handled))
        if as_json:
            record = episode_record(handled.episode, now)
            emit_json({"deed": deed, "changed": handled.changed, **record})
    if failed:
        raise typer.Exit(1)


def _known(database: Database, ids: list[str]) -> list[str]:
    """These episodes, each once; bad usage, before anything is done, where there is no such."""
    with database.read() as conn:
        return [named(conn, id).id for id in dict.fromkeys(ids)]


def _said(deed: Deed, handled: Handled) -> str:
    """What was done, or that it was done already."""
    from alerts.render_words import counted, moment_in_words

    episode, handling = handled.episode, handled.episode.handling
    until = moment_in_words(handling.snoozed_until) if handling.snoozed_until else ""
    done = {
        "acknowledged": f"acknowledged by {handling.acknowledged_by}",
        "assigned": f"given to {handling.assigned_to}",
        "snoozed": f"snoozed until {until}",
        "woken": "not snoozed any more",
        "closed": f"closed by {handling.closed_by}",
        "reopened": "open again",
        "false_alarm": "kept as a false alarm",
    }[deed]
    if not handled.changed:
        return f"{episode.id}: {done} already; nothing has changed."
    if deed == "false_alarm":
        done += f", with {counted(handled.stories, 'story')}, and closed"
    return f"{episode.id}: {done}."


def _until(span: str | None, until: str | None) -> datetime:
    if span is not None and until is not None:
        raise typer.BadParameter("--for and --until are given; one of them is enough.")
    if until is not None:
        if until[-1:] in ("s", "m", "h", "d") and until[:-1].isdecimal():
            raise typer.BadParameter(f"{until!r} is no time; write --for {until}.")
        return moment(until) or clock.now()
    try:
        length = parse_duration(span or SNOOZE)
    except ValueError as why:
        raise typer.BadParameter(f"{span!r}: {why}", param_hint="--for") from None
    if length <= timedelta(0):
        raise typer.BadParameter(f"{span!r} is no time at all.", param_hint="--for")
    return clock.now() + length
