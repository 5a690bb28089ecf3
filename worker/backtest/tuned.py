"""A proposal of settings, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

from worker.backtest.parts import Part
from worker.backtest.proposal import Effect, Proposal, Step, Trade
from worker.backtest.rewriting import duration, number
from worker.backtest.summary import Summary
from worker.backtest.variants import Setting
from worker.output import err, printable, say

_HEAD = """\
Proposed by `dyadwatch rules tune`, which changes nothing by itself. Read it before you use it.
Chosen on {earlier}; what it does on {later}, which had no say:
"""


def head(proposal: Proposal) -> str:
    """The comment on top of a proposed file."""
    earlier, later = _days(proposal.chosen_on.span), _days(proposal.later.span)
    told = _HEAD.format(earlier=earlier, later=later).splitlines() + list(_judgement(proposal))
    lines = (line for sentence in told for line in wrap(sentence, 98))
    return "".join(f"# {line}\n" for line in lines)


def record(proposal: Proposal) -> dict[str, Any]:
    """Every figure, as JSON."""
    return {
        "price": proposal.price,
        "rules": [_step_record(step) for step in proposal.steps],
        "left": dict(proposal.left),
        "chosen_on": _effect_record(proposal.chosen_on),
        "later": _effect_record(proposal.later),
        "procedure": [_effect_record(one) for one in proposal.procedure],
        "says": list(sentences(proposal)),
    }


def show(proposal: Proposal, names: Mapping[str, str]) -> None:
    """What is proposed and what it costs, on standard error."""
    from rich.table import Table
    from rich.text import Text

    table = Table(
        "rule", "window", "a year", "alerts a week", "wrong", "events found", "hours to detect"
    )
    for step in proposal.steps:
        known = {trade.setting: trade for trade in step.trades}
        table.add_row(Text(printable(names.get(step.rule, step.rule))), *_cells(known[step.before]))
        if step.changed:
            table.add_row(Text("  proposed"), *_cells(known[step.after]), style="bold")
    err.print(table)
    for rule, why in proposal.left.items():
        say(f"{rule} is left as it is: {why}.")
    for sentence in sentences(proposal):
        say(sentence)


def sentences(proposal: Proposal) -> Iterator[str]:
    """What is proposed, what it does on the part that had no say, and what to think of it."""
    earlier, later = _days(proposal.chosen_on.span), _days(proposal.later.span)
    yield f"Chosen on {earlier}, and seen on {later}, which had no say."
    if not proposal.changed:
        yield "Nothing is proposed: nothing else is worth more than one event, and one is chance."
    for step in proposal.changed:
        yield f"{step.rule}: {_setting(step.before)} → {_setting(step.after)}."
    yield from _judgement(proposal)
    before, after = _sums(proposal)
    yield (
        f"Tuned so three times, each time on all that came before, the rules find {after[0]} of "
        f"{after[1]} later events with {after[2]} wrong alerts; as they are, {before[0]} with "
        f"{before[2]}."
    )


def _judgement(proposal: Proposal) -> Iterator[str]:
    """What the proposal does on the later part."""
    before, after = proposal.later.before.summary, proposal.later.after.summary
    yield f"As the rules are: {_told(before)}."
    if not proposal.changed:
        return
    yield f"As proposed: {_told(after)}."
    found = (after.found or 0) - (before.found or 0)
    wrong = (after.wrong or 0) - (before.wrong or 0)
    if found < 0 or (found == 0 and wrong > 0):
        yield "There it does worse. Do not use it."
    elif found == 0 and wrong == 0:
        yield "There it makes no difference in what is found and what is wrong."
    elif wrong > 0:
        yield "There it finds more and is wrong more often: whether that is better is yours to say."
    else:
        yield "There it holds."
    yield f"{before.events} events say little: read the intervals, and what changed, yourself."


def _told(summary: Summary) -> str:
    rate = summary.alerts_per_week
    told = [
        f"{summary.found} of {summary.events} events found{_likely(summary)}",
        f"{summary.wrong} wrong alerts",
        "no rate" if rate is None else f"{rate:.2f} alerts a week",
    ]
    hours = summary.time_to_detect_hours_median
    if hours is not None:
        told.append(f"found after {hours:.1f} h at the median")
    return ", ".join(told)


def _likely(summary: Summary) -> str:
    interval = summary.recall_interval
    return f" (likely {interval[0]:.0%} to {interval[1]:.0%})" if interval else ""


def _sums(proposal: Proposal) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Found, events and wrong alerts over the procedure's parts, before and after."""

    def total(summaries: list[Summary]) -> tuple[int, int, int]:
        return (
            sum(one.found or 0 for one in summaries),
            sum(one.events or 0 for one in summaries),
            sum(one.wrong or 0 for one in summaries),
        )

    effects = proposal.procedure
    return (
        total([one.before.summary for one in effects]),
        total([one.after.summary for one in effects]),
    )


def _cells(trade: Trade) -> tuple[str, ...]:
    return (
        duration(trade.setting.window), number(trade.setting.alarms),
        f"{trade.alerts_per_week:.2f}", str(trade.wrong), f"{trade.found} of {trade.events}",
        "–" if trade.hours is None else f"{trade.hours:.1f}",
    )  # fmt: skip


def _setting(setting: Setting) -> str:
    return f"window {duration(setting.window)}, {number(setting.alarms)} false alarms a year"


def _days(span: Part) -> str:
    return f"{span.since:%Y-%m-%d} to {span.until:%Y-%m-%d}"


def _step_record(step: Step) -> dict[str, Any]:
    return {
        "rule": step.rule,
        "before": _setting_record(step.before),
        "after": _setting_record(step.after),
        "changed": step.changed,
        "trades": [
            _setting_record(one.setting)
            | {
                "alerts_per_week": one.alerts_per_week,
                "wrong": one.wrong,
                "found": one.found,
                "events": one.events,
                "time_to_detect_hours_median": one.hours,
            }
            for one in step.trades
        ],
    }


def _setting_record(setting: Setting) -> dict[str, Any]:
    return {"window": duration(setting.window), "false_alarms_per_year": setting.alarms}


def _effect_record(effect: Effect) -> dict[str, Any]:
    return {
        "from": effect.span.since.isoformat().replace("+00:00", "Z"),
        "to": effect.span.until.isoformat().replace("+00:00", "Z"),
        "before": effect.before.summary.to_json(),
        "after": effect.after.summary.to_json(),
    }
