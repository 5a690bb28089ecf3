"""The picture of a back-test: what was reported, what was raised, what really happened.

Above, the stories of each day with what is usual for them; below, for each rule file, one row for
each rule with its alerts. Events of the truth file are shaded through all of it and numbered; what
each number stands for, and how soon it was found, is written below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from worker.backtest.canvas import (
    GREEN,
    GREY,
    INK,
    ORANGE,
    RED,
    SKY,
    drawing,
    new_figure,
    number_of,
    shown,
    write,
)
from worker.backtest.line import Line, Span
from worker.backtest.panels import MARKS, MOST_EVENTS, draw_alerts, draw_counts
from worker.backtest.scoring import Outcome, Scored
from worker.backtest.summary import Interval, Summary

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Of more rules than these only those that raised something have a row.
MOST_RULES = 40
_LONGEST_LABEL = 58

#: Heights in inches: above the panels, the counts, a row, what is around the rows of a file, the
#: axis of days, a line of the key.
_ABOVE, _COUNTS, _ROW, _AROUND, _DAYS, _LINE = 0.75, 2.6, 0.26, 0.36, 0.55, 0.2
_LEFT, _RIGHT = 0.245, 0.985
_MARGIN = 0.012


@dataclass(frozen=True, slots=True)
class Band:
    """One rule file's back-test; `names` are the rules' human names by id."""

    name: str
    scored: Scored
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn; the bands, at least one, are of the same span and truth file."""

    bands: tuple[Band, ...]
    line: Line | None = None
    outages: tuple[Span, ...] = ()


def draw(path: Path, picture: Picture) -> None:
    """Write the picture to `path`, .svg or .png; `PictureError` where that cannot be."""
    with drawing():
        write(_figure(picture), path)


def headline(summary: Summary) -> str:
    """The numbers of a back-test in one line."""
    rate = "" if summary.alerts_per_week is None else f" ({summary.alerts_per_week:.2f} a week)"
    alerts = "1 alert" if summary.alerts == 1 else f"{summary.alerts} alerts"
    told = [f"{alerts} in {summary.days:.0f} days{rate}"]
    if summary.precision is not None:
        told.append(f"precision {summary.precision:.2f}{_likely(summary.precision_interval)}")
    if summary.recall is not None:
        found = f"{summary.found} of {summary.events} events found"
        told.append(found + _likely(summary.recall_interval))
    if summary.time_to_detect_hours_median is not None:
        told.append(f"detected after {summary.time_to_detect_hours_median:.1f} h at the median")
    return " · ".join(told)


def _likely(interval: Interval | None) -> str:
    return f" ({interval[0]:.2f}–{interval[1]:.2f})" if interval else ""


