"""The trade-off of each rule, drawn: alerts a week against events found and against time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from worker.backtest.canvas import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PALE,
    RED,
    SKY,
    drawing,
    new_figure,
    plain,
    shown,
    write,
)
from worker.backtest.proposal import Proposal, Step, Trade
from worker.backtest.rewriting import duration, number

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

#: A window's colour and mark, from the shortest to the longest that is tried.
_STYLES = ((SKY, "v"), (BLUE, "o"), (GREEN, "s"), (ORANGE, "D"), (RED, "^"))

#: Inches.
_ABOVE, _PANEL, _BELOW = 0.8, 2.3, 0.55
_LEFT, _WIDE, _GAP = 0.07, 0.4, 0.1

#: Rules beyond these are in the table and in the JSON.
MOST_RULES = 16


def draw_tradeoff(path: Path, proposal: Proposal, names: Mapping[str, str]) -> None:
    """Write the picture to `path`, .svg or .png; `PictureError` where that cannot be.

    Each row is a rule: left the share of its events that each setting finds, right the median hours
    until it does, both against its alerts a week, on the part that was chosen on.
    """
    steps = proposal.steps[:MOST_RULES]
    with drawing():
        height = _ABOVE + len(steps) * (_PANEL + _BELOW)
        figure = new_figure(height)
        span = proposal.chosen_on.span
        title = (
            "What each setting of each rule comes to, "
            f"{span.since:%d %b %Y} – {span.until:%d %b %Y}"
        )
        figure.text(0.012, 1 - 0.2 / height, title, fontsize=11, fontweight="bold", va="center")
        figure.text(
            0.012, 1 - 0.42 / height, va="center", fontsize=9,
            s="Numbers are false alarms a year; a ring is the rule as it is, a star as proposed.",
        )  # fmt: skip
        for row, step in enumerate(steps):
            bottom = 1 - (_ABOVE + row * (_PANEL + _BELOW) + _PANEL) / height
            size = (_WIDE, (_PANEL - 0.3) / height)
            left = figure.add_axes((_LEFT, bottom, *size))
            right = figure.add_axes((_LEFT + _WIDE + _GAP, bottom, *size))
            left.set_title(shown(names.get(step.rule, step.rule), 60), fontsize=9.5, loc="left")
            _draw(left, right, step)
        write(figure, path)


def _draw(left: Axes, right: Axes, step: Step) -> None:
    windows = sorted({trade.setting.window for trade in step.trades})
    for window, (colour, mark) in zip(windows, _STYLES, strict=False):
        trades = [one for one in step.trades if one.setting.window == window]
        trades.sort(key=lambda one: one.setting.alarms)
        rates = [one.alerts_per_week for one in trades]
        look = {"color": colour, "marker": mark, "markersize": 4, "linewidth": 1.0}
        left.plot(rates, [_share(one) for one in trades], label=duration(window), **look)  # type: ignore[arg-type]
        right.plot(rates, [_hours(one) for one in trades], **look)  # type: ignore[arg-type]
    _mark(left, right, step)
    for axes, label in ((left, "share of events found"), (right, "hours to detect, median")):
        plain(axes)
        axes.grid(color=PALE, linewidth=0.5)
        axes.set_ylabel(label)
        axes.set_xlabel("alerts a week")
        axes.set_xlim(left=0)
    left.set_ylim(-0.04, 1.04)
    right.set_ylim(bottom=0)
    left.legend(
        handles=_handles(left), frameon=False, fontsize=7, loc="lower right",
        title="window", title_fontsize=7,
    )  # fmt: skip


def _handles(axes: Axes) -> Sequence[Artist]:
    return [one for one in axes.get_lines() if not str(one.get_label()).startswith("_")]


def _mark(left: Axes, right: Axes, step: Step) -> None:
    """A ring around the present setting, a star on the proposed one."""
    known = {one.setting: one for one in step.trades}
    rings = ((step.before, "o", 10, "none"), (step.after, "*", 11, INK))
    for setting, mark, size, face in rings if step.changed else rings[:1]:
        trade = known[setting]
        for axes, value in ((left, _share(trade)), (right, _hours(trade))):
            axes.plot(
                [trade.alerts_per_week], [value], linestyle="none", marker=mark, markersize=size,
                markerfacecolor=face, markeredgecolor=INK, zorder=5,
            )  # fmt: skip
            if value == value:  # not where there is none
                axes.annotate(
                    number(setting.alarms), (trade.alerts_per_week, value), fontsize=7,
                    textcoords="offset points", xytext=(7, 4),
                )  # fmt: skip


def _share(trade: Trade) -> float:
    return trade.found / trade.events if trade.events else float("nan")


def _hours(trade: Trade) -> float:
    return float("nan") if trade.hours is None else trade.hours
