"""`dyadwatch rules`: what other settings of the rules would have done to what really happened."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.commands.replays import (
    asked_span,
    history_of,
    profile_of_settings,
    rule_file,
    span_of,
    truth_of,
)
from worker.output import emit_json, err, say
from worker.trouble import Trouble

if TYPE_CHECKING:
    from alerts.rules import Rule
    from worker.backtest.history import History
    from worker.backtest.proposal import Proposal
    from worker.backtest.truth import Truth
    from worker.profile.model import Profile

rules = typer.Typer(help="What raises an alert: tune it by what happened.", no_args_is_help=True)


class NoTruth(Trouble):
    """There is nothing to judge settings by; the message says how to give it."""


class TooLittle(Trouble):
    """There is not enough to choose anything from; the message says how much is missing."""


class NotWritten(Trouble):
    """The proposal could not be written; the message says why."""


def register(app: typer.Typer) -> None:
    rules.command()(tune)
    # Without a callback a group of one command would be that command.
    rules.callback()(lambda: None)
    app.add_typer(rules, name="rules")


def tune(
    articles: Annotated[
        Path | None,
        typer.Option(help="Articles as JSON lines, or a WARC file; without it what is stored."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--rules", help="A rules.yaml in place of the profile's.")
    ] = None,
    truth: Annotated[
        Path | None,
        typer.Option(help="A CSV of start,end,label: what really happened; or the profile's."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="Alerts from then on; what came before teaches.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", help="Up to this time; a date includes its day.")
    ] = None,
    price: Annotated[
        float,
        typer.Option(
            min=0.0, max=10.0,
            help="What a wrong call costs, as a share of an event that is found at once.",
        ),
    ] = 0.25,
    output: Annotated[
        Path | None, typer.Option(help="Write the rules with the proposal to this new file.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Draw the trade-off of each rule: a .svg or .png file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with every figure.")]
    = False,
) -> None:  # fmt: skip
    """Propose windows and sensitivities for the spike rules, by a back-test against what happened.

    Chosen on the earlier part of the history, shown on the later one, which had no say. Nothing
    changes by itself: --output writes another rules.yaml, for a person to read.
    """
    from worker.backtest.canvas import check_place
    from worker.backtest.parts import lacking
    from worker.backtest.tuned import record, show

    if output is not None:
        _refuse_bad_place(output)
    if picture is not None:
        check_place(picture)
    if articles is not None and truth is None:
        raise NoTruth(
            "The profile's truth file tells of what is stored, not of your articles: name a CSV of "
            "start,end,label with --truth."
        )
    span = asked_span(since, until)
    profile = profile_of_settings()
    chosen = rule_file(profile, file)
    known = truth_of(profile, truth)
    if known is None:
        raise NoTruth(
            "This profile has no truth.csv, and without one nobody can say which setting is "
            "better; name a CSV of start,end,label with --truth."
        )
    history, faults = history_of(profile, articles, span[1])
    start, end = span_of(history, *span)
    if missing := lacking(known, start, end):
        raise TooLittle(f"Nothing can be proposed: {missing}")
    proposal = _proposed(profile, chosen.rules, known, history, (start, end), price)
    if as_json:
        emit_json(record(proposal))
    else:
        show(proposal, chosen.names)
    if picture is not None:
        _draw(picture, proposal, chosen.names)
    if output is not None:
        _write(output, chosen.path, proposal, profile)
    if faults:
        raise typer.Exit(1)


def _proposed(
    profile: Profile, chosen: Sequence[Rule], known: Truth, history: History,
    span: tuple[datetime, datetime], price: float,
) -> Proposal:  # fmt: skip
    from worker.backtest.line import reports_of
    from worker.backtest.proposal import propose
    from worker.backtest.replaying import replay

    if profile.false_alarms_per_year is not None:
        say(
            f"The profile shares {profile.false_alarms_per_year:g} false alarms a year out among "
            "its rules: the windows alone are tried."
        )
    with _progress() as tell:
        return propose(
            chosen, known, *span,
            lambda variants: list(replay(variants, history, *span, progress=tell)),
            reports_of(chosen, history),
            price=price, alarms=profile.false_alarms_per_year is None,
        )  # fmt: skip


def _draw(path: Path, proposal: Proposal, names: Mapping[str, str]) -> None:
    from worker.backtest.tradeoff import draw_tradeoff

    draw_tradeoff(path, proposal, names)
    say(f"The trade-off is drawn in {path}.")


def _refuse_bad_place(output: Path) -> None:
    """What cannot be written is refused at once, not after minutes of replaying."""
    if output.exists() or output.is_symlink():
        raise typer.BadParameter(f"{output} exists; name a new file.", param_hint="--output")
    above = output.absolute().parent
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise typer.BadParameter(
            f"{output} cannot be written in {above}; name a place of yours.", param_hint="--output"
        )


def _write(output: Path, path: Path, proposal: Proposal, profile: Profile) -> None:
    """The rules with what is proposed, in a new file, for a person to read."""
    from worker.backtest.rewriting import rewritten
    from worker.backtest.tuned import head

    if not proposal.changed:
        say(f"{output} is not written: nothing is proposed.")
        return
    settings = {step.rule: step.after for step in proposal.changed}
    alarms = profile.false_alarms_per_year is None
    text = rewritten(path, settings, head(proposal), alarms=alarms)
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise NotWritten(f"{output} cannot be written: {error.strerror}.") from None
    say(f"Written to {output}. Read it, and put it into your profile as rules.yaml if you agree.")


@contextmanager
def _progress() -> Iterator[Callable[[float], None]]:
    """How much has been replayed, for whoever watches."""
    from rich.progress import Progress

    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        bar = progress.add_task("Replaying every setting", total=1.0)
        yield lambda share: progress.update(bar, completed=share)
