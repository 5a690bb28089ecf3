"""`dyadwatch explain`: one article with what was made of it, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker import clock
from worker.commands import context
from worker.output import Printer, emit_json, say
from worker.settings import read_settings

if TYPE_CHECKING:
    from crawler.source import Source
    from worker.article_lines import LineFault
    from worker.explain.laid_open import LaidOpen
    from worker.explain.subject import Subject

_ADDRESS = re.compile(r"https?://|[0-9a-f]{32}$", re.IGNORECASE)


def register(app: typer.Typer) -> None:
    app.command()(explain)


def explain(
    named: Annotated[
        str,
        typer.Argument(
            metavar="URL|FILE",
            help="An address, stored or not; or a file: a saved page, an article as JSON, or text "
            "whose first line is the headline (- is standard input).",
        ),
    ],
    url: Annotated[
        str | None, typer.Option(help="The address that a saved page was saved from.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object an article, with every part.")
    ] = False,
) -> None:
    """Show an article, what was found in it with its proof, and the arithmetic of its scores.

    What is stored under an address is explained as it was read then; what is not stored is fetched
    now, as the crawler would, and not stored either.
    """
    from worker.article_lines import LineFault
    from worker.classify import Classifier
    from worker.explain.laid_open import lay_open
    from worker.profile.loader import load_profile

    settings = read_settings()
    profile = load_profile(settings.profile, settings.environ, settings.allowed_private_hosts)
    lexicon = profile.lexicon
    classifier = Classifier(lexicon)
    faulty = False
    for subject in _subjects(named, url, {source.id: source for source in profile.sources}):
        if isinstance(subject, LineFault):
            faulty = True
            say(f"{named}, line {subject.number}: {subject.sentence}")
            continue
        laid = lay_open(subject, classifier.understand(subject), lexicon)
        _print(laid, lexicon.dyad, as_json)
    if faulty:
        raise typer.Exit(1)


def _subjects(
    named: str, url: str | None, sources: Mapping[str, Source]
) -> Iterator[Subject | LineFault]:
    from worker.explain.subject import from_file
    from worker.lines import FileUnreadable

    if named == "-" or not _ADDRESS.match(named):
        if named != "-" and not Path(named).exists():
            raise FileUnreadable(f"There is no file {named!r}; an address begins with https://.")
        try:
            yield from from_file(Path(named), url, clock.now(), sources)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--url") from None
    else:
        yield _at(named)


def _at(named: str) -> Subject:
    """What is stored there, or else what is there now."""
    from worker.explain.fetch import fetched
    from worker.explain.subject import of_fetched, of_store

    database = context.stored()
    try:
        stored = of_store(database, named) if database else None
        if stored is not None:
            return stored
        if not named.lower().startswith("http"):
            raise typer.BadParameter(f"no article is stored under {named!r}.")
        return of_fetched(fetched(read_settings(), database, named, clock.now))
    except ValueError as error:
        raise typer.BadParameter(f"{named!r}: {error}") from None


def _print(laid: LaidOpen, dyad: tuple[str, str], as_json: bool) -> None:
    from worker.explain.laid_open import record
    from worker.explain.shown import shown

    if as_json:
        emit_json(record(laid))
        return
    # Spans are told by colour; where there is none, the events quote them.
    console = Printer(highlight=False, soft_wrap=True)
    for line in shown(laid, dyad):
        console.print(line)
    console.print()
