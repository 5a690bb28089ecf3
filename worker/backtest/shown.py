"""A back-test, and two beside each other, for people: tables on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from worker.backtest.comparison import Comparison
from worker.backtest.scoring import Alert, Outcome, Scored
from worker.backtest.summary import Interval, Summary
from worker.moments import written
from worker.output import err, printable, say

if TYPE_CHECKING:
    from rich.table import Table

#: So many lines of each list; the JSON has all.
MOST_LINES = 12


def show_scored(scored: Scored, names: Mapping[str, str] | None = None) -> None:
    """The numbers, each rule's part in them, and what was missed and wrong.

    `names` gives the rules' human names, by id.
    """
    err.print(_numbers({"": scored.summary}))
    if scored.summary.rules:
        err.print(_rules(scored.summary, names or {}))
    if scored.outcomes is None:
        say("No truth file: what the alerts are worth cannot be told (--truth).")
        return
    _list("Missed", (_event(one) for one in scored.outcomes if not one.alerts))
    _list("Wrong", (_alert(one) for one in scored.alerts if one.verdict == "wrong"))
    if scored.summary.unjudged:
        say(
            f"{scored.summary.unjudged} of the alerts cannot be judged: the truth file says "
            "nothing of their direction or of that time, or they tell of silence."
        )


def show_comparison(compared: Comparison) -> None:
    """Both rule files' numbers beside each other, what each alone has, and the verdict."""
    a, b = compared.names
    err.print(_numbers({a: compared.first.summary, b: compared.second.summary}))
    _list(f"Found by {a} alone", (_event(one) for one in compared.found_first))
    _list(f"Found by {b} alone", (_event(one) for one in compared.found_second))
    _list(f"Raised by {a} alone", (_alert(one) for one in compared.only_first))
    _list(f"Raised by {b} alone", (_alert(one) for one in compared.only_second))
    for sentence in compared.sentences:
        say(sentence)


def _numbers(summaries: Mapping[str, Summary]) -> Table:
    table = _table("", *(name or "all rules" for name in summaries))
    rows: tuple[tuple[str, Callable[[Summary], str]], ...] = (
        ("days", lambda one: f"{one.days:.1f}"),
        ("alerts", lambda one: _whole(one.alerts)),
        ("alerts a week", lambda one: _decimal(one.alerts_per_week)),
        ("right", lambda one: _whole(one.right)),
        ("wrong", lambda one: _whole(one.wrong)),
        ("not to be judged", lambda one: _whole(one.unjudged)),
        ("precision", lambda one: _share(one.precision, one.precision_interval)),
        ("events found", lambda one: _of(one.found, one.events)),
        ("recall", lambda one: _share(one.recall, one.recall_interval)),
        ("lead in hours, median", lambda one: _hours(one.lead_hours_median)),
        ("time to detect in hours, median", lambda one: _hours(one.time_to_detect_hours_median)),
    )
    for words, told in rows:
        table.add_row(words, *(told(one) for one in summaries.values()))
    return table


def _rules(summary: Summary, names: Mapping[str, str]) -> Table:
    from rich.text import Text

    table = _table("rule", "alerts", "right", "wrong", "not to be judged", "events found")
    for rule, one in (summary.rules or {}).items():
        counts = (one.alerts, one.right, one.wrong, one.unjudged)
        name = Text(printable(names.get(rule, rule)))
        table.add_row(name, *map(_whole, counts), _of(one.found, one.events))
    return table


def _table(*columns: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for place, column in enumerate(columns):
        table.add_column(Text(printable(column)), justify="right" if place else "left")
    return table


def _list(title: str, lines: Iterable[str]) -> None:
    every = list(lines)
    if not every:
        return
    say(f"{title}:")
    for line in every[:MOST_LINES]:
        say(f"  {line}")
    if len(every) > MOST_LINES:
        say(f"  and {len(every) - MOST_LINES} more; the last line of the output has all.")


def _event(outcome: Outcome) -> str:
    event = outcome.event
    days = f"{event.start}" if event.start == event.end else f"{event.start} to {event.end}"
    unwatched = "" if outcome.watched else " (no rule watches for it)"
    return f"{days} {event.label}{unwatched}"


def _alert(alert: Alert) -> str:
    return f"{written(alert.time)} {alert.rule}"


def _whole(value: int | None) -> str:
    return "–" if value is None else str(value)


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _hours(value: float | None) -> str:
    return "–" if value is None else f"{value:+.1f}"


def _share(value: float | None, interval: Interval | None) -> str:
    if value is None or interval is None:
        return "–"
    return f"{value:.2f} ({interval[0]:.2f} to {interval[1]:.2f})"


def _of(part: int | None, whole: int | None) -> str:
    return "–" if part is None or whole is None else f"{part} of {whole}"
