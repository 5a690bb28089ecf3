"""What goes up and down again and again is kept, and told once until it calms down."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from alerts.episode import Episode, advance
from alerts.finding import Finding, Held
from alerts.flapping import STEADY, Flapping, eased, holds, moved

MakeFinding = Callable[..., Finding]
NOTHING = Held("raid-spike", "below_limit", "1 story, limit 3")
HOUR = timedelta(hours=1)
NINE = datetime(2025, 6, 28, 9, 0, tzinfo=UTC)
QUIET = 2 * HOUR


def turned(times: int, every: timedelta = HOUR, before: Flapping = STEADY) -> Flapping:
    """So many turns, the first at nine, from the direction in which it went before."""
    for number in range(times):
        before = moved(before, NINE + number * every, QUIET, up=not before.rising)
    return before


def test_climbing_again_and_again_is_no_turn() -> None:
    steady = STEADY
    for hour in range(10):
        steady = moved(steady, NINE + hour * HOUR, QUIET, up=True)
    assert steady.turns == ()


def test_a_crisis_of_two_waves_does_not_flap_and_one_of_three_does() -> None:
    assert turned(3).since is None
    assert turned(4).since == NINE + 3 * HOUR


def test_turns_far_apart_do_not_add_up() -> None:
    assert turned(20, every=9 * HOUR).since is None


def test_it_flaps_until_hardly_a_turn_is_left() -> None:
    flapping = turned(4)
    day = 24 * HOUR
    assert eased(flapping, NINE + day + HOUR, QUIET).since == NINE + 3 * HOUR
    assert eased(flapping, NINE + day + 2 * HOUR, QUIET).since is None


def test_what_flaps_is_told_once_and_what_is_worse_than_ever_is_told_at_all() -> None:
    flapping = turned(4)
    since = flapping.since
    assert since is not None
    assert not holds(flapping, since - HOUR), "that it flaps is told"
    assert not holds(flapping, None)
    assert holds(flapping, since)
    assert not holds(flapping, since, record=True)
    assert not holds(STEADY, NINE)


def test_an_episode_that_comes_and_goes_on_the_same_stories_flaps(
    make_finding: MakeFinding,
) -> None:
    episode: Episode | None = None
    changes = []
    for minutes in range(0, 20 * 60, 20):
        now = NINE + timedelta(minutes=minutes)
        outcome = make_finding(now) if minutes % 180 == 0 else NOTHING
        transition = advance(episode, outcome, now)
        episode = transition.episode
        if transition.change not in ("updated", "unchanged"):
            changes.append(transition.change)
    assert changes[:3] == ["opened", "resolved", "reopened"]
    assert episode is not None
    assert episode.flapping_since == NINE + timedelta(hours=6), "up, down, up, down, up"
