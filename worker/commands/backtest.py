"""`dyadwatch backtest`: the rules on a simulated clock, and what their alerts were worth."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
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

if TYPE_CHECKING:
    from worker.backtest.history import History
    from worker.backtest.scoring import Scored
    from worker.backtest.truth import Truth
    from worker.commands.replays import RuleFile

Span = tuple[datetime, datetime]

ArticlesOption = Annotated[
    Path | None,
    typer.Option(help="Articles as JSON lines, or a WARC file; without it what is stored."),
]
RulesOption = Annotated[
    list[Path] | None,
    typer.Option(help="A rules.yaml in place of the profile's; given twice, both are compared."),
]
AgainstOption = Annotated[
    Path | None,
    typer.Option(help="Another rules.yaml to compare with; the same as a second --rules."),
]
TruthOption = Annotated[
    Path | None,
    typer.Option(
        help="A CSV of start,end,label: what really happened. What is stored is judged by the "
        "profile's own where none is named."
    ),
]


def register(app: typer.Typer) -> None:
    app.command()(backtest)


def backtest(
    articles: ArticlesOption = None,
    rules: RulesOption = None,
    against: AgainstOption = None,
    truth: TruthOption = None,
    since: Annotated[
        str | None, typer.Option("--from", help="Alerts from then on; what came before teaches.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", help="Up to this time; a date includes its day.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Draw counts, alerts and events: a .svg or .png file.")
    ] = None,
    least_precision: Annotated[
        float | None, typer.Option(min=0, max=1, help="Fail (status 1) below this precision.")
    ] = None,
    least_recall: Annotated[
        float | None, typer.Option(min=0, max=1, help="Fail (status 1) below this recall.")
    ] = None,
    most_per_week: Annotated[
        float | None, typer.Option(min=0, help="Fail (status 1) above so many alerts a week.")
    ] = None,
) -> None:
    """Replay the rules over what is stored, or over a file, on a simulated clock.

    Prints one JSON object for each change of an episode, and a summary last; of two rule files the
    summary of the second, which the limits judge, and the comparison.
    """
    from worker.backtest.canvas import check_place
    from worker.backtest.limits import falling_short

    files = [*(rules or []), *([against] if against else [])]
    if len(files) > 2:
        raise typer.BadParameter("at most two rule files can be compared.", param_hint="--rules")
    first, last = asked_span(since, until)
    if picture is not None:
        check_place(picture)
    profile = profile_of_settings()
    chosen = [rule_file(profile, file) for file in files] or [rule_file(profile, None)]
    if len(chosen) == 1 and against is not None:
        chosen.insert(0, rule_file(profile, None))
    # What the profile's truth file tells of is no judge of whatever somebody's file holds.
    known = truth_of(profile, truth) if truth is not None or articles is None else None
    history, faults = history_of(profile, articles, last)
    span = span_of(history, first, last)
    scored = [_scored(one, history, known, span, printed=len(chosen) == 1) for one in chosen]
    _tell(chosen, scored)
    if picture is not None:
        _draw(picture, chosen, scored, history, span)
    short = falling_short(scored[-1].summary, least_precision, least_recall, most_per_week)
    for sentence in short:
        say(sentence)
    if faults or short:
        raise typer.Exit(1)


def _scored(
    chosen: RuleFile, history: History, known: Truth | None, span: Span, *, printed: bool
) -> Scored:
    """One rule file replayed; its changes are printed as they come where they are `printed`."""
    from worker.backtest.line import reports_of
    from worker.backtest.replaying import replay
    from worker.backtest.scoring import score

    begin, changes = time.monotonic(), []
    with _progress(chosen.name) as told:
        for change in replay(chosen.rules, history, *span, told):
            changes.append(change)
            if printed:
                emit_json(change.to_json())
    took = time.monotonic() - begin
    say(f"{chosen.name}: {len(chosen.rules)} rules replayed in {took:.1f} s.")
    return score(changes, chosen.rules, known, *span, reports_of(chosen.rules, history))


def _tell(chosen: Sequence[RuleFile], scored: Sequence[Scored]) -> None:
    """The summary, as the last line; of two rule files that of the second, with the comparison."""
    from worker.backtest.comparison import compare
    from worker.backtest.shown import show_comparison, show_scored

    if len(scored) == 1:
        show_scored(scored[0], chosen[0].names)
        emit_json({"summary": scored[0].to_json()})
        return
    compared = compare(scored[0], scored[1], (_called(chosen, 0), _called(chosen, 1)))
    show_comparison(compared)
    emit_json({"summary": scored[1].to_json(), "comparison": compared.to_json()})


def _called(chosen: Sequence[RuleFile], number: int) -> str:
    """Its name, with its directory where both files have the same one."""
    alike = chosen[0].name == chosen[1].name
    return str(chosen[number].path) if alike else chosen[number].name


def _draw(
    path: Path, chosen: Sequence[RuleFile], scored: Sequence[Scored], history: History, span: Span
) -> None:
    from worker.backtest.line import line_of, outages_of
    from worker.backtest.picture import Band, Picture, draw

    bands = (Band(one.name, result, one.names) for one, result in zip(chosen, scored, strict=True))
    line = line_of(chosen[-1].rules, history, *span)
    draw(path, Picture(tuple(bands), line, outages_of(history.hearing, *span)))
    say(f"{path} is drawn.")


@contextmanager
def _progress(what: str) -> Iterator[Callable[[float], None]]:
    """How far the clock is, for whoever watches; yields what to tell the share that is done."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        bar = progress.add_task(what, total=1.0)
        yield lambda share: progress.update(bar, completed=share)
