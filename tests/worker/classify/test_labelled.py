"""The development set: short articles of our own, labelled by the codebook, with floors.

The floors are what the lexicon reaches on these articles, less a little. They guard against a
change that breaks what worked; how well it does on articles nobody here wrote is another question.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from worker.classify import Classifier

LABELLED = Path(__file__).parent / "labelled.jsonl"
LANGUAGES = ["en", "ru", "az", "tr"]


def measured(classifier: Classifier, language: str | None) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        if language in (None, label["language"]):
            counts.update(compared(classifier, label))
    return counts


def compared(classifier: Classifier, label: dict) -> Counter[str]:
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
    return 2 * right / (2 * right + wrong)


@pytest.mark.parametrize("language", [None, *LANGUAGES])
def test_the_development_set_stays_understood(classifier, language):
    counts = measured(classifier, language)
    relevant = counts["hits"]
    assert counts["language"] / counts["articles"] >= 0.98
    assert f1(relevant, counts["misses"]) >= 0.95
    assert counts["direction"] / relevant >= 0.92
    assert counts["severity"] / relevant >= 0.9
    assert counts["severity_near"] / relevant >= 0.95
    assert counts["initiator"] / relevant >= 0.9
    assert f1(counts["categories_right"], counts["categories_wrong"]) >= 0.9


def test_the_set_is_balanced():
    labels = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    assert len(labels) >= 120
    assert len({label["id"] for label in labels}) == len(labels)
    for language in LANGUAGES:
        own = [label["relevant"] for label in labels if label["language"] == language]
        assert len(own) >= 40
        assert 0.35 <= own.count(False) / len(own) <= 0.6
