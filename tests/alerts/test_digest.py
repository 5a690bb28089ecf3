"""What a digest says of a day and of a week."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.digest import EPISODES_NAMED, Gathered, HeldBack, compose
from alerts.episode import Episode
from alerts.handling import Handling

MakeEpisode = Callable[..., Episode]
NOW = datetime(2025, 6, 29, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BAKU = ZoneInfo("Asia/Baku")
NAMES = {"raid-spike": "Raids and arrests"}
NOTHING = Gathered("day", NOW - DAY, NOW, (), {}, ())


def test_a_day_is_told_by_the_clock_of_its_reader(make_episode: MakeEpisode) -> None:
    raids = replace(make_episode(), severity="critical", worst="critical")
    clash = replace(
        make_episode(rule="clash", at=NOW - 2 * DAY),
        state="resolved",
        resolved_at=NOW - timedelta(hours=5),
    )
    held = [HeldBack(clash.id, "desk", "covered"), HeldBack(raids.id, "desk", "repeat_not_due")]
    gathered = replace(NOTHING, episodes=[clash, raids], escalated={raids.id: 2}, held=held)
    notice = compose(gathered, NAMES, BAKU)
    assert notice is not None and notice.banner == ""
    assert notice.headline == "The day: 1 opened, 1 escalated, 1 resolved, 1 open"
    assert [(line.subject, line.words) for line in notice.lines] == [
        ("Raids and arrests (critical)",
         "9 stories, 5 newsrooms; opened 2025-06-28 13:14; escalated 2 times; still open, with "
         "nobody. raid-spike-20250628T0914"),
        ("clash (warning)",
         "9 stories, 5 newsrooms; opened 2025-06-27 07:00; over since 2025-06-29 02:00. "
         "clash-20250627T0300"),
        ("Held back", "2 messages: 1 covered, 1 repeat not due."),
    ]  # fmt: skip
    assert notice.footer.startswith("2025-06-28 07:00 to 2025-06-29 07:00, Asia/Baku.")


def test_one_is_one(make_episode: MakeEpisode) -> None:
    lonely = make_episode(stories=("s1",), newsrooms=1)
    held = [HeldBack(lonely.id, "desk", "covered")]
    notice = compose(replace(NOTHING, episodes=[lonely], held=held), NAMES, BAKU)
    assert notice is not None
    assert notice.lines[0].words.startswith("1 story, 1 newsroom; opened")
    assert notice.lines[1].words == "1 message: 1 covered."


def test_an_empty_day_is_not_told_and_an_empty_week_is() -> None:
    assert compose(NOTHING, NAMES, UTC) is None
    week = compose(replace(NOTHING, period="week"), NAMES, UTC)
    assert week is not None and len(week.lines) == 1
    assert week.lines[0].words == "No episode was opened, and none is open."


def test_who_has_an_episode_is_said(make_episode: MakeEpisode) -> None:
    mine = replace(make_episode(), handling=Handling(acknowledged_by="ana", acknowledged_at=NOW))
    closed = Handling(closed_by="ben", closed_at=NOW, false_alarm=True)
    theirs = replace(make_episode(rule="clash"), handling=closed)
    notice = compose(replace(NOTHING, episodes=[mine, theirs]), NAMES, UTC)
    assert notice is not None
    words = " ".join(line.words for line in notice.lines)
    assert "still open, with ana" in words and "a false alarm, says ben" in words


def test_a_digest_of_very_many_counts_the_rest(make_episode: MakeEpisode) -> None:
    many = [make_episode(rule=f"rule-{n}") for n in range(EPISODES_NAMED + 3)]
    notice = compose(replace(NOTHING, episodes=many), NAMES, UTC)
    assert notice is not None and len(notice.lines) == EPISODES_NAMED + 1
    assert notice.lines[-1].words == "3 more episodes."
