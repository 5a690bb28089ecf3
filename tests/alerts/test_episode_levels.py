"""An episode goes up at once and down slowly, as what it counts grows, calms and gets graver."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts import level
from alerts.episode import CALMER, Episode, Transition, advance
from alerts.finding import Finding, Held

MakeFinding = Callable[..., Finding]
NOTHING = Held("raid-spike", "below_limit", "1 story, limit 3")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NINE = datetime(2025, 6, 28, 9, 0, tzinfo=UTC)


class Rule:
    """A rule with a window of two hours that fires again and again on the same stories."""

    def __init__(self, make_finding: MakeFinding, **always: object) -> None:
        self.make, self.always = make_finding, always
        self.now = NINE
        self.episode: Episode | None = None

    def sees(
        self, count: int | None, after: timedelta = timedelta(0), **more: object
    ) -> Transition:
        """What one look does; None: the rule does not fire."""
        self.now += after
        fields = {"count": count, **self.always, **more}
        outcome = NOTHING if count is None else self.make(self.now, **fields)
        transition = advance(self.episode, outcome, self.now)
        self.episode = transition.episode
        return transition

    def looks(self, counts: Sequence[int | None], every: timedelta = 20 * MINUTE) -> list[str]:
        """The changes of a row of looks, those that only continue left out."""
        changes = [self.sees(count, every).change for count in counts]
        return [change for change in changes if change not in ("updated", "unchanged")]

    @property
    def severity(self) -> str:
        assert self.episode is not None
        return self.episode.severity


@pytest.fixture
def rule(make_finding: MakeFinding) -> Rule:
    opened = Rule(make_finding)
    assert opened.sees(9).change == "opened"
    return opened


def test_a_burst_that_doubles_escalates_once_for_each_doubling(rule: Rule) -> None:
    assert rule.looks([12, 16, 17]) == [], "8.6 above what was expected, twice that is 17.2"
    up = rule.sees(18, 20 * MINUTE)
    assert (up.change, up.reason, up.record) == ("escalated", level.DOUBLED, True)
    assert rule.looks([20, 30, 35]) == []
    again = rule.sees(36, 20 * MINUTE)
    assert (again.change, again.record) == ("escalated", False)
    assert rule.severity == "critical"


def test_what_comes_while_it_unfolds_is_part_of_what_people_were_told(rule: Rule) -> None:
    assert rule.looks([15, 25, 40], every=3 * MINUTE) == []
    assert rule.looks([50, 70]) == [], "the burst was 40 when it had unfolded"
    assert rule.looks([80]) == ["escalated"]


def test_few_stories_may_double_by_chance(make_finding: MakeFinding) -> None:
    small = Rule(make_finding, expected=None, upper=2.0)
    small.sees(2)
    assert small.looks([4, 5]) == []
    assert small.looks([6]) == ["escalated"]


def test_what_says_that_something_happened_at_all_does_not_grow(make_finding: MakeFinding) -> None:
    first = Rule(make_finding, kind="first_in", expected=None, upper=None, probability=None)
    first.sees(1)
    assert first.looks([3, 9, 50]) == []


def test_growth_raises_the_severity_by_one_step_and_no_more(make_finding: MakeFinding) -> None:
    mild = Rule(make_finding, severity="info")
    mild.sees(9)
    assert mild.looks([20, 45, 100]) == ["escalated"] * 3
    assert mild.severity == "warning"
    assert mild.episode is not None and mild.episode.worst == "warning"


def test_cooperation_is_told_when_it_grows_and_is_no_more_severe_for_it(
    make_finding: MakeFinding,
) -> None:
    peace = Rule(make_finding, severity="info", ladder=0)
    peace.sees(9)
    assert peace.looks([20]) == ["escalated"]
    assert peace.severity == "info"


def test_graver_events_escalate(make_finding: MakeFinding) -> None:
    rule = Rule(make_finding)
    rule.sees(9, ladder=2)
    up = rule.sees(9, 20 * MINUTE, ladder=3)
    assert (up.change, up.reason) == ("escalated", level.GRAVER)
    assert rule.severity == "critical"
    assert rule.sees(9, 20 * MINUTE, ladder=3).change == "updated"


def test_deaths_are_told_at_once_and_less_than_that_when_the_burst_has_unfolded(
    make_finding: MakeFinding,
) -> None:
    rule = Rule(make_finding)
    rule.sees(9, ladder=2)
    assert rule.sees(9, MINUTE, ladder=3).change == "updated"
    assert rule.sees(9, MINUTE, ladder=4).reason == level.GRAVER


def test_an_episode_from_before_the_ladder_learns_it_without_a_word(
    make_finding: MakeFinding,
) -> None:
    rule = Rule(make_finding)
    rule.sees(9, ladder=None)
    assert rule.sees(9, HOUR, ladder=3).change == "updated"
    assert rule.sees(9, MINUTE, ladder=4).change == "escalated"


def test_a_rule_that_finds_it_more_severe_escalates_it(rule: Rule) -> None:
    up = rule.sees(9, MINUTE, severity="critical")
    assert (up.change, up.reason, up.record) == ("escalated", level.MORE_SEVERE, True)
    assert rule.sees(9, MINUTE, severity="warning").change == "updated", "not down at once"
    assert rule.severity == "critical"


def test_it_falls_when_it_has_been_calm_for_half_the_silence_that_would_end_it(rule: Rule) -> None:
    rule.looks([30])
    assert rule.looks([20, 14, 14, 13]) == []
    down = rule.sees(12, 20 * MINUTE)
    assert (down.change, down.reason) == ("de_escalated", CALMER)
    assert rule.severity == "warning"
    assert rule.episode is not None and rule.episode.worst == "critical"


def test_one_look_above_the_lower_bar_begins_the_calm_anew(rule: Rule) -> None:
    rule.looks([30])
    assert rule.looks([12, 12, 12, 16, 12, 12, 12]) == []
    assert rule.looks([12]) == ["de_escalated"]


def test_what_hovers_about_a_bar_does_not_go_to_and_fro(rule: Rule) -> None:
    rule.looks([20])
    assert rule.looks([9, 10, 11] * 30) == []
    assert rule.looks([17, 19, 20, 18] * 30) == []


def test_after_falling_the_way_up_begins_where_it_was_calm(rule: Rule) -> None:
    rule.looks([60])
    assert rule.looks([28] * 4) == ["de_escalated"]
    assert rule.looks([40, 50, 54]) == []
    assert rule.looks([57]) == ["escalated"]


def test_it_falls_while_its_rule_is_silent_too_and_is_over_later(rule: Rule) -> None:
    rule.looks([30])
    assert rule.looks([None, None]) == []
    assert rule.looks([None]) == ["de_escalated"]
    assert rule.looks([None] * 3) == ["resolved"]


def test_grave_events_keep_it_up_however_few_tell_of_them(make_finding: MakeFinding) -> None:
    rule = Rule(make_finding)
    rule.sees(9, ladder=2)
    rule.sees(9, HOUR, ladder=4)
    for _ in range(6):
        assert rule.sees(3, 20 * MINUTE, ladder=4).change == "updated"


def test_it_falls_when_the_grave_events_have_left_the_window(make_finding: MakeFinding) -> None:
    rule = Rule(make_finding)
    rule.sees(9, ladder=2)
    rule.sees(9, HOUR, ladder=4)
    assert rule.sees(9, 20 * MINUTE, ladder=2).change == "updated"
    assert rule.sees(9, HOUR, ladder=2).change == "de_escalated"


def test_a_silence_escalates_when_it_is_far_less_likely(make_finding: MakeFinding) -> None:
    silence = Rule(make_finding, kind="silence", below=True, expected=40.0, upper=20.0)
    silence.sees(15, probability=1e-5)
    assert silence.sees(8, HOUR, probability=1e-7).change == "updated"
    deeper = silence.sees(0, HOUR, probability=1e-9)
    assert (deeper.change, deeper.reason) == ("escalated", level.DEEPER)


def test_an_episode_that_is_reopened_begins_on_the_ground(rule: Rule) -> None:
    rule.looks([30])
    rule.looks([None] * 6)
    assert rule.looks([9]) == ["reopened"]
    assert rule.severity == "warning"
    assert rule.looks([12, 15]) == []


def test_an_episode_from_before_there_were_levels_goes_on(make_finding: MakeFinding) -> None:
    rule = Rule(make_finding)
    rule.sees(9)
    assert rule.episode is not None
    rule.episode = replace(rule.episode, level=None, worst="", arrivals=())
    assert rule.looks([12]) == []
    assert rule.looks([20]) == ["escalated"]
