"""What a pipeline asks of rules: a sentence for each limit that is not met."""

from dataclasses import replace

from worker.backtest.limits import falling_short
from worker.backtest.summary import Summary

GOOD = Summary(
    days=84.0,
    alerts=12,
    alerts_per_week=1.0,
    precision=0.75,
    recall=0.6,
    precision_interval=(0.47, 0.91),
    recall_interval=(0.31, 0.83),
    events=10,
)


def test_what_meets_its_limits_says_nothing() -> None:
    assert falling_short(GOOD) == ()
    assert falling_short(GOOD, 0.75, 0.6, 1.0) == ()


def test_each_limit_that_is_not_met_has_a_sentence() -> None:
    precision, recall, rate = falling_short(GOOD, 0.9, 0.8, 0.5)
    assert precision == (
        "Precision is 0.750 (likely 0.47 to 0.91), less than the 0.9 that is asked."
    )
    assert recall.startswith("Recall is 0.600")
    assert rate == "1.00 alerts a week are more than the 0.5 allowed."


def test_what_cannot_be_told_is_not_met() -> None:
    silent = replace(GOOD, alerts=0, precision=None, recall=None)
    assert falling_short(silent, least_precision=0.5) == (
        "Precision cannot be told, and at least 0.5 is asked: no alert was raised.",
    )
    (recall,) = falling_short(silent, least_recall=0.5)
    assert "no event in the time" in recall
    untold = replace(silent, events=None, alerts_per_week=None)
    for sentence in falling_short(untold, 0.5, 0.5):
        assert "--truth" in sentence
    assert len(falling_short(untold, most_per_week=1)) == 1
    (unjudged,) = falling_short(replace(silent, alerts=3), least_precision=0.5)
    assert "can judge none" in unjudged
