"""A second burst while the first is open, a slow renewal, and what comes after a person closed."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from alerts import level
from alerts.bursts import together
from alerts.episode import CLOSED, Episode, Transition, advance
from alerts.finding import Finding, Held
from alerts.handling import apply

MakeFinding = Callable[..., Finding]
NOTHING = Held("raid-spike", "below_limit", "1 story, limit 3")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NINE = datetime(2025, 6, 28, 9, 0, tzinfo=UTC)


class Press:
    """Stories by the time at which they came, and a rule that counts those of its window."""

    def __init__(
        self, make_finding: MakeFinding, window: timedelta = 2 * HOUR, limit: int = 3
    ) -> None:
        self.make, self.window, self.limit = make_finding, window, limit
        self.came: dict[str, datetime] = {}
        self.episode: Episode | None = None
        self.told: list[Transition] = []

    def tell(self, name: str, number: int, at: datetime, apart: timedelta = MINUTE) -> None:
        """So many stories from `at` on."""
        self.came |= {f"{name}{n}": at + n * apart for n in range(number)}

    def look(self, now: datetime) -> Transition:
        seen = tuple(s for s, at in self.came.items() if now - self.window < at <= now)
        fires = len(seen) >= self.limit
        finding = self.make(now, seen, window=self.window, expected=None, upper=float(self.limit))
        transition = advance(self.episode, finding if fires else NOTHING, now)
        self.episode = transition.episode
        if transition.change not in ("updated", "unchanged"):
            self.told.append(transition)
        return transition

    def watch(self, since: datetime, until: datetime, every: timedelta = 5 * MINUTE) -> list[str]:
        """The changes of the looks from `since` to `until`."""
        known = len(self.told)
        for now in _moments(since, until, every):
            self.look(now)
        return [one.change for one in self.told[known:]]


def _moments(since: datetime, until: datetime, every: timedelta) -> Iterable[datetime]:
    while since <= until:
        yield since
        since += every


def test_a_second_burst_after_the_first_has_left_the_window_is_told(
    make_finding: MakeFinding,
) -> None:
    press = Press(make_finding)
    press.tell("a", 9, NINE)
    assert press.watch(NINE, NINE + 2 * HOUR) == ["opened"]
    press.tell("b", 7, NINE + 3 * HOUR)
    assert press.watch(NINE + 2 * HOUR, NINE + 4 * HOUR) == ["escalated"]
    assert press.told[-1].reason == level.ANOTHER_BURST
    assert press.told[-1].episode is not None
    assert press.told[-1].episode.severity == "warning", "it is as severe as the first"


def test_a_second_burst_on_top_of_the_first_is_growth(make_finding: MakeFinding) -> None:
    press = Press(make_finding)
    press.tell("a", 9, NINE)
    press.tell("b", 12, NINE + 90 * MINUTE)
    assert press.watch(NINE, NINE + 110 * MINUTE) == ["opened", "escalated"]
    assert press.told[-1].reason == level.DOUBLED


def test_what_people_were_told_of_is_not_another_burst(make_finding: MakeFinding) -> None:
    press = Press(make_finding)
    press.tell("a", 9, NINE)
    press.tell("b", 12, NINE + 90 * MINUTE)
    assert press.watch(NINE, NINE + 200 * MINUTE) == ["opened", "escalated"], "the first leaves"


def test_a_crisis_that_goes_on_for_days_renews_its_stories_without_a_word(
    make_finding: MakeFinding,
) -> None:
    for window in (2 * HOUR, 6 * HOUR, 24 * HOUR):
        press = Press(make_finding, window)
        press.tell("a", 2000, NINE, apart=5 * MINUTE)
        press.watch(NINE, NINE + window, every=10 * MINUTE)
        assert press.watch(NINE + window, NINE + 100 * HOUR, every=10 * MINUTE) == []


def test_stories_that_trickle_about_the_limit_are_no_second_burst(
    make_finding: MakeFinding,
) -> None:
    press = Press(make_finding)
    press.tell("a", 3, NINE)
    press.tell("b", 20, NINE + 80 * MINUTE, apart=41 * MINUTE)
    changes = press.watch(NINE, NINE + 12 * HOUR)
    assert "escalated" not in changes


def test_how_far_apart_stories_of_one_burst_come() -> None:
    assert together(15 * MINUTE) == 10 * MINUTE
    assert together(2 * HOUR) == 30 * MINUTE
    assert together(timedelta(days=7)) == 6 * HOUR


def close(press: Press, now: datetime) -> None:
    assert press.episode is not None
    press.episode = apply(press.episode, "closed", "ana", now)


def test_what_was_closed_takes_in_the_same_evidence_and_says_nothing(
    make_finding: MakeFinding,
) -> None:
    press = Press(make_finding)
    press.tell("a", 9, NINE)
    press.watch(NINE, NINE + 30 * MINUTE)
    close(press, NINE + 31 * MINUTE)
    press.tell("more", 4, NINE + 40 * MINUTE, apart=10 * MINUTE)
    taken = press.look(NINE + 50 * MINUTE)
    assert (taken.change, taken.reason) == ("updated", CLOSED)
    assert press.watch(NINE + 55 * MINUTE, NINE + 9 * HOUR) == []
    assert press.episode is not None
    assert (press.episode.state, press.episode.closed) == ("resolved", True)


def test_a_crisis_that_goes_on_slowly_stays_closed(make_finding: MakeFinding) -> None:
    press = Press(make_finding)
    press.tell("a", 500, NINE, apart=8 * MINUTE)
    press.watch(NINE, NINE + 3 * HOUR)
    close(press, NINE + 3 * HOUR)
    assert press.watch(NINE + 3 * HOUR, NINE + 60 * HOUR) == []


def test_another_burst_after_closing_opens_another_episode(make_finding: MakeFinding) -> None:
    press = Press(make_finding)
    press.tell("a", 9, NINE)
    press.watch(NINE, NINE + 30 * MINUTE)
    close(press, NINE + 31 * MINUTE)
    closed = press.episode
    press.tell("b", 15, NINE + HOUR, apart=timedelta(seconds=20))
    assert press.watch(NINE + HOUR, NINE + 80 * MINUTE) == ["opened"]
    assert closed is not None and press.episode is not None
    assert press.episode.id != closed.id
    assert not press.episode.closed


def test_a_closed_silence_goes_on_unheard_and_another_one_is_told(
    make_finding: MakeFinding,
) -> None:
    def silent(at: datetime) -> Finding:
        return make_finding(at, (), below=True, window=6 * HOUR)

    opened = advance(None, silent(NINE), NINE).episode
    assert opened is not None
    shut = apply(opened, "closed", "ana", NINE + MINUTE)
    goes_on = advance(shut, silent(NINE + 5 * HOUR), NINE + 5 * HOUR)
    assert (goes_on.change, goes_on.reason) == ("updated", CLOSED)
    assert advance(goes_on.episode, NOTHING, NINE + 8 * HOUR).change == "unchanged"
    later = NINE + timedelta(days=2)
    assert advance(goes_on.episode, silent(later), later).change == "opened"
