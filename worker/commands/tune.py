"""`dyadwatch profile tune`: what other weights would have done to what people labelled."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.commands import context
from worker.commands.label import vocabulary_of
from worker.labels import Labelled, read_labelled
from worker.lines import open_bytes
from worker.output import emit_json, err, say
from worker.settings import read_settings
from worker.trouble import Trouble

if TYPE_CHECKING:
    from worker.labels import Vocabulary
    from worker.tuning.proposal import Effect, Proposal

_ROWS = (
    ("precision", "relevance, precision"),
    ("recall", "relevance, recall"),
    ("f1", "relevance, F1"),
    ("direction", "direction"),
    ("severity", "severity, exact"),
    ("severity_near", "severity, within one step"),
    ("initiator", "initiator"),
    ("categories", "categories"),
)


_NOTHING = (
    "Nothing to propose: no change holds on stories on which it was not chosen. "
    "A term needs labelled articles of at least three stories that another weight would mend."
)


class NotWritten(Trouble):
    """The proposal could not be written; the message says why."""


class TooFewLabels(Trouble):
    """There is not enough to learn from; the message says how much is missing."""


def tune(
    file: Annotated[
        Path | None,
        typer.Option("--labels", help="Labelled articles as JSON lines, besides the stored ones."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the proposal to this new file, not to the output.")
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="One JSON object with every figure; no YAML but to --out."),
    ] = False,
) -> None:
    """Propose other weights for terms, and another threshold, by what people have labelled.

    A change is proposed only if it also helps on stories on which it was not chosen. Nothing
    changes by itself: the proposal is a file for the lexicon of a profile that extends this one.
    """
    from worker.classify import Classifier
    from worker.profile.loader import load_lexicon_of
    from worker.tuning.examples import examples_of
    from worker.tuning.overlay import overlay
    from worker.tuning.proposal import lacking, propose

    if out is not None:
        _refuse_bad_place(out)
    lexicon = load_lexicon_of(read_settings().profile)
    stored, unexplained = _stored()
    given = _given(file, vocabulary_of(lexicon))
    examples = examples_of([*stored, *given], Classifier(lexicon))
    say(_told(len(examples), sum(one.relevant for one in examples), unexplained))
    if missing := lacking(examples):
        raise TooFewLabels(
            f"Too few to propose anything: {missing} are needed. "
            "`dyadwatch articles label URL --relevant yes|no …` adds one."
        )
    with _progress() as tell:
        proposal = propose(lexicon, examples, tell)
    if as_json:
        emit_json(_record(proposal))
    else:
        _show(proposal)
    if not proposal.effects:
        say(_NOTHING)
    elif out is not None:
        _write(out, overlay(lexicon, proposal))
    elif not as_json:
        typer.echo(overlay(lexicon, proposal), nl=False)


def _refuse_bad_place(out: Path) -> None:
    """What cannot be written is refused at once, not after minutes of trying changes."""
    if out.exists() or out.is_symlink():
        raise typer.BadParameter(f"{out} exists; name a new file.", param_hint="--out")
    above = next(one for one in out.absolute().parents if one.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise typer.BadParameter(
            f"{out} cannot be written below {above}; name a place of yours.", param_hint="--out"
        )


def _write(out: Path, proposal: str) -> None:
    """A new file, with the directories that lead to it: a new profile has no `lexicon/` yet."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("x", encoding="utf-8") as file:
            file.write(proposal)
    except OSError as error:
        raise NotWritten(
            f"{out} cannot be written: {error.strerror}. Without --out the proposal is printed."
        ) from None
    say(f"Written to {out}. `dyadwatch profile check` reads it with the profile that it stands in.")


def _stored() -> tuple[list[Labelled], int]:
    """What is labelled in the database, if there is one, and what is known to be unexplained."""
    from worker.storage import judgements, labels

    database = context.stored()
    if database is None:
        return [], 0
    with database.read() as conn:
        kept = [one.labelled for one in labels.labelled(conn)]
        return kept, judgements.unexplained(conn)


def _given(file: Path | None, vocabulary: Vocabulary) -> list[Labelled]:
    if file is None:
        return []
    with open_bytes(file) as lines:
        read = list(read_labelled(lines, vocabulary))
    faults = [one for one in read if not isinstance(one, Labelled)]
    for fault in faults:
        say(f"{file}, line {fault.number}: {fault.sentence}")
    if faults:
        raise typer.Exit(1)
    return [one for one in read if isinstance(one, Labelled)]


def _told(count: int, relevant: int, unexplained: int) -> str:
    told = f"{count} labelled articles: {relevant} relevant, {count - relevant} not."
    if unexplained:
        told += f" {unexplained} stories of false alarms have no label yet."
    return told


def _record(proposal: Proposal) -> dict[str, Any]:
    return {
        "articles": proposal.now.articles,
        "stories": proposal.stories,
        "now": asdict(proposal.now),
        "after": asdict(proposal.after),
        "held_out": asdict(proposal.held_out),
        "changes": [
            {
                "language": one.change.parameter.language or None,
                "term": one.change.parameter.term or None,
                "before": one.change.before,
                "after": one.change.after,
                "held_out_points": round(one.points, 2),
                "stories_better": one.better,
                "stories_worse": one.worse,
            }
            for one in proposal.effects
        ],
    }


def _show(proposal: Proposal) -> None:
    from rich.table import Table

    from worker.tuning.overlay import share

    table = Table("", "now", "with the proposal", "on stories not chosen on")
    for name, words in _ROWS:
        each = (getattr(m, name) for m in (proposal.now, proposal.after, proposal.held_out))
        table.add_row(words, *map(share, each))
    err.print(table)
    for effect in proposal.effects:
        say(_sentence(effect))


def _sentence(effect: Effect) -> str:
    change = effect.change
    named = f"{change.parameter.language} “{change.parameter.term}”"
    what = named if change.parameter.term else "threshold of relevance"
    return (
        f"{what}: {change.before:g} → {change.after:g}; on stories not chosen on "
        f"{effect.points:+.1f} points, {effect.better} stories better, {effect.worse} worse."
    )


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """How many changes have been tried, for whoever watches."""
    from rich.progress import Progress

    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        bar = progress.add_task("Trying changes", total=None)

        def tell(done: int, of: int) -> None:
            progress.update(bar, completed=done, total=of)

        yield tell
