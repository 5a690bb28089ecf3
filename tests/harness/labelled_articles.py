"""The labelled articles and how far a classifier agrees with their labels."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from worker.classify import Classifier

HOME = Path(__file__).parents[1] / "worker" / "classify" / "labelled"
LANGUAGES = sorted(path.stem for path in HOME.glob("*.jsonl"))


def labelled(language: str) -> list[dict[str, Any]]:
    lines = (HOME / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def agreement(classifier: Classifier, labels: list[dict[str, Any]]) -> dict[str, float]:
    """Shares of agreement, 0 to 1: language, relevance F1; of what is relevant and found to be:
    direction, severity, severity within one step, initiator, micro-F1 of categories."""
    counts: Counter[str] = Counter()
    for label in labels:
        counts.update(compared(classifier, label))
    found = counts["hits"] or 1
    return {
        "language": counts["language"] / (counts["articles"] or 1),
        "relevance": f1(counts["hits"], counts["misses"]),
        **{
            name: counts[name] / found
            for name in ("direction", "severity", "severity_near", "initiator")
        },
        "categories": f1(counts["categories_right"], counts["categories_wrong"]),
    }


def compared(classifier: Classifier, label: dict[str, Any]) -> Counter[str]:
    said = classifier.classify({"title": label["title"], "text": label["text"]})
    counts: Counter[str] = Counter(articles=1, language=said.language == label["language"])
    counts["hits"] = said.relevant and label["relevant"]
    counts["misses"] = said.relevant != label["relevant"]
    if counts["hits"]:
        told, expected = {event.category for event in said.events}, set(label["categories"])
        counts["direction"] = said.direction == label["direction"]
        counts["severity"] = said.severity == label["severity"]
        counts["severity_near"] = abs(said.severity - label["severity"]) <= 1
        counts["initiator"] = said.initiator == label["initiator"]
        counts["categories_right"] = len(told & expected)
        counts["categories_wrong"] = len(told ^ expected)
    return counts


def f1(right: int, wrong: int) -> float:
    """F1 from true positives, and false positives and negatives together."""
    return 2 * right / (2 * right + wrong) if right + wrong else 0.0
