"""The operator's notices: once, quietly, of what has changed; and never like an alert."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from harness.services import Catcher, services
from storage_samples import NOW

from alerts.channels.email_message import build_message
from alerts.notification import Failed
from crawler.ports import PollOutcome
from crawler.source import Source
from worker import clock, delivery
from worker.bootstrap import Services
from worker.notice_words import OUTAGE, digest, reviewed
from worker.notices import look_after
from worker.profile.operator import OperatorRoute
from worker.storage import outbox
from worker.storage.database import Database
from worker.storage.feed_memory import SqlFeedMemory
from worker.storage.source_health import SourceHealth
from worker.storage.source_notices import Standing

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DAY = 24 * HOUR
SOURCES = [
    Source(name, "feed", f"https://{name}.example/rss", name.upper(), name, every=HOUR)
    for name in ("apa", "tass", "report", "turan", "trend", "ria")
]
SEVEN = OperatorRoute(("mail",), time(7), UTC)
BROKEN = "the server has no such address (HTTP 404)"


def watching(
    database: Database,
    home: Path,
    operator: OperatorRoute | None = SEVEN,
    mail: Catcher | None = None,
) -> tuple[Services, Catcher]:
    caught = mail or Catcher("mail")
    works = services(database, home, sources=SOURCES, channels={"mail": caught})
    profile = replace(works.profile, operator=operator)
    return replace(works, profile=profile), caught


def polls(database: Database, at: datetime, failing: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    """Every source is polled at this time; these fail."""
    memory = SqlFeedMemory(database, lambda: at)
    for source in SOURCES:
        if source.id in failing:
            memory.polled(PollOutcome(source.id, at, at, 404, error=BROKEN))
        else:
            memory.polled(PollOutcome(source.id, at, at, 200, entries=30, new=3))


def hours(database: Database, works: Services, *failing: set[str], start: datetime = NOW) -> int:
    """An hour of the service for each set of failing sources; how many messages were put in."""
    told = 0
    for n, some in enumerate(failing):
        at = start + n * HOUR
        polls(database, at, some)
        told += look_after(works, at + MINUTE)
    return told


def keys(database: Database) -> list[str]:
    with database.read() as conn:
        return sorted(row.key for row in outbox.listing(conn))


def test_a_source_that_keeps_failing_is_told_once_in_the_mornings_digest(
    database: Database, tmp_path: Path
) -> None:
    works, mail = watching(database, tmp_path)
    # From noon on one fails, a second one only from half an hour before the digest.
    assert hours(database, works, *[set()] * 2, *[{"apa"}] * 17) == 0
    assert hours(database, works, {"apa", "tass"}, start=NOW + 19 * HOUR) == 1, "07:01"
    assert hours(database, works, *[{"apa", "tass"}] * 10, start=NOW + 20 * HOUR) == 0
    assert keys(database) == ["sources-20250629:opened:mail"]
    delivery.deliver(works, clock.now())
    (caught,) = mail.caught
    assert caught.subject == "dyadwatch: 1 source needs a look"
    assert caught.severity == "info"
    assert "APA: The server has no such address (HTTP 404); last worked" in caught.text
    assert "TASS" not in caught.text
    assert caught.text.startswith("*** About dyadwatch itself, not about the news")
    assert "this is no alert" in str(caught.slack) and "this is no alert" in caught.html


def test_the_next_digest_tells_only_what_has_changed(database: Database, tmp_path: Path) -> None:
    works, mail = watching(database, tmp_path)
    told = hours(database, works, *[{"apa"}] * 24, *[{"apa", "tass"}] * 20, *[{"tass"}] * 4)
    assert told == 2
    assert hours(database, works, *[{"tass"}] * 24, start=NOW + 48 * HOUR) == 1
    assert keys(database) == [f"sources-202506{day}:opened:mail" for day in (29, 30)] + [
        "sources-20250701:opened:mail"
    ]
    delivery.deliver(works, clock.now())
    assert [caught.subject for caught in mail.caught] == [
        "dyadwatch: 1 source needs a look",
        "dyadwatch: 1 source needs a look",
        "dyadwatch: 1 source works again",
    ]
    assert "1 told of before still need" in mail.caught[1].text
    assert "APA: Works again since" in mail.caught[2].text


def test_what_mends_itself_within_hours_is_never_told(database: Database, tmp_path: Path) -> None:
    works, _ = watching(database, tmp_path)
    assert hours(database, works, *[{"apa"}, {"apa"}, set(), set(), set()] * 8) == 0
    assert keys(database) == []


def test_without_an_operator_nothing_is_sent(database: Database, tmp_path: Path) -> None:
    works, mail = watching(database, tmp_path, operator=None)
    assert hours(database, works, *[{"apa"}] * 30) == 0
    delivery.deliver(works, clock.now())
    assert mail.caught == [] and keys(database) == []


def test_an_outage_of_most_sources_is_told_within_an_hour_and_once(
    database: Database, tmp_path: Path
) -> None:
    works, mail = watching(database, tmp_path)
    most = {"apa", "tass", "report", "turan"}
    assert hours(database, works, set(), most) == 0
    assert hours(database, works, *[most] * 5, start=NOW + 2 * HOUR) == 1
    assert keys(database) == ["outage-20250628T1301:opened:mail"]
    delivery.deliver(works, clock.now())
    assert mail.caught[0].subject == "dyadwatch: most sources cannot be read"
    assert "4 of 6 sources cannot be read" in mail.caught[0].text


def test_two_machines_tell_it_once(database: Database, tmp_path: Path) -> None:
    here, _ = watching(database, tmp_path)
    there, _ = watching(database, tmp_path)
    hours(database, here, *[{"apa"}] * 19)
    at = NOW + 19 * HOUR + MINUTE
    polls(database, at, {"apa"})
    assert look_after(here, at) + look_after(there, at) == 1


def test_a_notice_that_is_not_taken_is_tried_again(database: Database, tmp_path: Path) -> None:
    busy = Catcher("mail", Failed(False, "The server is busy (451)."))
    works, mail = watching(database, tmp_path, mail=busy)
    hours(database, works, *[{"apa"}] * 20)
    assert delivery.deliver(works, clock.now()) == 0
    with database.read() as conn:
        (row,) = outbox.listing(conn)
    assert row.status == outbox.DUE and row.error == "The server is busy (451)."
    assert len(mail.caught) == 1


def test_a_notice_begins_a_mail_thread_of_its_own(database: Database, tmp_path: Path) -> None:
    works, mail = watching(database, tmp_path)
    hours(database, works, *[{"apa"}] * 20)
    delivery.deliver(works, clock.now())
    message = build_message(mail.caught[0], "a@example.org", ["b@example.org"])
    assert message["In-Reply-To"] is None
    assert message["Importance"] is None


def health(source: str, why: str | None = None) -> SourceHealth:
    kind = "failing" if why else None
    made: dict[str, object] = dict.fromkeys(SourceHealth.__dataclass_fields__)
    return SourceHealth(**{**made, "source": source, "why": why, "trouble": kind})  # type: ignore[arg-type]


def test_a_source_that_left_the_profile_is_forgotten() -> None:
    before = {"gone": Standing("gone", "Broken.", NOW, told_at=NOW)}
    assert reviewed(before, [health("apa")], NOW + DAY) == {}


def test_a_long_list_is_cut_and_counted() -> None:
    many = {f"s{n:02}": Standing(f"s{n:02}", "Broken.", NOW) for n in range(40)}
    told = digest(many, {}, NOW + DAY, NOW + DAY)
    assert told is not None
    assert told.notice.headline == "40 sources need a look"
    assert len(told.notice.lines) == 25 and told.notice.footer.startswith("And 15 more.")
    assert all(standing.told_at for standing in told.after.values())


def test_the_end_of_an_outage_is_in_the_next_digest() -> None:
    over = {OUTAGE: Standing(OUTAGE, "4 of 6.", NOW, well_since=NOW + HOUR, told_at=NOW + HOUR)}
    told = digest(over, {}, NOW + DAY, NOW + DAY)
    assert told is not None and told.after == {}
    assert told.notice.headline == "1 source works again"
    assert told.notice.lines[0].subject == "Most sources"


@pytest.mark.parametrize(
    ("now", "slot"),
    [(6, "2025-06-27T07:00"), (7, "2025-06-28T07:00"), (23, "2025-06-28T07:00")],
)
def test_the_slot_is_the_last_seven_o_clock(now: int, slot: str) -> None:
    moment = NOW.replace(hour=now)
    assert SEVEN.last_slot(moment) == datetime.fromisoformat(slot).replace(tzinfo=UTC)
