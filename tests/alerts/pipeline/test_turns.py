"""What is told of an episode after it was opened: worse, milder, over, and other numbers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from alerts.episode import Episode, Transition
from alerts.flapping import Flapping
from alerts.pipeline import (
    Decision,
    Held,
    Match,
    MuteTime,
    Passed,
    QuietHours,
    Route,
    Said,
    Told,
    decide,
)
from alerts.pipeline.reasons import ABOUT_TO_LEAVE, FLAPPING, JUST_UPDATED, MUTED, NOT_WANTED

MakeEpisode = Callable[..., Episode]
NOW = datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DESK = Route(channels=("desk",))
NIGHT = QuietHours(time(9), time(17), UTC)


def keys(decisions: Sequence[Decision]) -> list[str]:
    return [d.candidate.key.split(":")[1] for d in decisions if isinstance(d.verdict, Passed)]


def why(decisions: Sequence[Decision]) -> list[str]:
    return [d.verdict.reason for d in decisions if isinstance(d.verdict, Held)]


def told(episode: Episode, change: str = "opened", **fields: object) -> Told:
    values: dict[str, object] = {
        "key": f"{episode.id}:{change}:desk",
        "episode": episode.id,
        "channel": "desk",
        "number": 0,
        "due_at": NOW,
        "change": change,
        "severity": episode.severity,
        "said": Said(episode.last.count, episode.last.stories, episode.last.newsrooms),
        "planned_at": NOW,
    }
    return Told(**{**values, **fields})  # type: ignore[arg-type]  # a test names its fields


def worse(episode: Episode) -> Episode:
    return replace(episode, severity="critical", worst="critical")


def over(episode: Episode, at: datetime) -> Episode:
    return replace(episode, state="resolved", resolved_at=at)


def grown(episode: Episode, stories: int, newsrooms: int = 5) -> Episode:
    last = replace(episode.last, count=stories, stories=stories, newsrooms=newsrooms)
    return replace(episode, last=last)


def test_an_episode_that_becomes_more_severe_is_told_once(make_episode: MakeEpisode) -> None:
    episode = make_episode()
    log = [told(episode)]
    first = decide([], [worse(episode)], [DESK], log, NOW + HOUR)
    assert keys(first) == ["escalated"]
    log.append(told(worse(episode), "escalated"))
    assert decide([], [worse(episode)], [DESK], log, NOW + HOUR + MINUTE) == ()


def test_an_escalation_that_leaves_the_severity_as_it_is_is_told_too(
    make_episode: MakeEpisode,
) -> None:
    episode = make_episode(severity="critical")
    moved = {episode.id: Transition("escalated", episode, "another_burst")}
    log = [told(episode)]
    assert keys(decide([], [episode], [DESK], log, NOW + HOUR, moved=moved)) == ["escalated"]
    log.append(told(episode, "escalated"))
    again = decide([], [episode], [DESK], log, NOW + 2 * HOUR, moved=moved)
    assert keys(again) == ["escalated-1"]


def test_that_it_got_better_is_told_only_where_the_route_says_so(
    make_episode: MakeEpisode,
) -> None:
    episode = make_episode()
    log = [told(worse(episode))]
    assert why(decide([], [episode], [DESK], log, NOW + HOUR)) == [NOT_WANTED]
    every = replace(DESK, tell=frozenset({"opened", "de_escalated"}))
    assert keys(decide([], [episode], [every], log, NOW + HOUR)) == ["de_escalated"]


def test_the_end_is_told_once_and_only_while_it_is_news(make_episode: MakeEpisode) -> None:
    ended = over(make_episode(), NOW + 6 * HOUR)
    log = [told(ended)]
    assert keys(decide([], [ended], [DESK], log, NOW + 6 * HOUR)) == ["resolved"]
    assert decide([], [ended], [DESK], log, NOW + 8 * HOUR) == ()
    log.append(told(ended, "resolved"))
    assert decide([], [ended], [DESK], log, NOW + 6 * HOUR + MINUTE) == ()


def test_whoever_was_told_that_it_is_critical_hears_that_it_is_not_and_that_it_is_over(
    make_episode: MakeEpisode,
) -> None:
    critical = Match(severities=frozenset({"critical"}))
    every = frozenset({"opened", "de_escalated", "resolved"})
    phone = Route(channels=("desk",), match=critical, tell=every, repeat_every=HOUR)
    episode = make_episode()
    log = [told(worse(episode))]
    assert keys(decide([], [episode], [phone], log, NOW + 2 * HOUR)) == ["de_escalated"]
    log.append(told(episode, "de_escalated", due_at=NOW + 2 * HOUR))
    assert decide([], [episode], [phone], log, NOW + 4 * HOUR) == ()
    ended = over(episode, NOW + 6 * HOUR)
    assert keys(decide([], [ended], [phone], log, NOW + 6 * HOUR)) == ["resolved"]


def test_an_escalation_in_a_mute_time_is_told_when_that_ends(make_episode: MakeEpisode) -> None:
    episode = make_episode(severity="critical")
    assert episode.level is not None
    risen = replace(episode, level=replace(episode.level, at=NOW + HOUR))
    moved = {risen.id: Transition("escalated", risen, "another_burst")}
    mute = MuteTime(frozenset(range(7)), time(10), time(12), UTC)
    muted = replace(DESK, mute_times=(mute,))
    log = [told(episode)]
    assert why(decide([], [risen], [muted], log, NOW + HOUR, moved=moved)) == [MUTED]
    earlier = {f"{episode.id}:escalated:desk": {MUTED}}
    after = decide([], [risen], [muted], log, NOW + 3 * HOUR, earlier=earlier)
    assert keys(after) == ["escalated"]
    calm = replace(risen, flapping=Flapping(rising=False))
    assert decide([], [calm], [muted], log, NOW + 3 * HOUR, earlier=earlier) == ()


def test_whoever_heard_nothing_hears_nothing_of_the_end(make_episode: MakeEpisode) -> None:
    assert decide([], [over(make_episode(), NOW)], [DESK], [], NOW + MINUTE) == ()


def test_the_end_of_what_was_critical_wakes_nobody(make_episode: MakeEpisode) -> None:
    ended = over(make_episode(severity="critical"), NOW)
    quiet = replace(DESK, quiet_hours=NIGHT)
    (decision,) = decide([], [ended], [quiet], [told(ended)], NOW + MINUTE)
    assert decision.verdict == Passed(datetime(2025, 6, 28, 17, 0, tzinfo=UTC))


def test_a_message_that_waits_says_by_itself_that_it_got_worse(make_episode: MakeEpisode) -> None:
    episode = make_episode()
    log = [told(episode, due_at=NOW + timedelta(seconds=30), waits=True)]
    decisions = decide([], [worse(episode)], [DESK], log, NOW + timedelta(seconds=5))
    assert why(decisions) == [ABOUT_TO_LEAVE]


def test_what_becomes_critical_does_not_wait_for_the_morning(make_episode: MakeEpisode) -> None:
    episode = make_episode()
    quiet = replace(DESK, quiet_hours=NIGHT)
    waiting = told(episode, due_at=datetime(2025, 6, 28, 17, 0, tzinfo=UTC), waits=True)
    (decision,) = decide([], [worse(episode)], [quiet], [waiting], NOW + HOUR)
    assert decision.verdict == Passed(NOW + HOUR, (waiting.key,))
    assert decision.candidate.change == "escalated"


def test_an_episode_that_flaps_is_told_no_more_unless_it_is_worse_than_ever(
    make_episode: MakeEpisode,
) -> None:
    unsteady = Flapping(since=NOW + HOUR)
    episode = replace(worse(make_episode()), flapping=unsteady)
    moved = {episode.id: Transition("escalated", episode, "doubled")}
    log = [told(episode), told(episode, "escalated", planned_at=NOW + 2 * HOUR)]
    decisions = decide([], [episode], [DESK], log, NOW + 3 * HOUR, moved=moved)
    assert why(decisions) == [FLAPPING]
    milder = [replace(one, severity="warning") for one in log]
    assert keys(decide([], [episode], [DESK], milder, NOW + 3 * HOUR)) == ["escalated-1"]


def test_a_message_that_can_be_changed_follows_the_numbers(make_episode: MakeEpisode) -> None:
    episode = make_episode()
    log, later = [told(episode)], NOW + 5 * MINUTE
    same = decide([], [grown(episode, 10)], [DESK], log, later, editing={"desk"})
    assert same == (), "one story more of nine is nothing"
    more = decide([], [grown(episode, 12)], [DESK], log, later, editing={"desk"})
    assert keys(more) == ["updated"]
    assert decide([], [grown(episode, 12)], [DESK], log, later) == (), "a mail stays as it is"


def test_a_message_is_changed_at_most_once_a_minute(make_episode: MakeEpisode) -> None:
    episode = make_episode()
    soon = NOW + timedelta(seconds=59)
    decisions = decide([], [grown(episode, 30)], [DESK], [told(episode)], soon, editing={"desk"})
    assert why(decisions) == [JUST_UPDATED]


def test_where_messages_are_changed_better_and_over_are_shown_without_being_asked_for(
    make_episode: MakeEpisode,
) -> None:
    episode = make_episode()
    quiet = replace(DESK, tell=frozenset({"opened"}), quiet_hours=NIGHT)
    milder = decide([], [episode], [quiet], [told(worse(episode))], NOW + HOUR, editing={"desk"})
    assert keys(milder) == ["de_escalated"]
    ended = over(episode, NOW + HOUR)
    (decision,) = decide([], [ended], [quiet], [told(episode)], NOW + HOUR, editing={"desk"})
    assert decision.verdict == Passed(NOW + HOUR), "nobody is woken by an edit"


def test_a_message_that_says_over_is_changed_when_it_opens_again(
    make_episode: MakeEpisode,
) -> None:
    episode = make_episode()
    log = [told(episode), told(episode, "resolved")]
    again = decide([], [episode], [DESK], log, NOW + HOUR, editing={"desk"})
    assert keys(again) == ["updated"]
    assert decide([], [episode], [DESK], log, NOW + HOUR) == ()


def test_one_that_becomes_critical_is_told_to_whoever_hears_of_critical_ones(
    make_episode: MakeEpisode,
) -> None:
    episode = worse(make_episode())
    boss = Route(channels=("boss",))
    moved = {episode.id: Transition("escalated", episode, "more_severe", record=True)}
    (decision,) = decide([], [episode], [boss], [], NOW + HOUR, moved=moved)
    assert decision.candidate.key == f"{episode.id}:opened:boss"
    assert decision.verdict == Passed(NOW + HOUR)
    assert decide([], [episode], [boss], [], NOW + 2 * HOUR) == ()
