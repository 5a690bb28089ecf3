"""How far a classifier agrees with labels: for people in shares, for choosing in points."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from worker.classify.record import Classification
from worker.tuning.examples import Example

#: Whether an article comes in at all weighs twice what is said of it.
RELEVANCE_POINTS = 2.0


@dataclass(frozen=True, slots=True)
class Measures:
    """Shares of agreement, 0 to 1; None where no label speaks of it.

    Relevance over all articles; the rest over those that are relevant and were found to be.
    """

    articles: int
    precision: float | None
    recall: float | None
    f1: float | None
    direction: float | None
    severity: float | None
    severity_near: float | None
    initiator: float | None
    categories: float | None


def points(said: Classification, example: Example) -> float:
    """How right a classification is: 2 for relevance, and for a relevant article 1 for each label
    that it meets (half for a severity one step away, a share for categories)."""
    earned = RELEVANCE_POINTS if said.relevant == example.relevant else 0.0
    if not (said.relevant and example.relevant):
        return earned
    return earned + sum(_rights(said, example).values())


def measured(pairs: Iterable[tuple[Classification, Example]]) -> Measures:
    """The measures over classifications and the examples that they are of."""
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for said, example in pairs:
        counts["articles"] += 1
        counts["found"] += said.relevant
        counts["wanted"] += example.relevant
        if said.relevant and example.relevant:
            counts["hits"] += 1
            for name, right in _shares(said, example).items():
                counts[name] += 1
                sums[name] += right  # type: ignore[assignment]  # shares are no whole numbers

    def share(part: float, whole: int) -> float | None:
        return part / whole if whole else None

    return Measures(
        articles=counts["articles"],
        precision=share(counts["hits"], counts["found"]),
        recall=share(counts["hits"], counts["wanted"]),
        f1=share(2 * counts["hits"], counts["found"] + counts["wanted"]),
        **{name: share(sums[name], counts[name]) for name in _SHARES},
    )


_SHARES = ("direction", "severity", "severity_near", "initiator", "categories")


def _rights(said: Classification, example: Example) -> dict[str, float]:
    """What each label is worth by which it can be told, 0 to 1."""
    shares = _shares(said, example)
    if "severity" in shares:
        shares["severity"] = (shares["severity"] + shares.pop("severity_near")) / 2
    return shares


def _shares(said: Classification, example: Example) -> dict[str, float]:
    labels = example.labelled.labels
    shares: dict[str, float] = {}
    for name in ("direction", "initiator"):
        if name in labels:
            shares[name] = float(getattr(said, name) == labels[name])
    severity, categories = labels.get("severity"), labels.get("categories")
    if isinstance(severity, int):
        shares["severity"] = float(said.severity == severity)
        shares["severity_near"] = float(abs(said.severity - severity) <= 1)
    if isinstance(categories, tuple):
        told, expected = {event.category for event in said.events}, set(categories)
        shares["categories"] = len(told & expected) / len(told | expected) if told | expected else 1
    return shares
