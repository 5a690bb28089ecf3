"""The escalation score: one readable formula, in one place."""

from worker.classify.record import Direction

#: Points for the severity of the main happening: words weigh little, deaths most.
POINTS = {0: 0.0, 1: 2.0, 2: 4.0, 3: 6.0, 4: 8.0}
#: How much of them counts, by the effect on the relation.
SHARE: dict[Direction, float] = {"escalatory": 1.0, "neutral": 0.4, "de_escalatory": 0.0}
#: A second and a third escalatory event of the article add this much each.
FURTHER = 0.7


def escalation_score(
    direction: Direction, severity: int, escalatory_events: int, relevance: float
) -> float:
    """0 to 10: (points of severity × share of direction + further events) × relevance.

    `escalatory_events` counts the article's escalatory events, the main one included; at most two
    further ones add `FURTHER` each, and only where the main happening does not repair.
    """
    further = min(2, max(0, escalatory_events - 1)) if direction != "de_escalatory" else 0
    points = POINTS[severity] * SHARE[direction] + FURTHER * further
    return round(min(10.0, points) * relevance, 1)
