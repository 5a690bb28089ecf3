"""Escalation to the next person, when nobody acknowledges."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.episode import Episode
from alerts.pipeline import Decision, Held, Passed, Route, Step, Told, decide
from alerts.pipeline.reasons import NOT_ESCALATED_YET

MakeEpisode = Callable[..., Episode]
NOW = datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DUTY = Route(
    channels=("duty",),
    escalate=(Step(15 * MINUTE, ("deputy",)), Step(60 * MINUTE, ("boss", "deputy"))),
)


def told(episode: Episode, channel: str, change: str = "opened", number: int = 0) -> Told:
    suffix = f"-{number}" if number else ""
    return Told(
        f"{episode.id}:{change}{suffix}:{channel}",
        episode.id,
        channel,
        number,
        NOW,
        change=change,  # type: ignore[arg-type]
        severity=episode.severity,
        planned_at=NOW,
    )


def keys(decisions: Sequence[Decision]) -> list[str]:
    return [d.candidate.key for d in decisions if isinstance(d.verdict, Passed)]


def why(decisions: Sequence[Decision]) -> list[str]:
    return [d.verdict.reason for d in decisions if isinstance(d.verdict, Held)]


def test_the_next_person_is_told_when_the_time_is_over(make_episode: MakeEpisode) -> None:
    episode = make_episode()
    log = [told(episode, "duty")]
    early = decide([], [episode], [DUTY], log, NOW + 14 * MINUTE)
    assert why(early) == [NOT_ESCALATED_YET] * 3
    assert isinstance(early[0].verdict, Held)
    assert early[0].verdict.detail == (
        "deputy is told at 2025-06-28 09:29 UTC, unless somebody acknowledges it by then."
    )
    due = decide([], [episode], [DUTY], log, NOW + 15 * MINUTE)
    assert keys(due) == [f"{episode.id}:escalation-1:deputy"]


def test_each_person_is_told_once_a_step(make_episode: MakeEpisode) -> None:
    episode = make_episode()
    log = [told(episode, "duty"), told(episode, "deputy", "escalation", 1)]
    decisions = decide([], [episode], [DUTY], log, NOW + 61 * MINUTE)
    assert keys(decisions) == [
        f"{episode.id}:escalation-2:boss",
        f"{episode.id}:escalation-2:deputy",
    ]
    assert why(decisions) == []


def test_nobody_else_is_called_while_the_first_was_not_told(make_episode: MakeEpisode) -> None:
    assert decide([], [make_episode()], [DUTY], [], NOW + 60 * MINUTE) == ()


def test_a_message_that_could_not_be_delivered_does_not_stop_the_next_person(
    make_episode: MakeEpisode,
) -> None:
    episode = make_episode()
    # Tried again and again: it is due later and later, but was meant for NOW.
    failing = replace(told(episode, "duty"), due_at=NOW + 20 * MINUTE)
    decisions = decide([], [episode], [DUTY], [failing], NOW + 16 * MINUTE)
    assert keys(decisions) == [f"{episode.id}:escalation-1:deputy"]


def test_what_is_over_calls_nobody(make_episode: MakeEpisode) -> None:
    episode = replace(make_episode(), state="resolved", resolved_at=NOW + 5 * MINUTE)
    log = [told(episode, "duty"), told(episode, "duty", "resolved")]
    assert decide([], [episode], [DUTY], log, NOW + 16 * MINUTE) == ()
