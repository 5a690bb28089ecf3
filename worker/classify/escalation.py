"""The escalation score of an article: one readable formula, in one place.

    (points of severity × share of direction + 0.7 for each further event) × relevance

- The main happening gives the points of its severity (`POINTS`): words weigh little, deaths most.
- The share (`SHARE`) is what counts of them: all of them where the happening is escalatory, four
  tenths where it is neutral (an accident that nobody is blamed for is still worth a look), none
  where it repairs.
- A second and a third escalatory event of the article add `FURTHER` each, unless the main
  happening repairs.
- The relevance, 0 to 1, scales the sum: what is only half about the two countries counts half.

The score lies between 0 and 10. A summons whose article is certainly about the dyad has
4 × 1 × 1 = 4.0; a raid with deaths, told together with a protest, (8 + 0.7) × 1 = 8.7; a crash
without attribution 8 × 0.4 = 3.2; an apology 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from worker.classify.record import Direction
from worker.classify.score import Part, bounded, total

POINTS = {0: 0.0, 1: 2.0, 2: 4.0, 3: 6.0, 4: 8.0}
SHARE: dict[Direction, float] = {"escalatory": 1.0, "neutral": 0.4, "de_escalatory": 0.0}
FURTHER = 0.7
MOST_FURTHER = 2
HIGHEST = 10.0


@dataclass(frozen=True, slots=True)
class Escalation:
    """`score`, 0 to 10, and the parts that add up to it."""

    score: float
    parts: tuple[Part, ...]


def escalation(
    direction: Direction, severity: int, escalatory_events: int, relevance: float
) -> Escalation:
    """The escalation of an article by the formula above.

    `escalatory_events` counts the article's escalatory events, the main one included.
    """
    parts = list(_points(direction, severity, escalatory_events))
    scaled = total(parts) * (relevance - 1)
    if scaled:
        parts.append((f"times the relevance {relevance:.2f}", scaled))
    kept = bounded(parts, 0.0, HIGHEST)
    return Escalation(round(total(kept), 1), kept)


def _points(direction: Direction, severity: int, escalatory_events: int) -> Iterator[Part]:
    points = POINTS[severity]
    yield f"severity {severity}", points
    if points and SHARE[direction] < 1:
        yield (
            f"{direction.replace('_', '-')} counts {SHARE[direction]:g} of it",
            points * (SHARE[direction] - 1),
        )
    further = min(MOST_FURTHER, max(0, escalatory_events - 1))
    if further and direction != "de_escalatory":
        yield f"{further} further escalatory event{'s' * (further > 1)}", FURTHER * further
