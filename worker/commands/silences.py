"""`dyadwatch silences`: what is known already and need not be told for a time."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker import clock
from worker.commands import context
from worker.commands.label import user
from worker.commands.options import FormatOption, JsonOption, moment
from worker.moments import written
from worker.output import Format, emit, say
from worker.profile.durations import parse_duration
from worker.profile.section import nearest

if TYPE_CHECKING:
    from alerts.silence import Silence

COLUMNS = ("id", "match", "since", "until", "by", "note", "state")
#: Nobody remembers a silence for longer; whoever means it changes a route.
LONGEST = timedelta(days=90)

silences = typer.Typer(help="Silences: what is not to be told for a time.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(silences, name="silences")


@silences.command()
def add(
    rule: Annotated[list[str] | None, typer.Option(help="Episodes of this rule.")] = None,
    severity: Annotated[list[str] | None, typer.Option(help="Of this severity.")] = None,
    category: Annotated[list[str] | None, typer.Option(help="About this category.")] = None,
    episode: Annotated[list[str] | None, typer.Option(help="This very episode.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="From then on; now without.")] = None,
    until: Annotated[str | None, typer.Option(help="Up to then; a date includes its day.")] = None,
    lasting: Annotated[
        str | None, typer.Option("--for", help="So long instead of --until: 30m, 4h, 2d.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who says so; your user name without.")] = None,
    note: Annotated[str | None, typer.Option(help="Why; it is kept with what is held.")] = None,
) -> None:
    """Hold back what matches: all options that are given must hold, of one that is given several
    times any.

    What is still open when the silence ends is told then.
    """
    from alerts.episode import SEVERITIES
    from alerts.silence import Silence, SilenceMatch
    from worker.profile.where import categories_of
    from worker.storage import episodes
    from worker.storage import silences as stored

    match = SilenceMatch(
        tuple(rule or ()), tuple(severity or ()), tuple(category or ()), tuple(episode or ())
    )
    if match.empty:
        raise typer.BadParameter(
            "say what is meant: --rule, --severity, --category or --episode. "
            "To hold back everything, stop the service."
        )
    _known("severity", match.severities, SEVERITIES)
    now = clock.now()
    begins = moment(since) or now
    ends = _end(begins, until, lasting)
    if ends <= max(begins, now):
        raise typer.BadParameter("this silence would be over before it begins; write a later end.")
    if ends - begins > LONGEST:
        raise typer.BadParameter(f"a silence lasts {LONGEST.days} days at most; renew it then.")
    silence = Silence(uuid.uuid4().hex[:8], match, begins, ends, by or user(), note)
    services = context.services()
    _known("rule", match.rules, [rule.id for rule in services.profile.rules])
    _known("category", match.categories, categories_of(services.profile.lexicon))
    with services.database.read() as conn:
        _known("episode", match.episodes, episodes.ids(conn))
    services.database.retrying(lambda conn: stored.add(conn, silence))
    say(f"{silence.id}: {match} is silent until {written(ends)}.")
    typer.echo(silence.id)


@silences.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    form: FormatOption = Format.table,
    as_json: JsonOption = False,
) -> None:
    """List the silences that hold or are to come, the first to end first."""
    from worker.storage import silences as stored

    now = clock.now()
    with context.database().read() as conn:
        found = stored.listing(conn, now, over=everything)
    emit((_row(one, now) for one in found), COLUMNS, Format.jsonl if as_json else form)


@silences.command()
def expire(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `dyadwatch silences list` shows it.")],
) -> None:
    """End a silence now: what is still open is told with the next evaluation."""
    from worker.storage import silences as stored

    now = clock.now()
    ended = context.database().retrying(lambda conn: stored.expire(conn, id, now))
    if ended == "unknown":
        raise typer.BadParameter(
            f"there is no silence {id!r}; `dyadwatch silences list` lists them."
        )
    say(f"{id}: {'over now' if ended == 'expired' else 'was over already'}.")


def _known(what: str, words: Sequence[str], known: Collection[str]) -> None:
    for word in words:
        if word not in known:
            raise typer.BadParameter(f"there is no {what} {word!r}{nearest(word, known)}")


def _end(begins: datetime, until: str | None, lasting: str | None) -> datetime:
    if (until is None) == (lasting is None):
        raise typer.BadParameter("say until when: either --until or --for.")
    if lasting is not None:
        try:
            return begins + parse_duration(lasting)
        except (ValueError, OverflowError) as error:
            raise typer.BadParameter(f"--for {lasting!r}: {error}") from None
    return moment(until, end=True) or begins


def _row(silence: Silence, now: datetime) -> dict[str, Any]:
    state = "over" if silence.until <= now else "holds" if silence.since <= now else "to come"
    return {
        "id": silence.id,
        "match": str(silence.match),
        "since": written(silence.since),
        "until": written(silence.until),
        "by": silence.by,
        "note": silence.note,
        "state": state,
        "rules": list(silence.match.rules),
        "severities": list(silence.match.severities),
        "categories": list(silence.match.categories),
        "episodes": list(silence.match.episodes),
    }
