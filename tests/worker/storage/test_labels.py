"""What people say of articles and episodes is kept, with the words that it was said of."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from storage_samples import NOW, article, classified, episode

from worker.labels import Vocabulary, labelled_record, read_labelled
from worker.storage import judgements, labels
from worker.storage.articles import store
from worker.storage.database import Database
from worker.storage.desk_tables import judgements as judged
from worker.storage.desk_tables import labels as kept
from worker.storage.tables import articles

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def key(database: Database) -> str:
    one = classified(article(1, language="az"))
    with database.write() as conn:
        store(conn, [one], NOW)
    return one.key


def test_the_last_word_counts_and_every_word_is_kept(database: Database, key: str) -> None:
    with database.write() as conn:
        labels.say(conn, key, {"relevant": True, "severity": 3}, "ana", "as read", NOW)
        labels.say(conn, key, {"severity": 2}, "ben", None, LATER)
        (one,) = labels.labelled(conn)
    assert one.labelled.labels == {"relevant": True, "severity": 2}
    assert [(word.by, word.field, word.value) for word in one.words] == [
        ("ana", "relevant", True), ("ana", "severity", 3), ("ben", "severity", 2),
    ]  # fmt: skip
    assert one.last.at == LATER and one.words[0].note == "as read"
    assert one.labelled.language == "az" and one.labelled.url == "https://news.example/1"


def test_what_contradicts_an_earlier_word_takes_it_back(database: Database, key: str) -> None:
    with database.write() as conn:
        labels.say(conn, key, {"severity": 3, "initiator": "AZE"}, "ana", None, NOW)
        labels.say(conn, key, {"relevant": False}, "ben", None, LATER)
        (one,) = labels.labelled(conn)
        assert one.labelled.labels == {"relevant": False}, "nothing follows from it any more"
        labels.say(conn, key, {"severity": 0, "direction": "neutral"}, "ben", None, LATER)
        (one,) = labels.labelled(conn)
        assert one.labelled.labels == {"relevant": False}, "which says no more than that"
        labels.say(conn, key, {"severity": 2}, "ana", None, LATER)
        (one,) = labels.labelled(conn)
    assert one.labelled.relevant and one.labelled.labels["severity"] == 2
    assert "initiator" not in one.labelled.labels
    line = json.dumps(labelled_record(one.labelled)).encode()
    assert list(read_labelled([line], Vocabulary(("RUS", "AZE"), ()))) == [one.labelled]


def test_nobody_is_an_initiator_too(database: Database, key: str) -> None:
    said = {"initiator": None, "categories": ("aviation_disaster", "legal_action")}
    with database.write() as conn:
        labels.say(conn, key, said, "ana", None, NOW)
        (one,) = labels.labelled(conn)
    assert one.labelled.labels == said


def test_what_is_taken_back_is_no_label_any_more(database: Database, key: str) -> None:
    with database.write() as conn:
        labels.say(conn, key, {"relevant": False}, "ana", None, NOW)
        labels.withdraw(conn, key, "ana", "the wrong article", LATER)
        assert labels.labelled(conn) == []
        assert conn.execute(select(kept.c.id)).all(), "the history stays"
        labels.say(conn, key, {"relevant": True}, "ana", None, LATER)
        (one,) = labels.labelled(conn)
    assert one.labelled.labels == {"relevant": True}


def test_labels_outlive_an_edit_and_the_article(database: Database, key: str) -> None:
    with database.write() as conn:
        labels.say(conn, key, {"relevant": True}, "ana", None, NOW)
        before = article(1, language="az")
        edited = replace(before, title="Something else entirely", fetched=LATER)
        store(conn, [classified(edited, received_at=LATER)], LATER)
        labels.say(conn, key, {"relevant": False}, "ana", None, LATER)
        old, new = labels.labelled(conn)
        assert (old.labelled.title, old.labelled.relevant) == (before.title, True)
        assert old.edited_since and not new.edited_since
        assert (new.labelled.title, new.labelled.relevant) == (edited.title, False)
        conn.execute(delete(articles))
        assert len(labels.labelled(conn)) == 2


def test_a_list_can_begin_at_a_time(database: Database, key: str) -> None:
    with database.write() as conn:
        labels.say(conn, key, {"relevant": True}, "ana", None, NOW)
        assert labels.labelled(conn, NOW) and not labels.labelled(conn, LATER)


def test_a_false_alarm_is_kept_with_its_stories(database: Database, key: str) -> None:
    with database.write() as conn:
        story = conn.execute(select(articles.c.story)).scalar_one()
        alarm = episode()
        alarm = replace(alarm, last=replace(alarm.last, story_ids=(story, "0" * 32)))
        assert judgements.false_alarm(conn, alarm, "ana", "a drill", NOW) == 2
        rows = conn.execute(select(judged.c.episode, judged.c.story, judged.c.verdict)).all()
        assert rows == [(alarm.id, s, "false_alarm") for s in (story, "0" * 32)]
        assert judgements.unexplained(conn) == 2
        labels.say(conn, key, {"relevant": False}, "ana", None, NOW)
        assert judgements.unexplained(conn) == 1
