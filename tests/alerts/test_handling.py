"""What people do with an episode: each deed, twice, and where it cannot be done."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from alerts.episode import Episode, advance
from alerts.finding import Finding, Held
from alerts.handling import DEEDS, UNTOUCHED, Deed, Impossible, apply, is_snoozed

MakeEpisode = Callable[..., Episode]
MakeFinding = Callable[..., Finding]
NOTHING = Held("raid-spike", "below_limit", "1 story, limit 3")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = datetime(2025, 6, 28, 9, 30, tzinfo=UTC)


def done(episode: Episode, deed: Deed, by: str = "ana", now: datetime = NOW) -> Episode:
    """The deed, with whatever it needs besides."""
    return apply(episode, deed, by, now, until=now + HOUR, to="ben")


def resolved(episode: Episode) -> Episode:
    over = advance(episode, NOTHING, NOW + 10 * HOUR).episode
    assert over is not None and over.state == "resolved"
    return over


def test_an_episode_is_acknowledged_once_and_taken_over(make_episode: MakeEpisode) -> None:
    mine = done(make_episode(), "acknowledged")
    assert (mine.handling.acknowledged_by, mine.handling.acknowledged_at) == ("ana", NOW)
    assert done(mine, "acknowledged", now=NOW + HOUR) is mine
    theirs = done(mine, "acknowledged", by="ben", now=NOW + HOUR)
    assert theirs.handling.owner == "ben"


def test_giving_it_away_acknowledges_it(make_episode: MakeEpisode) -> None:
    given = done(make_episode(), "assigned")
    assert (given.handling.acknowledged_by, given.handling.assigned_to) == ("ana", "ben")
    assert given.handling.owner == "ben"
    assert given.version == make_episode().version + 1
    assert done(given, "assigned", now=NOW + HOUR) is given


def test_a_snooze_lasts_until_its_time_or_until_it_is_ended(make_episode: MakeEpisode) -> None:
    asleep = done(make_episode(), "snoozed")
    assert is_snoozed(asleep, NOW)
    assert not is_snoozed(asleep, NOW + HOUR)
    woken = done(asleep, "woken")
    assert not is_snoozed(woken, NOW)
    assert done(woken, "woken") is woken


def test_closing_resolves_it_and_reopening_takes_that_back(make_episode: MakeEpisode) -> None:
    shut = done(done(make_episode(), "snoozed"), "closed")
    assert (shut.state, shut.resolved_at, shut.closed) == ("resolved", NOW, True)
    assert shut.handling.snoozed_until is None
    assert done(shut, "closed", by="ben") is shut
    again = done(shut, "reopened", now=NOW + HOUR)
    assert (again.state, again.resolved_at, again.closed) == ("open", None, False)
    assert done(again, "reopened") is again


def test_a_false_alarm_is_closed_too_whenever_it_is_found_out(make_episode: MakeEpisode) -> None:
    for before in (make_episode(), resolved(make_episode()), done(make_episode(), "closed")):
        false = done(before, "false_alarm", now=NOW + HOUR)
        assert (false.closed, false.state, false.handling.false_alarm) == (True, "resolved", True)
        assert done(false, "false_alarm") is false
        assert not done(false, "reopened").handling.false_alarm


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_is_one_version_and_twice_is_once(make_episode: MakeEpisode, deed: Deed) -> None:
    before = {"woken": "snoozed", "reopened": "closed"}.get(deed)
    episode = done(make_episode(), before) if before else make_episode()  # type: ignore[arg-type]
    after = done(episode, deed)
    assert after.version == episode.version + 1
    assert apply(after, deed, "ana", NOW, until=NOW + HOUR, to="ben") is after


@pytest.mark.parametrize("deed", DEEDS)
def test_no_deed_touches_what_the_rule_works_with(make_episode: MakeEpisode, deed: Deed) -> None:
    """A look that began before the deed, and ends after it, still counts."""
    episode = make_episode()
    after = done(episode, deed)
    assert after.updated_at == episode.updated_at
    assert (after.last, after.level, after.severity) == (
        episode.last,
        episode.level,
        episode.severity,
    )


def test_a_rule_that_goes_on_leaves_what_people_have_done(
    make_episode: MakeEpisode, make_finding: MakeFinding
) -> None:
    given = done(make_episode(), "assigned")
    later = given.updated_at + HOUR
    assert (moved := advance(given, make_finding(later), later).episode) is not None
    assert moved.handling == given.handling != UNTOUCHED


@pytest.mark.parametrize(
    ("before", "deed", "said"),
    [
        ("closed", "acknowledged", "was closed by ana at 2025-06-28 09:30 UTC"),
        ("closed", "snoozed", "episodes reopen raid-spike-20250628T0914"),
        ("resolved", "snoozed", "is over since 2025-06-28 19:30 UTC: there is nothing to snooze"),
        ("resolved", "closed", "there is nothing to close"),
        ("resolved", "reopened", "it opens again by itself"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    make_episode: MakeEpisode, before: str, deed: Deed, said: str
) -> None:
    episode = resolved(make_episode()) if before == "resolved" else done(make_episode(), "closed")
    with pytest.raises(Impossible, match=said):
        done(episode, deed)


def test_a_snooze_that_cannot_be(make_episode: MakeEpisode) -> None:
    with pytest.raises(Impossible, match="which is past: give a time that is yet to come"):
        apply(make_episode(), "snoozed", "ana", NOW, until=NOW)
    with pytest.raises(Impossible, match="longer than 30 days: close it"):
        apply(make_episode(), "snoozed", "ana", NOW, until=NOW + timedelta(days=31))
    with pytest.raises(Impossible, match="say until when"):
        apply(make_episode(), "snoozed", "ana", NOW)
    with pytest.raises(Impossible, match="say to whom"):
        apply(make_episode(), "assigned", "ana", NOW)


def test_what_its_rule_has_left_behind_is_not_opened_again(make_episode: MakeEpisode) -> None:
    shut = done(make_episode(), "closed")
    with pytest.raises(Impossible, match="its rule has opened raid-spike-20250629T0100 since"):
        apply(shut, "reopened", "ana", NOW, later="raid-spike-20250629T0100")


def test_whoever_is_resolved_may_still_be_somebodys(make_episode: MakeEpisode) -> None:
    over = resolved(make_episode())
    assert done(over, "acknowledged").handling.owner == "ana"
    assert done(over, "acknowledged").state == "resolved"
