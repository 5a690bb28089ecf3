"""The doctor: every fault of an installation in a sentence, with what to do about it."""

from datetime import timedelta
from pathlib import Path

import pytest
from harness.services import settings
from sqlalchemy import update
from storage_samples import NOW, article, episode

from crawler.ports import PollOutcome
from worker import clock
from worker.broker import EmbeddedBroker
from worker.doctor import Checkup, examine
from worker.settings import Settings
from worker.storage import inbox, outbox
from worker.storage.database import Database
from worker.storage.feed_memory import SqlFeedMemory
from worker.storage.tables import inbox as rows

PROFILE = {
    "profile.yaml": "name: Small\ndyad: [RUS, AZE]\nlanguages: [en]\n",
    "lexicon/concepts.yaml": "concepts:\n  raid: {category: detention_or_raid, plover: COERCE,"
    " direction: escalatory, severity: 3}\n",
    "lexicon/en.yaml": "language: en\nterms:\n  raid:\n    - {term: raid, pattern: police raid}\n",
    "sources/one.yaml": "- {id: apa, kind: feed, url: 'https://apa.az/rss', name: APA,"
    " newsroom: apa, country: AZ, stance: official, language: en}\n",
    "rules.yaml": "rules:\n  - {id: raids, kind: threshold, where: {category: detention_or_raid},"
    " window: 6h, severity: warning, at_least: 3}\n",
}


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    for name, text in PROFILE.items():
        path = tmp_path / "profile" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "profile"


@pytest.fixture
def sound(tmp_path: Path, profile: Path) -> Settings:
    return settings(tmp_path / "home", PROFILE=str(profile))


def checkups(given: Settings) -> dict[str, Checkup]:
    return {found.subject: found for found in examine(given)}


def database(given: Settings) -> Database:
    given.home.mkdir(parents=True, exist_ok=True)
    made = Database(given.database_url)
    made.upgrade()
    return made


def test_a_sound_installation_is_well_and_left_as_it_was(sound: Settings) -> None:
    found = checkups(sound)
    assert [checkup.sentence for checkup in found.values() if not checkup.well] == []
    assert list(found) == [
        "packages", "clock", "disk", "profile", "channels", "broker", "database", "inbox", "outbox",
        "sources",
    ]  # fmt: skip
    assert "1 sources are polled, 1 rules" in found["profile"].sentence
    assert not EmbeddedBroker(sound.home).answers()
    assert sound.home.stat().st_mode & 0o077 == 0


def test_a_profile_with_a_fault_is_named_and_the_rest_is_examined(
    sound: Settings, profile: Path
) -> None:
    (profile / "rules.yaml").write_text("rules:\n  - {id: raids, knid: spike}\n")
    found = checkups(sound)
    assert not found["profile"].well and "knid" in found["profile"].sentence
    assert not found["channels"].well
    assert found["database"].well


def test_a_broker_and_a_database_that_are_not_there(tmp_path: Path, profile: Path) -> None:
    found = checkups(
        settings(
            tmp_path / "home",
            PROFILE=str(profile),
            BROKER_URL="redis://:hush@127.0.0.1:9/0",
            DATABASE_URL=f"sqlite:///{tmp_path}/missing/x.db",
        )
    )
    assert not found["broker"].well and not found["database"].well
    assert "DYADWATCH_BROKER_URL" in found["broker"].sentence
    assert "hush" not in found["broker"].sentence
    assert "missing" in found["database"].sentence
    assert "inbox" not in found


def test_a_home_that_cannot_be_written_to(tmp_path: Path, profile: Path) -> None:
    (tmp_path / "file").write_text("")
    found = checkups(
        settings(tmp_path / "file" / "home", PROFILE=str(profile), BROKER_URL="amqp://127.0.0.1:9")
    )
    assert not found["disk"].well and "DYADWATCH_HOME" in found["disk"].sentence


def test_articles_that_nobody_takes_and_articles_that_were_set_aside(sound: Settings) -> None:
    db = database(sound)
    inbox.put(db, [article(1)], clock.now() - timedelta(hours=1), "crawl")
    assert "is `dyadwatch run` running?" in checkups(sound)["inbox"].sentence
    given_up = update(rows).values(status=inbox.QUARANTINED, reason="It has no words.")
    db.retrying(lambda conn: conn.execute(given_up) and None)
    told = checkups(sound)["inbox"]
    assert not told.well and "It has no words." in told.sentence
    db.dispose()


def test_a_message_that_could_not_be_delivered(sound: Settings) -> None:
    db, now = database(sound), NOW
    opened = episode()
    with db.write() as conn:
        outbox.add(conn, "raids:opened:mail", "mail", opened.id, "{}", now, now=now)
    outbox.dead(db, "raids:opened:mail", "There is no such mailbox (550).", now)
    told = checkups(sound)["outbox"]
    assert not told.well and "no such mailbox" in told.sentence
    db.dispose()


def test_most_sources_lost_is_a_fault_and_some_are_not(sound: Settings, profile: Path) -> None:
    line = (profile / "sources/one.yaml").read_text()
    names = ("apa", "tass", "trend", "turan", "ria")
    (profile / "sources/one.yaml").write_text("".join(line.replace("apa", n) for n in names))
    db, now = database(sound), clock.now()
    memory = SqlFeedMemory(db, lambda: now)
    for name in names:
        memory.polled(PollOutcome(name, now, now, 200, entries=9, new=1))
    assert checkups(sound)["sources"].sentence == "none needs a look."
    for name in names[:2]:
        memory.polled(PollOutcome(name, now, now, 503, error="It is away."))
    some = checkups(sound)["sources"]
    assert some.well and some.sentence.startswith("2 of 5 need a look")
    memory.polled(PollOutcome(names[2], now, now, 503, error="It is away."))
    most = checkups(sound)["sources"]
    assert not most.well and most.sentence.startswith("3 of 5 sources cannot be read")
    db.dispose()
