"""A score that shows its arithmetic: parts with names, whose points add up to it."""

from collections.abc import Iterable

#: What it is, in words, and the points that it adds; negative ones take away.
Part = tuple[str, float]


def total(parts: Iterable[Part]) -> float:
    """The sum of the parts' points."""
    return sum(points for _, points in parts)


def bounded(parts: Iterable[Part], low: float, high: float) -> tuple[Part, ...]:
    """The parts, with a last one that keeps their sum between `low` and `high` where it must."""
    kept = tuple(parts)
    found = total(kept)
    over = min(high, max(low, found)) - found
    return kept if over == 0 else (*kept, (f"kept between {low:g} and {high:g}", over))
