"""Which messages leave, and which are held and why."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts import pipeline
from alerts.episode import Episode, advance
from alerts.finding import Finding
from alerts.pipeline import Decision, Held, Match, Passed, QuietHours, Route, Told, decide
from alerts.pipeline.reasons import READING, UNROUTED

MakeEpisode = Callable[..., Episode]
NOW = datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
DESK = Route(channels=("desk-mail", "desk-slack"))


def keys(decisions: Sequence[Decision]) -> list[str]:
    return [d.candidate.key for d in decisions if isinstance(d.verdict, Passed)]


def reasons(decisions: Sequence[Decision]) -> list[str]:
    return [d.verdict.reason for d in decisions if isinstance(d.verdict, Held)]


def told(episode: Episode, channel: str, number: int = 0, due_at: datetime = NOW) -> Told:
    return Told(f"{episode.id}:{number}:{channel}", episode.id, channel, number, due_at)


def test_an_opened_episode_is_told_at_once_to_each_channel(make_episode: MakeEpisode) -> None:
    decisions = decide([make_episode()], [], [DESK], [], NOW)
    assert keys(decisions) == [
        "raid-spike-20250628T0914:opened:desk-mail",
        "raid-spike-20250628T0914:opened:desk-slack",
    ]
    assert all(d.verdict == Passed(NOW) for d in decisions)


def test_while_it_goes_on_nobody_is_told_again(make_episode: MakeEpisode) -> None:
    episode = make_episode()
    log = [told(episode, channel) for channel in DESK.channels]
    for hours in range(48):
        assert decide([], [episode], [DESK], log, NOW + timedelta(hours=hours)) == ()


def test_a_task_that_runs_twice_tells_once(make_episode: MakeEpisode) -> None:
    first = decide([make_episode()], [], [DESK], [], NOW)
    log = [
        Told(d.candidate.key, d.candidate.episode.id, d.candidate.channel, 0, NOW) for d in first
    ]
    again = decide([make_episode()], [], [DESK], log, NOW)
    assert reasons(again) == [pipeline.TOLD_ALREADY, pipeline.TOLD_ALREADY]


def test_two_routes_to_one_channel_tell_it_once(make_episode: MakeEpisode) -> None:
    other = Route(channels=("desk-slack", "boss"), group_wait=timedelta(minutes=5))
    decisions = decide([make_episode()], [], [DESK, other], [], NOW)
    assert [d.candidate.channel for d in decisions] == ["desk-mail", "desk-slack", "boss"]
    assert [d.verdict for d in decisions][1:] == [Passed(NOW), Passed(NOW + timedelta(minutes=5))]


def test_a_group_wait_counts_from_the_opening(make_episode: MakeEpisode) -> None:
    route = replace(DESK, channels=("desk",), group_wait=timedelta(seconds=30))
    (decision,) = decide([make_episode()], [], [route], [], NOW + timedelta(seconds=10))
    assert decision.verdict == Passed(NOW + timedelta(seconds=30))


@pytest.mark.parametrize(
    ("match", "taken"),
    [
        (Match(), True),
        (Match(rules=frozenset({"raid-spike"})), True),
        (Match(rules=frozenset({"trade-spike"})), False),
        (Match(severities=frozenset({"warning", "critical"})), True),
        (Match(severities=frozenset({"critical"})), False),
        (Match(categories=frozenset({"detention_or_raid"})), True),
        (Match(categories=frozenset({"cyber_incident"})), False),
        (Match(frozenset({"raid-spike"}), frozenset({"critical"})), False),
    ],
)
def test_a_route_takes_what_it_matches(
    make_episode: MakeEpisode, match: Match, taken: bool
) -> None:
    episode = make_episode()
    about = {episode.id: {"detention_or_raid", "legal_action"}}
    decisions = decide([episode], [], [replace(DESK, match=match)], [], NOW, about)
    assert bool(keys(decisions)) is taken
    assert reasons(decisions) == ([] if taken else [UNROUTED])


def test_an_open_episode_repeats_where_its_route_says_so(make_episode: MakeEpisode) -> None:
    episode = make_episode()
    route = Route(channels=("desk",), repeat_every=timedelta(hours=4))
    log = [told(episode, "desk")]
    early = decide([], [episode], [route], log, NOW + timedelta(hours=3, minutes=59))
    assert reasons(early) == [pipeline.NOT_DUE]
    due = decide([], [episode], [route], log, NOW + timedelta(hours=4))
    assert keys(due) == ["raid-spike-20250628T0914:repeat-1:desk"]
    log.append(told(episode, "desk", 1, NOW + timedelta(hours=4)))
    assert reasons(decide([], [episode], [route], log, NOW + timedelta(hours=7))) == [
        pipeline.NOT_DUE
    ]
    later = decide([], [episode], [route], log, NOW + timedelta(hours=8))
    assert keys(later) == ["raid-spike-20250628T0914:repeat-2:desk"]


def test_what_was_never_told_is_not_repeated(make_episode: MakeEpisode) -> None:
    route = Route(channels=("desk",), repeat_every=timedelta(hours=4))
    assert decide([], [make_episode()], [route], [], NOW + timedelta(days=1)) == ()


def test_a_resolved_episode_is_not_repeated(make_episode: MakeEpisode) -> None:
    episode = replace(make_episode(), state="resolved", resolved_at=NOW)
    route = Route(channels=("desk",), repeat_every=timedelta(hours=4))
    log = [told(episode, "desk")]
    assert decide([], [episode], [route], log, NOW + timedelta(days=1)) == ()


def test_one_burst_that_fires_two_rules_is_one_message(make_episode: MakeEpisode) -> None:
    raids, escalation = make_episode(), make_episode(rule="escalation-spike")
    decisions = decide([raids, escalation], [], [DESK], [], NOW)
    assert keys(decisions) == [
        "escalation-spike-20250628T0914:opened:desk-mail",
        "escalation-spike-20250628T0914:opened:desk-slack",
    ]
    assert reasons(decisions) == [pipeline.COVERED, pipeline.COVERED]


def test_a_rule_that_fires_later_on_the_same_stories_is_held(make_episode: MakeEpisode) -> None:
    raids, later = (
        make_episode(),
        make_episode(rule="escalation-spike", at=NOW + timedelta(hours=1)),
    )
    (decision,) = decide(
        [later], [raids], [Route(channels=("desk",))], [told(raids, "desk")], later.opened_at
    )
    assert isinstance(decision.verdict, Held)
    assert decision.verdict.detail == "desk was told of this burst as raid-spike-20250628T0914."


def test_a_rule_on_other_stories_is_told(make_episode: MakeEpisode) -> None:
    raids, trade = make_episode(), make_episode(rule="trade-spike", stories=("t1", "t2", "t3"))
    decisions = decide([trade], [raids], [Route(channels=("desk",))], [told(raids, "desk")], NOW)
    assert len(keys(decisions)) == 1


def test_a_more_severe_rule_on_the_same_stories_is_told(make_episode: MakeEpisode) -> None:
    later = NOW + timedelta(minutes=5)
    raids, worse = make_episode(), make_episode(rule="clash", severity="critical", at=later)
    decisions = decide([worse], [raids], [Route(channels=("desk",))], [told(raids, "desk")], later)
    assert len(keys(decisions)) == 1


def test_nobody_is_woken_twice_within_a_minute_by_one_burst(make_episode: MakeEpisode) -> None:
    later = NOW + timedelta(seconds=2)
    raids, worse = make_episode(), make_episode(rule="clash", severity="critical", at=later)
    (decision,) = decide(
        [worse], [raids], [Route(channels=("desk",))], [told(raids, "desk")], later
    )
    assert isinstance(decision.verdict, Held) and decision.verdict.reason == READING


def test_the_most_severe_of_several_is_the_one_that_is_told(make_episode: MakeEpisode) -> None:
    raids, worse = make_episode(), make_episode(rule="clash", severity="critical")
    decisions = decide([raids, worse], [], [Route(channels=("desk",))], [], NOW)
    assert keys(decisions) == ["clash-20250628T0914:opened:desk"]


def waiting(episode: Episode, channel: str, due_at: datetime) -> Told:
    return Told(f"{episode.id}:opened:{channel}", episode.id, channel, 0, due_at, waits=True)


def test_a_more_severe_rule_takes_the_place_of_a_message_that_has_not_left(
    make_episode: MakeEpisode,
) -> None:
    route = Route(channels=("desk",), group_wait=timedelta(seconds=5))
    milder, later = make_episode(), NOW + timedelta(seconds=3)
    worse = make_episode(rule="clash", severity="critical", at=later)
    log = [waiting(milder, "desk", NOW + timedelta(seconds=5))]
    (decision,) = decide([worse], [milder], [route], log, later)
    # It leaves when the other would have: the wait does not begin anew.
    assert decision.verdict == Passed(NOW + timedelta(seconds=5), (log[0].key,))


def test_two_halves_of_a_burst_that_a_third_rule_sees_whole_are_one_message(
    make_episode: MakeEpisode,
) -> None:
    route, later = Route(channels=("desk",)), NOW + timedelta(seconds=20)
    raids = make_episode(severity="critical", stories=("r1", "r2", "r3"))
    whole = make_episode(rule="escalation", stories=("r1", "r2", "r3", "p1", "p2"))
    protests = make_episode(rule="protest", severity="critical", stories=("p1", "p2"), at=later)
    (decision,) = decide([protests], [raids, whole], [route], [told(raids, "desk")], later)
    assert isinstance(decision.verdict, Held) and decision.verdict.reason == pipeline.COVERED


def test_a_later_burst_is_told_though_an_open_episode_absorbs_it(
    make_episode: MakeEpisode, make_finding: Callable[..., Finding]
) -> None:
    later = NOW + timedelta(hours=2)
    fresh = ("n1", "n2", "n3")
    opened = make_episode()
    moved = advance(opened, make_finding(at=later, stories=("s1", *fresh)), later)
    absorbing = moved.episode
    assert absorbing is not None and moved.change == "escalated"
    media = make_episode(rule="media", stories=fresh, at=later)
    log = [told(opened, "desk")]
    by_then = {absorbing.id: moved}
    silent = Route(channels=("desk",), tell=frozenset({"opened"}))
    decisions = decide([media], [absorbing], [silent], log, later, moved=by_then)
    assert keys(decisions) == ["media-20250628T1114:opened:desk"]
    # Where the desk hears of escalations, too, the open episode tells of the new burst: once.
    desk = Route(channels=("desk",))
    decisions = decide([media], [absorbing], [desk], log, later, moved=by_then)
    assert keys(decisions) == ["raid-spike-20250628T0914:escalated:desk"]
    assert reasons(decisions) == [pipeline.COVERED]


def test_of_rules_that_fire_together_the_one_with_most_to_tell_is_told(
    make_episode: MakeEpisode,
) -> None:
    part, whole = make_episode(rule="a-part", stories=("s1", "s2")), make_episode(rule="b-whole")
    part, whole = (replace(e, last=replace(e.last, stories=n)) for e, n in ((part, 2), (whole, 9)))
    decisions = decide([part, whole], [], [Route(channels=("desk",))], [], NOW)
    assert keys(decisions) == ["b-whole-20250628T0914:opened:desk"]


def test_another_channel_that_was_not_told_hears_of_it(make_episode: MakeEpisode) -> None:
    raids, escalation = make_episode(), make_episode(rule="escalation-spike")
    decisions = decide(
        [escalation], [raids], [Route(channels=("boss",))], [told(raids, "desk")], NOW
    )
    assert keys(decisions) == ["escalation-spike-20250628T0914:opened:boss"]


NIGHT = QuietHours(time(22, 0), time(7, 0), ZoneInfo("Asia/Baku"))


@pytest.mark.parametrize(
    ("quiet", "moment", "end"),
    [
        # Baku is four hours ahead of UTC, all year.
        (NIGHT, "2025-06-28T17:59", None),
        (NIGHT, "2025-06-28T18:00", "2025-06-29T03:00"),
        (NIGHT, "2025-06-28T23:30", "2025-06-29T03:00"),
        (NIGHT, "2025-06-29T02:59", "2025-06-29T03:00"),
        (NIGHT, "2025-06-29T03:00", None),
        (QuietHours(time(12), time(13), UTC), "2025-06-28T12:30", "2025-06-28T13:00"),
        (QuietHours(time(12), time(13), UTC), "2025-06-28T13:00", None),
        (QuietHours(time(9), time(9), UTC), "2025-06-28T09:00", None),
        # The night in which Berlin's clocks go forward is an hour shorter.
        (
            QuietHours(time(22), time(7), ZoneInfo("Europe/Berlin")),
            "2025-03-29T22:00",
            "2025-03-30T05:00",
        ),
    ],
)
def test_quiet_hours_by_the_clock_of_their_zone(
    quiet: QuietHours, moment: str, end: str | None
) -> None:
    found = quiet.end_after(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert found == (end and datetime.fromisoformat(end).replace(tzinfo=UTC))


def test_quiet_hours_hold_what_is_not_critical(make_episode: MakeEpisode) -> None:
    night = datetime(2025, 6, 28, 20, 0, tzinfo=UTC)
    route = Route(channels=("desk",), quiet_hours=NIGHT)
    (waits,) = decide([make_episode(at=night)], [], [route], [], night)
    assert waits.verdict == Passed(datetime(2025, 6, 29, 3, 0, tzinfo=UTC))
    (leaves,) = decide([make_episode(at=night, severity="critical")], [], [route], [], night)
    assert leaves.verdict == Passed(night)
