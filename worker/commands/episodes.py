"""`dyadwatch episodes`: lists them, shows one with all that is known of it, and its history."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker import clock
from worker.commands import context, episode_deeds
from worker.commands.episode_named import named
from worker.commands.grouped import asked_for, group
from worker.commands.options import FormatOption, JsonOption, LimitOption, Since, Until, moment
from worker.moments import written
from worker.output import Format, emit, emit_json, printable

if TYPE_CHECKING:
    from worker.evidence import State

COLUMNS = (
    "id", "state", "handling", "severity", "owner", "opened_at", "count", "expected", "newsrooms",
)  # fmt: skip
CHANGE_COLUMNS = (
    "at", "change", "by", "reason", "severity", "count", "expected", "stories", "newsrooms",
)  # fmt: skip

Id = Annotated[str, typer.Argument(metavar="ID", help="As `dyadwatch episodes` lists it.")]


def register(app: typer.Typer) -> None:
    does = "The episodes: list them, look at one, say what is done about it."
    commands = group(app, "episodes", does, episodes)
    commands.command()(show)
    commands.command()(history)
    episode_deeds.register(commands)


def episodes(
    ctx: typer.Context,
    since: Since = None,
    until: Until = None,
    query: Annotated[
        str | None, typer.Option(help="Part of the id, rule, newsrooms or of who has it.")
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            help="open, resolved, acknowledged, snoozed, closed, false-alarm or flapping."
        ),
    ] = None,
    is_open: Annotated[
        bool, typer.Option("--open", help="Only those that are open: the same as --state open.")
    ] = False,
    limit: LimitOption = None,
    form: FormatOption = Format.table,
    as_json: JsonOption = False,
) -> None:
    """List episodes: what the rules saw, and who has it, the newest first."""
    if ctx.invoked_subcommand:
        return
    from worker.episode_lines import episode_record, is_in
    from worker.storage import episodes as stored

    wanted = _state("open" if is_open and state is None else state)
    if is_open and wanted != "open":
        raise typer.BadParameter("--open and --state are given; one of them is enough.")
    start, end, now = moment(since), moment(until, end=True), clock.now()
    by_rule = wanted if wanted in ("open", "resolved") else None
    at_most = limit if wanted == by_rule and not query else None
    with context.database().read() as conn:
        found = stored.listing(conn, start, end, by_rule, at_most)
    rows = (episode_record(one, now) for one in found if wanted is None or is_in(one, wanted, now))
    asked = asked_for(rows, query, ("id", "rule", "newsroom_ids", "owner"))
    emit(islice(asked, limit), COLUMNS, Format.jsonl if as_json else form)


def show(
    episode: Id,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show all that is known of an episode: why it fired, its numbers and history, what was told of
    it, to whom and when, what was held back and why, and whether its proof still stands."""
    from worker.episode_lines import account_record
    from worker.episode_words import account, why
    from worker.evidence import state_of
    from worker.storage import decisions, episode_changes

    with context.database().read() as conn:
        found = named(conn, episode)
        changes = episode_changes.of(conn, found.id)
        told = sorted(decisions.listing(conn, episode=found.id), key=lambda one: one.at)
        proof = state_of(conn, found)
    if as_json:
        emit_json(
            account_record(found, changes, told, _proof_record(proof), why(found), clock.now())
        )
        return
    for line in account(found, changes, told, proof.sentences if proof else ()):
        typer.echo(printable(line))


def history(
    episode: Id,
    form: FormatOption = Format.table,
    as_json: JsonOption = False,
) -> None:
    """List every change of an episode, by its rule or by a person, the oldest first."""
    from worker.episode_lines import change_record
    from worker.storage import episode_changes

    with context.database().read() as conn:
        found = named(conn, episode)
        changes = episode_changes.of(conn, found.id)
    emit(map(change_record, changes), CHANGE_COLUMNS, Format.jsonl if as_json else form)


def _state(given: str | None) -> str | None:
    from worker.episode_lines import STATES

    wanted = given and given.replace("-", "_")
    if wanted is not None and wanted not in STATES:
        known = ", ".join(STATES).replace("_", "-")
        raise typer.BadParameter(f"{given!r} is no state; the states are {known}.")
    return wanted


def _proof_record(state: State | None) -> dict[str, Any] | None:
    if state is None:
        return None
    proof = state.proof
    changed = proof.edited or proof.deleted
    return {
        "sha256": proof.digest,
        "taken_at": written(proof.taken_at),
        "intact": state.intact,
        "state": "broken" if not state.intact else "changed" if changed else "unchanged",
        "articles": proof.articles,
        "edited": proof.edited,
        "deleted": proof.deleted,
        "sentences": list(state.sentences),
    }
