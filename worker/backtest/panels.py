"""The panels of a back-test's picture: the line of counts, and a row of alerts for each rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from worker.backtest.canvas import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE,
    RED,
    SKY,
    number_of,
    plain,
    shown,
)
from worker.backtest.line import Line, Span
from worker.backtest.scoring import Alert, Outcome, Scored
from worker.backtest.truth import DAY, midnight

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Events beyond these have no number.
MOST_EVENTS = 80

_LONGEST_NAME = 40
#: Of more days than these the days are drawn faintly, and their mean of a week over them.
_MANY_DAYS = 400
_WEEK = 7

#: How an alert is drawn by its verdict: colour, mark, whether filled, and what it is called.
MARKS: Mapping[str | None, tuple[str, str, bool, str]] = {
    "right": (BLUE, "o", True, "right alert"),
    "wrong": (RED, "X", True, "wrong alert"),
    "unjudged": (GREY, "s", False, "alert that cannot be judged"),
    None: (INK, "D", True, "alert"),
}


def draw_counts(axes: Axes, line: Line | None, scored: Scored, outages: Sequence[Span]) -> None:
    """The line with its band, and the events' numbers above it."""
    plain(axes)
    draw_spans(axes, scored, outages)
    if line is not None and line.days:
        _draw_line(axes, line)
    axes.set_ylim(bottom=0)
    axes.set_ylim(0, max(axes.get_ylim()[1], 1.0) * 1.22)
    axes.set_ylabel("stories a day")
    axes.locator_params(axis="y", integer=True, nbins=5)
    _draw_numbers(axes, scored)


def draw_alerts(
    axes: Axes, rules: Sequence[str], names: Mapping[str, str], scored: Scored,
    outages: Sequence[Span],
) -> None:  # fmt: skip
    """One row for each of these rules, under its human name, with its alerts."""
    plain(axes)
    draw_spans(axes, scored, outages)
    for alert in scored.alerts:
        if alert.rule in rules:
            _mark(axes, alert, rules.index(alert.rule))
    axes.set_yticks(range(len(rules)), [shown(names.get(one, one), _LONGEST_NAME) for one in rules])
    axes.set_ylim(max(len(rules), 1) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color=PALE, linewidth=0.5)
    axes.set_axisbelow(True)


def draw_spans(axes: Axes, scored: Scored, outages: Sequence[Span]) -> None:
    """Outages hatched, events shaded; a missed one besides between broken lines."""
    for start, end in outages:
        axes.axvspan(
            number_of(max(start, scored.since)), number_of(min(end, scored.until)),
            facecolor="none", edgecolor=GREY, hatch="////", linewidth=0, alpha=0.7, zorder=0,
        )  # fmt: skip
    for outcome in scored.outcomes or ():
        start, end = _shaded(scored, outcome)
        colour = GREEN if outcome.alerts else ORANGE
        axes.axvspan(number_of(start), number_of(end), color=colour, alpha=0.28, linewidth=0)
        for edge in () if outcome.alerts else (start, end):
            broken = (0, (2, 2))
            axes.axvline(number_of(edge), color=ORANGE, linewidth=0.8, linestyle=broken, zorder=1)


def _draw_line(axes: Axes, line: Line) -> None:
    edges = [number_of(midnight(day)) for day in line.days]
    edges.append(number_of(midnight(line.days[-1]) + DAY))
    if any(line.usual):
        low = [float("nan") if one is None else one[0] for one in line.usual]
        high = [float("nan") if one is None else one[1] for one in line.usual]
        axes.fill_between(
            edges, [*low, low[-1]], [*high, high[-1]], step="post", color=SKY, alpha=0.35,
            linewidth=0,
        )  # fmt: skip
    counts = [*line.counts, line.counts[-1]]
    if len(line.days) <= _MANY_DAYS:
        axes.step(edges, counts, where="post", color=INK, linewidth=1.3)
        return
    axes.step(edges, counts, where="post", color=GREY, linewidth=0.4, alpha=0.7)
    means = [_mean(line.counts[max(0, at - _WEEK + 1) : at + 1]) for at in range(len(line.days))]
    axes.plot(edges[1:], means, color=INK, linewidth=1.0)


def _mean(counts: Sequence[int]) -> float:
    return sum(counts) / len(counts)


def _mark(axes: Axes, alert: Alert, row: int) -> None:
    colour, mark, filled, _ = MARKS[alert.verdict]
    axes.plot(
        [number_of(alert.time)], [row], linestyle="none", marker=mark, markersize=6.5,
        color=colour, markerfacecolor=colour if filled else "white", markeredgewidth=0.8,
        markeredgecolor="white" if filled else colour, clip_on=False, zorder=4,
    )  # fmt: skip


def _shaded(scored: Scored, outcome: Outcome) -> Span:
    """The days of an event, wide enough to be seen in a long span."""
    least = (scored.until - scored.since) / 300
    start, end = outcome.event.begins, outcome.event.right_until
    if end - start < least:
        middle = start + (end - start) / 2
        start, end = middle - least / 2, middle + least / 2
    return max(start, scored.since), min(max(end, scored.since), scored.until)


def _draw_numbers(axes: Axes, scored: Scored) -> None:
    """The events' numbers, one lower where the one before is near."""
    whole = max(scored.until - scored.since, timedelta(hours=1))
    level, before = 0, None
    for number, outcome in enumerate((scored.outcomes or ())[:MOST_EVENTS], start=1):
        start, end = _shaded(scored, outcome)
        middle = start + (end - start) / 2
        near = before is not None and middle - before < whole / 45
        level, before = (level + 1) % 3 if near else 0, middle
        axes.text(
            (middle - scored.since) / whole, 0.95 - 0.075 * level, str(number), fontsize=8,
            ha="center", va="center", transform=axes.transAxes, fontweight="bold",
            color=INK if outcome.alerts else RED,
        )  # fmt: skip
