"""What a pipeline asks of rules, and what they fall short of."""

from __future__ import annotations

from worker.backtest.summary import Interval, Summary


def falling_short(
    summary: Summary,
    least_precision: float | None = None,
    least_recall: float | None = None,
    most_per_week: float | None = None,
) -> tuple[str, ...]:
    """A sentence for each limit that is not met; () where all are. Shares are 0 to 1.

    What cannot be told is not met: a pipeline that cannot judge its rules must not pass them.
    """
    told = []
    if least_precision is not None:
        told.append(
            _short("Precision", summary.precision, summary.precision_interval, least_precision)
            if summary.precision is not None
            else f"Precision cannot be told, and at least {least_precision:g} is asked: "
            f"{_why_no_precision(summary)}"
        )
    if least_recall is not None:
        told.append(
            _short("Recall", summary.recall, summary.recall_interval, least_recall)
            if summary.recall is not None
            else f"Recall cannot be told, and at least {least_recall:g} is asked: "
            f"{_why_no_recall(summary)}"
        )
    if most_per_week is not None:
        told.append(_too_many(summary.alerts_per_week, most_per_week))
    return tuple(sentence for sentence in told if sentence)


def _short(what: str, value: float, interval: Interval | None, least: float) -> str:
    if value >= least:
        return ""
    likely = f" (likely {interval[0]:.2f} to {interval[1]:.2f})" if interval else ""
    return f"{what} is {value:.3f}{likely}, less than the {least:g} that is asked."


def _too_many(rate: float | None, most: float) -> str:
    if rate is None:
        return (
            f"Alerts a week cannot be told, and at most {most:g} are asked: no time was replayed."
        )
    return "" if rate <= most else f"{rate:.2f} alerts a week are more than the {most:g} allowed."


def _why_no_precision(summary: Summary) -> str:
    if summary.events is None:
        return "there is no truth file; name one with --truth."
    if not summary.alerts:
        return "no alert was raised."
    return "the truth file can judge none of the alerts."


def _why_no_recall(summary: Summary) -> str:
    if summary.events is None:
        return "there is no truth file; name one with --truth."
    return "the truth file has no event in the time that was replayed."
