"""Dataclasses survive storage, whatever their fields, and say so when they do not."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pytest
from storage_samples import NOW, RELEVANT, article, episode, finding

from alerts.episode import Episode
from alerts.finding import Finding
from alerts.notification import Notification
from crawler.article import Article
from worker.classify.record import Classification
from worker.storage.codec import (
    Undecodable,
    decode,
    decode_article,
    encode,
    encode_article,
)


@dataclass(frozen=True, slots=True)
class Inner:
    kind: Literal["a", "b"]
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Outer:
    wait: timedelta
    when: datetime | date | None
    day: date
    share: float
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    named: dict[str, float] | None = None


def test_every_kind_of_field_comes_back() -> None:
    record = Outer(
        wait=timedelta(hours=2, microseconds=5),
        when=NOW,
        day=date(2025, 6, 28),
        share=1,
        inner=Inner("b", ((1, 2), (3, 4))),
        many=(Inner("a"),),
        named={"x": 0.5},
    )
    assert decode(Outer, encode(record)) == record


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        (Finding, finding()),
        (Episode, episode()),
        (Classification, RELEVANT),
        (
            Notification,
            Notification(
                "k",
                "mail",
                "t",
                "tk",
                "Subject",
                "text",
                "<p>",
                {"a": [1, {"b": None}]},
                "info",
                NOW,
            ),
        ),
    ],
)
def test_the_messages_of_the_house_come_back(kind: type, record: object) -> None:
    assert decode(kind, encode(record)) == record


@pytest.mark.parametrize("published", [NOW, date(2025, 6, 28), None])
def test_an_article_keeps_the_precision_of_its_date(published: datetime | date | None) -> None:
    made = article(published=published, authors=("A", "Ə"), first_poll=True)
    back = decode_article(encode_article(made))
    assert back == made
    assert type(back.published) is type(published)


def test_times_are_stored_in_utc() -> None:
    baku = datetime.fromisoformat("2025-06-28T13:14:00+04:00")
    back = decode_article(encode_article(article(published=baku)))
    assert back.published == baku
    assert "09:14:00+00:00" in encode_article(article(published=baku))
    assert isinstance(back.published, datetime)
    assert back.published.tzinfo == UTC


def test_text_is_cleaned_on_the_way_in() -> None:
    back = decode_article(encode_article(article(title="a\x00b", text="c\udc80d")))
    assert (back.title, back.text) == ("ab", "cd")


def test_a_field_of_a_later_version_is_left_out_and_a_new_one_takes_its_default() -> None:
    stored = json.loads(encode_article(article()))
    stored["mood"] = "good"
    del stored["first_poll"]
    assert decode_article(json.dumps(stored)) == article()


def test_a_later_article_version_is_refused() -> None:
    with pytest.raises(Undecodable, match="upgrade"):
        decode_article(encode_article(replace(article(), version=99)))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"fetched": "yesterday"}, "Article.fetched"),
        ({"title": 5}, "Article.title"),
        ({"authors": "one"}, "Article.authors"),
        ({"published": 7}, "Article.published"),
        ({"first_poll": "no"}, "Article.first_poll"),
    ],
)
def test_what_cannot_be_read_names_its_field(changed: dict[str, object], named: str) -> None:
    stored = json.loads(encode_article(article())) | changed
    with pytest.raises(Undecodable, match=named):
        decode_article(json.dumps(stored))


def test_a_missing_required_field_is_named() -> None:
    with pytest.raises(Undecodable, match="lacks url"):
        decode(Article, "{}")


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(TypeError):
        encode(object())
    with pytest.raises(Undecodable):
        decode(Article, "[]")
