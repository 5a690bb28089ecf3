"""`dyadwatch decisions`: what was sent, to whom and when, and what was held back and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.commands import context
from worker.commands.episode_named import named
from worker.commands.options import FormatOption, JsonOption, LimitOption, Since, Until, moment
from worker.moments import written
from worker.output import Format, emit

if TYPE_CHECKING:
    from worker.storage.decisions import Told

COLUMNS = ("at", "verdict", "episode", "change", "channel", "reason", "detail", "delivered_at")


def register(app: typer.Typer) -> None:
    app.command()(decisions)


def decisions(
    episode: Annotated[str | None, typer.Option(help="Of this episode alone.")] = None,
    since: Since = None,
    until: Until = None,
    held: Annotated[bool, typer.Option("--held", help="Only what was held back.")] = False,
    sent: Annotated[bool, typer.Option("--sent", help="Only what was sent, or is to be.")] = False,
    limit: LimitOption = None,
    form: FormatOption = Format.table,
    as_json: JsonOption = False,
) -> None:
    """List what was sent, to whom and when, and what was held back and why, the newest first.

    A message that several stages held back, or that was held first and sent then, is several lines.
    """
    from worker.storage import decisions as stored

    if held and sent:
        raise typer.BadParameter("--held and --sent exclude each other; give one, or none for all.")
    start, end = moment(since), moment(until, end=True)
    wanted = True if sent else False if held else None
    with context.database().read() as conn:
        if episode is not None:
            named(conn, episode)
        found = stored.listing(conn, start, end, episode, sent=wanted, limit=limit)
    emit(map(_row, found), COLUMNS, Format.jsonl if as_json else form)


def _row(told: Told) -> dict[str, Any]:
    return {
        "at": written(told.at),
        "last_at": written(told.last_at),
        "times": told.times,
        "verdict": _verdict(told),
        "episode": told.episode,
        "change": _change(told),
        "channel": told.channel,
        "recipient": told.recipient,
        "key": told.key,
        "stage": told.stage,
        "reason": told.reason,
        "detail": told.detail,
        "due_at": written(told.due_at),
        "delivered_at": written(told.sent_at),
        "attempts": told.attempts,
        "error": told.error,
    }


def _verdict(told: Told) -> str:
    """sent, waiting, failing, dead, replaced, or held."""
    match told.status:
        case "sent" | "dead" | "replaced" | "held":
            return told.status
        case "due":
            return "failing" if told.error else "waiting"
    return "held"


def _change(told: Told) -> str:
    """What the message tells: the key says it between episode and channel."""
    rest = told.key.removeprefix(f"{told.episode}:") if told.episode else told.key
    return rest.partition(":")[0]
