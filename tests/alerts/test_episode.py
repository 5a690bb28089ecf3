"""The life of an episode, as a rule's evaluations move it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from alerts import episode as episodes
from alerts.episode import Episode, advance, quiet_after
from alerts.finding import Finding, Held

MakeFinding = Callable[..., Finding]
NOTHING = Held("raid-spike", "below_limit", "1 story, limit 3")
DAY = timedelta(days=1)


def at(clock: str, day: int = 28) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2025, 6, day, int(hour), int(minute), tzinfo=UTC)


def opened(make_finding: MakeFinding, clock: str = "09:14", **fields: object) -> Episode:
    transition = advance(None, make_finding(at(clock), **fields), at(clock))
    assert transition.change == "opened"
    assert transition.episode is not None
    return transition.episode


def test_a_finding_opens_an_episode_that_can_be_read_and_told_apart(
    make_finding: MakeFinding,
) -> None:
    episode = opened(make_finding)
    assert episode.id == "raid-spike-20250628T0914"
    assert (episode.state, episode.version, episode.findings) == ("open", 1, 1)
    assert (episode.peak_count, episode.opened_at, episode.resolved_at) == (9, at("09:14"), None)


def test_the_same_finding_at_the_same_time_opens_the_same_episode(
    make_finding: MakeFinding,
) -> None:
    assert opened(make_finding) == opened(make_finding)


def test_nothing_seen_and_nothing_open_changes_nothing() -> None:
    transition = advance(None, NOTHING, at("09:14"))
    assert (transition.change, transition.reason) == ("unchanged", episodes.NOTHING_OPEN)


def test_findings_that_continue_raise_the_peak_and_one_version_each(
    make_finding: MakeFinding,
) -> None:
    episode = opened(make_finding)
    grown = advance(episode, make_finding(at("09:15"), tuple("abcdefghijkl")), at("09:15"))
    assert (grown.change, grown.reason) == ("updated", episodes.GREW)
    assert grown.episode is not None
    sunk = advance(grown.episode, make_finding(at("09:16"), tuple("abcd")), at("09:16"))
    assert (sunk.change, sunk.reason) == ("updated", episodes.CONTINUES)
    assert sunk.episode is not None
    assert (sunk.episode.peak_count, sunk.episode.last.count) == (12, 4)
    assert (sunk.episode.version, sunk.episode.findings) == (3, 3)
    assert sunk.episode.id == episode.id


def test_two_evaluations_of_one_tick_count_once(make_finding: MakeFinding) -> None:
    episode = opened(make_finding)
    for clock in ("09:14", "09:10"):
        transition = advance(episode, make_finding(at(clock)), at(clock))
        assert (transition.change, transition.reason) == ("unchanged", episodes.SAME_TICK)
        assert transition.episode is episode


def test_it_is_resolved_when_its_rule_was_silent_for_its_window(make_finding: MakeFinding) -> None:
    episode = opened(make_finding)
    waiting = advance(episode, NOTHING, at("11:13"))
    assert (waiting.change, waiting.reason) == ("unchanged", episodes.STILL_QUIET)
    over = advance(episode, NOTHING, at("11:14"))
    assert (over.change, over.reason) == ("resolved", episodes.QUIET)
    assert over.episode is not None
    assert (over.episode.state, over.episode.resolved_at) == ("resolved", at("11:14"))
    assert over.episode.version == 2


def test_a_finding_in_between_starts_the_silence_anew(make_finding: MakeFinding) -> None:
    episode = advance(opened(make_finding), make_finding(at("11:00")), at("11:00")).episode
    assert advance(episode, NOTHING, at("12:59")).change == "unchanged"
    assert advance(episode, NOTHING, at("13:00")).change == "resolved"


def test_no_data_is_never_quiet(make_finding: MakeFinding) -> None:
    dark = advance(opened(make_finding), NOTHING, at("09:14", day=30), observed=False)
    assert (dark.change, dark.reason) == ("unchanged", episodes.UNOBSERVED)


def test_the_silence_can_be_given(make_finding: MakeFinding) -> None:
    quick = timedelta(minutes=5)
    assert advance(opened(make_finding), NOTHING, at("09:19"), quick).change == "resolved"


def test_a_resolved_episode_stays_resolved_while_nothing_fires(make_finding: MakeFinding) -> None:
    over = advance(opened(make_finding), NOTHING, at("12:00")).episode
    assert advance(over, NOTHING, at("13:00")).change == "unchanged"


def test_a_long_window_that_climbs_back_with_the_same_stories_is_the_same_burst(
    make_finding: MakeFinding,
) -> None:
    episode = opened(make_finding, window=DAY)
    over = advance(episode, NOTHING, at("11:00"), timedelta(hours=1)).episode
    again = make_finding(at("11:30"), ("s3", "s4", "s5", "new"), window=DAY)
    back = advance(over, again, at("11:30"))
    assert (back.change, back.reason) == ("reopened", episodes.REOPENED)
    assert back.episode is not None
    assert (back.episode.id, back.episode.state) == (episode.id, "open")
    assert back.episode.resolved_at is None


def test_a_second_burst_in_the_same_window_opens_its_own_episode(make_finding: MakeFinding) -> None:
    episode = opened(make_finding, window=DAY)
    over = advance(episode, NOTHING, at("11:00"), timedelta(hours=1)).episode
    second = make_finding(at("11:30"), ("s8", *(f"n{n}" for n in range(8))), window=DAY)
    transition = advance(over, second, at("11:30"))
    assert transition.change == "opened"
    assert transition.episode is not None
    assert transition.episode.id == "raid-spike-20250628T1130"
    assert transition.episode.version == 1


def test_a_burst_that_trails_through_a_day_opens_once_and_resolves_once(
    make_finding: MakeFinding,
) -> None:
    """Ten stories between 09:00 and 10:00, a limit of six in 24 hours, a look every ten minutes."""
    published = {f"s{n}": at("09:00") + timedelta(minutes=6 * n) for n in range(10)}
    episode: Episode | None = None
    changes = []
    for minute in range(0, 4 * 24 * 60, 10):
        now = at("08:00") + timedelta(minutes=minute)
        seen = tuple(story for story, when in published.items() if now - DAY < when <= now)
        outcome = make_finding(now, seen, window=DAY) if len(seen) >= 6 else NOTHING
        transition = advance(episode, outcome, now)
        episode = transition.episode
        changes.append(transition.change)
    assert (changes.count("opened"), changes.count("resolved")) == (1, 1)


def test_a_silence_without_stories_rests_on_its_time(make_finding: MakeFinding) -> None:
    episode = opened(make_finding, stories=(), window=DAY)
    over = advance(episode, NOTHING, at("11:00"), timedelta(hours=1)).episode
    soon = advance(over, make_finding(at("12:00"), (), window=DAY), at("12:00"))
    assert soon.reason == episodes.REOPENED
    late = advance(over, make_finding(at("12:00", day=30), (), window=DAY), at("12:00", day=30))
    assert late.change == "opened"


@pytest.mark.parametrize(
    ("window", "quiet"),
    [
        (timedelta(minutes=15), timedelta(hours=1)),
        (timedelta(hours=6), timedelta(hours=6)),
        (timedelta(days=90), timedelta(hours=24)),
    ],
)
def test_the_silence_that_ends_an_episode(window: timedelta, quiet: timedelta) -> None:
    assert quiet_after(window) == quiet