def _figure(picture: Picture) -> Figure:
    key = _key(picture)
    rows = [_rules(band) for band in picture.bands]
    below = _DAYS + _LINE * ((len(key) + 1) // 2)
    height = _ABOVE + _COUNTS + below + sum(_AROUND + _ROW * max(len(one), 1) for one in rows)
    figure = new_figure(height)
    first = picture.bands[0].scored

    def panel(top: float, tall: float) -> Axes:
        """The panel that begins `top` inches below the upper edge and is `tall` inches high."""
        place = (_LEFT, 1 - (top + tall) / height, _RIGHT - _LEFT, tall / height)
        return figure.add_axes(place)

    top = _ABOVE
    panels = [panel(top, _COUNTS)]
    draw_counts(panels[0], picture.line, first, picture.outages)
    top += _COUNTS
    for band, rules in zip(picture.bands, rows, strict=True):
        tall = _ROW * max(len(rules), 1)
        panels.append(panel(top + _AROUND, tall))
        draw_alerts(panels[-1], rules, band.names, band.scored, picture.outages)
        if len(rows) > 1:
            _text(figure, f"{shown(band.name, 40)}: {headline(band.scored.summary)}",
                  top + _AROUND * 0.6, height, size=9)  # fmt: skip
        top += _AROUND + tall
    _draw_days(panels, first)
    _draw_title(figure, picture, height)
    half = (len(key) + 1) // 2
    for place, (line, found) in enumerate(key):
        column, row = divmod(place, half)
        at = height - below + _DAYS + _LINE * (row + 0.2)
        _text(figure, line, at, height, size=7.5, left=0.495 * column, colour=INK if found else RED)
    return figure


def _text(
    figure: Figure, text: str, top: float, height: float, *,
    size: float, left: float = 0.0, colour: str = INK, bold: bool = False,
) -> None:  # fmt: skip
    """A line of text, `top` inches below the upper edge."""
    weight = "bold" if bold else "normal"
    figure.text(
        _MARGIN + left, 1 - top / height, text, fontsize=size, fontweight=weight, color=colour,
        va="center",
    )  # fmt: skip


def _rules(band: Band) -> list[str]:
    """The rules that have a row: all, or of very many only those that raised something."""
    every = list(band.scored.summary.rules or ())
    if len(every) <= MOST_RULES:
        return every
    loud = {alert.rule for alert in band.scored.alerts}
    return [rule for rule in every if rule in loud][:MOST_RULES]


def _draw_days(panels: Sequence[Axes], scored: Scored) -> None:
    """The same days under each panel, written under the last."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    until = max(scored.until, scored.since + timedelta(hours=1))
    for panel in panels:
        locator = AutoDateLocator(tz=UTC, minticks=4, maxticks=12)  # type: ignore[no-untyped-call]
        formatter = ConciseDateFormatter(locator, tz=UTC)  # type: ignore[no-untyped-call]
        panel.set_xlim(number_of(scored.since), number_of(until))
        panel.xaxis.set_major_locator(locator)
        panel.xaxis.set_major_formatter(formatter)
        if panel is not panels[-1]:
            panel.tick_params(axis="x", labelbottom=False, length=0)
            panel.xaxis.get_offset_text().set_visible(False)
    # What the panels have in common is one frame: lines between them would say nothing.
    for panel in panels[:-1]:
        panel.spines["bottom"].set_color("#d9d9d9")


def _draw_title(figure: Figure, picture: Picture, height: float) -> None:
    band = picture.bands[0]
    days = f"{band.scored.since:%d %b %Y} – {band.scored.until:%d %b %Y} (UTC)"
    if len(picture.bands) == 1:
        _text(figure, headline(band.scored.summary), 0.2, height, size=10.5, bold=True)
        _text(figure, f"{shown(band.name, 60)}, {days}", 0.42, height, size=9)
    else:
        names = " and ".join(shown(one.name, 40) for one in picture.bands)
        _text(figure, names, 0.2, height, size=10.5, bold=True)
        _text(figure, days, 0.42, height, size=9)
    keys = _legend(picture)
    if keys:
        figure.legend(
            handles=keys, loc="upper left", ncols=len(keys), frameon=False, fontsize=8,
            bbox_to_anchor=(0.004, 1 - 0.48 / height), borderpad=0, columnspacing=1.4,
        )  # fmt: skip


def _legend(picture: Picture) -> list[Artist]:
    """What the marks, shades and hatches stand for that are in the picture."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    verdicts = {alert.verdict for band in picture.bands for alert in band.scored.alerts}
    keys: list[Artist] = [
        Line2D(
            [], [], linestyle="none", marker=mark, color=colour, label=words,
            markerfacecolor=colour if filled else "white",
        )
        for verdict, (colour, mark, filled, words) in MARKS.items()
        if verdict in verdicts
    ]  # fmt: skip
    became = {bool(one.alerts) for one in picture.bands[0].scored.outcomes or ()}
    if True in became:
        keys.append(Patch(color=GREEN, alpha=0.28, label="event, found"))
    if False in became:
        keys.append(Patch(fc=ORANGE, ec=ORANGE, alpha=0.4, ls="--", label="event, missed"))
    if picture.line is not None and any(picture.line.usual):
        keys.append(Patch(color=SKY, alpha=0.35, label="usual (nine of ten quiet days)"))
    if picture.outages:
        keys.append(Patch(fc="none", ec=GREY, hatch="////", label="outage"))
    return keys


def _key(picture: Picture) -> list[tuple[str, bool]]:
    """What the events' numbers stand for, each with whether any of the files found it."""
    each = zip(*(band.scored.outcomes or () for band in picture.bands), strict=True)
    lines = [
        (_told(number, outcomes), any(one.alerts for one in outcomes))
        for number, outcomes in enumerate(each, start=1)
    ]
    if len(lines) > MOST_EVENTS:
        lines[MOST_EVENTS:] = [(f"and {len(lines) - MOST_EVENTS} more", True)]
    return lines


def _told(number: int, outcomes: Sequence[Outcome]) -> str:
    """An event, and what became of it with each of the rule files."""
    event = outcomes[0].event
    days = f"{event.start}" if event.start == event.end else f"{event.start} … {event.end:%m-%d}"
    longest = _LONGEST_LABEL - 18 * (len(outcomes) - 1)
    became = " | ".join(_became(one) for one in outcomes)
    return f"{number}  {days}  {shown(event.label, longest)}: {became}"


def _became(outcome: Outcome) -> str:
    if not outcome.alerts:
        return "missed"
    if outcome.detect_hours is None:
        return "found ahead"
    return f"found after {outcome.detect_hours:.1f} h"
