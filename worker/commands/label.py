"""What people think of what is stored: `articles label`, `labels`."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker import clock
from worker.commands import context
from worker.commands.options import moment
from worker.labels import (
    DIRECTIONS,
    FIELDS,
    WORST,
    LabelError,
    Vocabulary,
    checked,
    labelled_record,
)
from worker.moments import written
from worker.output import Format, emit, say

if TYPE_CHECKING:
    from worker.classify import Lexicon
    from worker.storage.archive import StoredArticle
    from worker.storage.database import Database
    from worker.storage.labels import LabelledArticle

COLUMNS = (
    "labelled_at", "labelled_by", "relevant", "direction", "severity", "initiator", "categories",
    "title", "note",
)  # fmt: skip

By = Annotated[str | None, typer.Option(help="Who says so; your user name without.")]
Note = Annotated[str | None, typer.Option(help="Why; for those who read it later.")]


def label(
    article: Annotated[
        str, typer.Argument(metavar="URL|KEY", help="A stored article, by its address or key.")
    ],
    relevant: Annotated[
        str | None, typer.Option(metavar="yes|no", help="Whether it is about the dyad.")
    ] = None,
    direction: Annotated[
        str | None, typer.Option(metavar="|".join(DIRECTIONS), help="Its effect on the relation.")
    ] = None,
    severity: Annotated[
        int | None, typer.Option(min=0, max=WORST, help="Of the newest harm; 0 is none.")
    ] = None,
    initiator: Annotated[
        str | None,
        typer.Option(help="Whose act it is: a country of the dyad, both, other, or none."),
    ] = None,
    category: Annotated[
        list[str] | None, typer.Option(help="What happened; several may be given.")
    ] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take back all that was said of it.")
    ] = False,
    note: Note = None,
    by: By = None,
) -> None:
    """Say what an article's classification should have been; the last word on a field counts.

    Nothing changes by it: `dyadwatch profile tune` learns from it. The words that the article has
    now are kept with it.
    """
    given = _given(relevant, direction, severity, initiator, category)
    if bool(given) == withdraw:
        raise typer.BadParameter(
            "say something of it (--relevant, --direction, --severity, --initiator, --category), "
            "or take it back with --withdraw."
        )
    said = _checked(given)
    database = context.database()
    stored = _stored(database, article)
    _keep(database, stored, said, by or user(), note)
    told = ", ".join(f"{name}: {_shown(value)}" for name, value in said.items())
    say(f"{stored.url}: {told or 'all labels taken back'}.")


def labels(
    since: Annotated[str | None, typer.Option(help="Labelled from this time on.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to write the list.")] = Format.table,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON lines, which `profile tune --labels` takes.")
    ] = False,
) -> None:
    """List the labelled articles, in the words in which they were labelled."""
    from worker.storage.labels import labelled

    start = moment(since)
    with context.database().read() as conn:
        found = labelled(conn, start)
    chosen = Format.jsonl if as_json else form
    # A line of JSON leaves out what was not said; a list has the same columns for all.
    unsaid = {} if chosen is Format.jsonl else dict.fromkeys(FIELDS)
    emit((unsaid | _row(one) for one in found), COLUMNS, chosen)


def vocabulary_of(lexicon: Lexicon) -> Vocabulary:
    """What labels may say where this lexicon is used."""
    from worker.profile.where import categories_of

    return Vocabulary(lexicon.dyad, categories_of(lexicon))


def user() -> str:
    """Whoever is at the terminal, as the machine knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may know no user
        return "unknown"


def _given(
    relevant: str | None,
    direction: str | None,
    severity: int | None,
    initiator: str | None,
    category: list[str] | None,
) -> dict[str, Any]:
    """What was said, as labels; what was not is left out."""
    if relevant not in (None, "yes", "no"):
        raise typer.BadParameter(f"{relevant!r}: write yes or no.", param_hint="--relevant")
    said: dict[str, Any] = {
        "relevant": None if relevant is None else relevant == "yes",
        "direction": direction and direction.replace("-", "_"),
        "severity": severity,
        "categories": category or None,
    }
    given = {name: value for name, value in said.items() if value is not None}
    if initiator is not None:
        given["initiator"] = _initiator(initiator)
    return given


def _initiator(word: str) -> str | None:
    known = word.lower()
    if known == "none":
        return None
    return known if known in ("both", "other") else word.upper()


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    from worker.profile.loader import load_lexicon_of
    from worker.settings import read_settings

    # The other fields say the same in every profile, and to compile a lexicon takes seconds.
    depends = not {"initiator", "categories"}.isdisjoint(given)
    everywhere = Vocabulary(("", ""), ())
    try:
        return checked(
            given,
            vocabulary_of(load_lexicon_of(read_settings().profile)) if depends else everywhere,
        )
    except LabelError as fault:
        raise typer.BadParameter(str(fault)) from None


def _stored(database: Database, named: str) -> StoredArticle:
    from worker.storage.lookup import find

    try:
        with database.read() as conn:
            found = find(conn, named)
    except ValueError as error:
        raise typer.BadParameter(f"{named!r}: {error}") from None
    if found is None:
        raise typer.BadParameter(
            f"no article is stored under {named!r}; `dyadwatch articles` lists them."
        )
    return found


def _keep(
    database: Database, stored: StoredArticle, said: dict[str, Any], by: str, note: str | None
) -> None:
    from worker.storage import labels as kept

    now = clock.now()
    if said:
        database.retrying(lambda conn: kept.say(conn, stored.key, said, by, note, now))
    else:
        database.retrying(lambda conn: kept.withdraw(conn, stored.key, by, note, now))


def _row(one: LabelledArticle) -> dict[str, Any]:
    return {
        **labelled_record(one.labelled),
        "newsroom": one.newsroom,
        "labelled_at": written(one.last.at),
        "labelled_by": one.last.by,
        "note": one.last.note,
        "edited_since": one.edited_since,
    }


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value or "none")
