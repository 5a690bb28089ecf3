"""`dyadwatch profile check`: the faults of a profile, and what its lexicon finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker import clock
from worker.commands import context
from worker.output import Format, emit, emit_json, err, say
from worker.settings import read_settings

if TYPE_CHECKING:
    from worker.profile.faults import Remark
    from worker.profile.hits import Cell
    from worker.profile.model import Profile
    from worker.profile.yaml_lines import ProfileError
    from worker.storage.hits import Hits


def check(
    directory: Annotated[
        str | None,
        typer.Argument(help="A directory or a bundled name; DYADWATCH_PROFILE without it."),
    ] = None,
    days: Annotated[
        int, typer.Option(min=1, max=36_500, help="Count hits in the articles of so many days.")
    ] = 90,
    terms: Annotated[
        bool, typer.Option("--terms", help="Also list the terms that have never hit.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help='One JSON object a line, each with its "kind".')
    ] = False,
) -> None:
    """Name every fault of a profile, with file, line and key, and remark on what looks odd.

    A table tells how many terms each language has for each concept, and how many stored events of
    it were found: terms/hits. A language in which articles are stored and nothing was found is a
    fault of the lexicon; like every remark it leaves the exit status at 0, for the profile works.
    The truth.csv of a profile is read as a back-test reads it.
    """
    from worker.profile.loader import read_profile

    settings = read_settings()
    name = directory or settings.profile
    reading = read_profile(name, settings.environ, settings.allowed_private_hosts)
    faults, remarks = [*reading.faults, *_faults_of_truth(reading.profile)], reading.remarks
    _tell(faults, remarks, as_json)
    told = 0
    if reading.profile is not None:
        told = _lexicon(reading.profile, days, terms, as_json)
    say(f"{name}: {len(faults)} faults, {len(remarks) + told} remarks.")
    if faults:
        raise typer.Exit(1)


def _tell(faults: Sequence[ProfileError], remarks: Sequence[Remark], as_json: bool) -> None:
    for kind, findings in (("fault", faults), ("remark", remarks)):
        for finding in findings:
            if as_json:
                place = {"path": str(finding.path), "line": finding.line}
                emit_json({"kind": kind, "sentence": finding.sentence, **place})
            else:
                say(f"{kind.capitalize()}: {finding}")


def _faults_of_truth(profile: Profile | None) -> list[ProfileError]:
    """What is wrong with the truth file of the profile, which only a back-test reads otherwise."""
    from worker.backtest.truth import TruthError, bundled_truth, load_truth
    from worker.profile.where import categories_of
    from worker.profile.yaml_lines import ProfileError

    path = None if profile is None else bundled_truth(profile.directories)
    if profile is None or path is None:
        return []
    try:
        load_truth(path, categories_of(profile.lexicon))
    except TruthError as wrong:
        return [ProfileError(one.removeprefix(f"{path}, "), path) for one in wrong.faults]
    return []


def _lexicon(profile: Profile, days: int, terms: bool, as_json: bool) -> int:
    """Show how the lexicon stands to what is stored; returns the number of remarks on it."""
    from worker.profile.hits import cells, faults_of_lexicon, idle_terms, observations

    hits = _hits(days)
    table = cells(profile.lexicon, profile.languages, hits)
    faults = [] if hits is None else list(faults_of_lexicon(profile.languages, hits))
    also = [] if hits is None else list(observations(profile.lexicon, profile.languages, hits))
    if as_json:
        _emit("cell", map(asdict, table))
        _emit("remark", ({"sentence": one, "path": None, "line": None} for one in (*faults, *also)))
    else:
        emit(_matrix(table), ("concept", *profile.languages), Format.table)
        for sentence in (*faults, *also):
            say(f"Remark: the last {days} days: {sentence}")
    if terms and hits is not None:
        keys = ("language", "concept", "term")
        rows = (dict(zip(keys, one, strict=True)) for one in idle_terms(profile.lexicon, hits))
        _emit("idle_term", rows) if as_json else emit(rows, keys, Format.table)
    return len(faults) + len(also)


def _emit(kind: str, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        emit_json({"kind": kind, **row})


def _matrix(table: Iterable[Cell]) -> Iterator[dict[str, str]]:
    """A row a concept, with terms/hits of each language; terms alone where nothing is stored."""
    rows: dict[str, dict[str, str]] = {}
    for cell in table:
        row = rows.setdefault(cell.concept, {"concept": cell.concept})
        row[cell.language] = f"{cell.terms}/{'–' if cell.hits is None else cell.hits}"
    yield from rows.values()


def _hits(days: int) -> Hits | None:
    """What was found in what is stored; None, and a sentence, where nothing can be counted."""
    from worker.storage.database import DatabaseError
    from worker.storage.hits import hits
    from worker.storage.migrate import pending

    try:
        database = context.stored(upgrade=False)
        if database is None:
            say("Nothing is stored yet: hits are counted once articles are.")
            return None
        if pending(database):
            say("Hits are not counted: the database waits for `dyadwatch run` to be upgraded.")
            return None
        with err.status("Counting hits"), database.read() as conn:
            return hits(conn, clock.now() - timedelta(days=days))
    except DatabaseError as error:
        say(f"Hits are not counted: {error}")
        return None
