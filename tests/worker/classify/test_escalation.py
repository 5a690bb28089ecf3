"""The formula of the escalation score, and its parts."""

import pytest

from worker.classify.escalation import escalation


@pytest.mark.parametrize(
    ("direction", "severity", "events", "relevance", "score"),
    [
        ("escalatory", 2, 1, 1.0, 4.0),
        ("escalatory", 4, 2, 1.0, 8.7),
        ("escalatory", 4, 9, 1.0, 9.4),
        ("escalatory", 4, 1, 0.5, 4.0),
        ("neutral", 4, 0, 1.0, 3.2),
        ("neutral", 0, 0, 0.8, 0.0),
        ("de_escalatory", 0, 3, 1.0, 0.0),
    ],
)
def test_the_formula(direction, severity, events, relevance, score):
    found = escalation(direction, severity, events, relevance)
    assert found.score == score
    assert sum(points for _, points in found.parts) == pytest.approx(found.score, abs=0.05)


def test_an_article_s_score_is_that_of_its_main_happening(classifier):
    understood = classifier.understand({"title": "Azerbaijan expels Russian diplomats"})
    assert understood.escalation is not None
    assert understood.escalation.score == understood.classification.escalation
    assert understood.escalation.parts[0] == ("severity 3", 6.0)


def test_an_irrelevant_article_has_none(classifier):
    assert classifier.understand({"title": "City opens a park"}).escalation is None
