"""What people say holds messages back: silences, mute times, and what was done with an episode."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from alerts.episode import Episode
from alerts.handling import Handling
from alerts.pipeline import Decision, Held, MuteTime, Passed, Route, Step, Told, decide
from alerts.pipeline.reasons import (
    ACKNOWLEDGED,
    CLOSED,
    IN_DIGEST,
    MUTED,
    NOT_WANTED,
    SILENCED,
    SNOOZED,
    UNROUTED,
)
from alerts.pipeline.times import DigestTimes
from alerts.silence import Silence, SilenceMatch

MakeEpisode = Callable[..., Episode]
NOW = datetime(2025, 6, 28, 9, 14, tzinfo=UTC)  # a Saturday
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DESK = Route(channels=("desk",))
DRILL = Silence(
    "7f3a", SilenceMatch(rules=("raid-spike",)), NOW - HOUR, NOW + HOUR, "ana", "a drill"
)
WEEKEND = MuteTime(frozenset({5, 6}), time(0), time(0), UTC)


def keys(decisions: Sequence[Decision]) -> list[str]:
    return [d.candidate.key for d in decisions if isinstance(d.verdict, Passed)]


def why(decisions: Sequence[Decision]) -> list[tuple[str, str]]:
    return [(d.stage, d.verdict.reason) for d in decisions if isinstance(d.verdict, Held)]


def told(episode: Episode, change: str = "opened", severity: str = "warning") -> Told:
    key = f"{episode.id}:{change}:desk"
    return Told(key, episode.id, "desk", 0, NOW, change=change, severity=severity)  # type: ignore[arg-type]


def handled(episode: Episode, **fields: object) -> Episode:
    return replace(episode, handling=Handling(**fields))  # type: ignore[arg-type]


def test_what_is_silenced_is_held_with_the_silence_and_who_made_it(
    make_episode: MakeEpisode,
) -> None:
    (decision,) = decide([make_episode()], [], [DESK], [], NOW, silences=[DRILL])
    assert decision.stage == "silence"
    assert decision.verdict == Held(
        SILENCED, "Silence 7f3a by ana until 2025-06-28 10:14 UTC: a drill."
    )


@pytest.mark.parametrize(
    ("match", "silent"),
    [
        (SilenceMatch(rules=("raid-spike", "other")), True),
        (SilenceMatch(rules=("other",)), False),
        (SilenceMatch(severities=("warning",)), True),
        (SilenceMatch(severities=("critical",)), False),
        (SilenceMatch(categories=("detention_or_raid",)), True),
        (SilenceMatch(categories=("cyber_incident",)), False),
        (SilenceMatch(episodes=("raid-spike-20250628T0914",)), True),
        (SilenceMatch(rules=("raid-spike",), severities=("critical",)), False),
    ],
)
def test_a_silence_takes_what_it_matches(
    make_episode: MakeEpisode, match: SilenceMatch, silent: bool
) -> None:
    episode = make_episode()
    about = {episode.id: {"detention_or_raid"}}
    one = replace(DRILL, match=match)
    decisions = decide([episode], [], [DESK], [], NOW, about, silences=[one])
    assert bool(why(decisions)) is silent


def test_when_a_silence_is_over_the_episode_that_is_still_open_is_told(
    make_episode: MakeEpisode,
) -> None:
    episode, later = make_episode(), NOW + HOUR
    earlier = {f"{episode.id}:opened:desk": {SILENCED}}
    during = decide([], [episode], [DESK], [], later - MINUTE, silences=[DRILL], earlier=earlier)
    assert why(during) == [("silence", SILENCED)]
    after = decide([], [episode], [DESK], [], later, silences=[DRILL], earlier=earlier)
    assert keys(after) == [f"{episode.id}:opened:desk"]
    over = replace(episode, state="resolved", resolved_at=later)
    assert decide([], [over], [DESK], [], later, earlier=earlier) == ()


def test_an_episode_that_was_held_for_good_is_not_told_later(make_episode: MakeEpisode) -> None:
    episode = make_episode()
    earlier = {f"{episode.id}:opened:desk": {"reading", "closed"}}
    assert decide([], [episode], [DESK], [], NOW + HOUR, earlier=earlier) == ()


def test_in_a_mute_time_nothing_leaves_not_even_what_is_critical(
    make_episode: MakeEpisode,
) -> None:
    episode = make_episode(severity="critical")
    route = replace(DESK, mute_times=(WEEKEND,))
    (decision,) = decide([episode], [], [route], [], NOW)
    assert decision.verdict == Held(MUTED, "The route is mute until 2025-06-29 00:00 UTC.")
    monday = datetime(2025, 6, 30, 0, 0, tzinfo=UTC)
    earlier = {f"{episode.id}:opened:desk": {MUTED}}
    assert keys(decide([], [episode], [route], [], monday, earlier=earlier)) == [
        f"{episode.id}:opened:desk"
    ]


def test_an_acknowledged_episode_is_not_repeated_and_calls_nobody_else(
    make_episode: MakeEpisode,
) -> None:
    episode = handled(make_episode(), acknowledged_by="ana", acknowledged_at=NOW + MINUTE)
    route = replace(DESK, repeat_every=HOUR, escalate=(Step(15 * MINUTE, ("boss",)),))
    decisions = decide([], [episode], [route], [told(episode)], NOW + 2 * HOUR)
    assert why(decisions) == [("handled", ACKNOWLEDGED), ("handled", ACKNOWLEDGED)]


def test_an_acknowledged_episode_that_gets_worse_is_told(make_episode: MakeEpisode) -> None:
    episode = handled(make_episode(), acknowledged_by="ana", acknowledged_at=NOW + MINUTE)
    worse = replace(episode, severity="critical", worst="critical")
    decisions = decide([], [worse], [DESK], [told(episode)], NOW + HOUR)
    assert keys(decisions) == [f"{episode.id}:escalated:desk"]


def test_a_snoozed_episode_says_nothing_until_then_unless_it_gets_worse(
    make_episode: MakeEpisode,
) -> None:
    episode = handled(make_episode(), snoozed_until=NOW + 3 * HOUR)
    route = replace(DESK, repeat_every=HOUR)
    log = [told(episode)]
    assert why(decide([], [episode], [route], log, NOW + 2 * HOUR)) == [("handled", SNOOZED)]
    assert len(keys(decide([], [episode], [route], log, NOW + 3 * HOUR))) == 1
    worse = replace(episode, severity="critical", worst="critical")
    assert keys(decide([], [worse], [DESK], log, NOW + HOUR)) == [f"{episode.id}:escalated:desk"]


@pytest.mark.parametrize("false_alarm", [False, True])
def test_a_closed_episode_says_nothing_more(make_episode: MakeEpisode, false_alarm: bool) -> None:
    closed = handled(
        make_episode(), closed_by="ana", closed_at=NOW + MINUTE, false_alarm=false_alarm
    )
    over = replace(closed, state="resolved", resolved_at=NOW + MINUTE)
    (decision,) = decide([], [over], [DESK], [told(closed)], NOW + 2 * MINUTE)
    assert isinstance(decision.verdict, Held) and decision.verdict.reason == CLOSED
    assert decision.verdict.detail == (
        "ana closed it as a false alarm." if false_alarm else "ana closed it."
    )


def test_that_no_route_takes_an_episode_is_decided_too(make_episode: MakeEpisode) -> None:
    (decision,) = decide([make_episode()], [], [], [], NOW)
    assert decision.verdict == Held(UNROUTED, "No route takes it.")
    assert (decision.candidate.channel, decision.stage) == ("", "route")


def test_a_route_with_a_digest_tells_nothing_at_once(make_episode: MakeEpisode) -> None:
    gathers = replace(DESK, digest=DigestTimes("day", time(7), UTC))
    (decision,) = decide([make_episode()], [], [gathers], [], NOW)
    assert decision.verdict == Held(IN_DIGEST, "It goes into the digest of the day.")
    both = decide([make_episode()], [], [gathers, DESK], [], NOW)
    assert keys(both) == ["raid-spike-20250628T0914:opened:desk"] and why(both) == []


def test_a_route_tells_only_of_the_changes_that_it_names(make_episode: MakeEpisode) -> None:
    episode = make_episode()
    worse = replace(episode, severity="critical", worst="critical")
    only = replace(DESK, tell=frozenset({"opened"}))
    decisions = decide([], [worse], [only], [told(episode)], NOW + HOUR)
    assert why(decisions) == [("route", NOT_WANTED)]
