"""JSON Feed 1.0 and 1.1, and the posts of a WordPress site."""

import json
from datetime import UTC, date, datetime

import pytest

from crawler.feed import MAX_ENTRIES, parse_feed

URL = "https://paper.example/feed.json"


def json_feed(*items, version="https://jsonfeed.org/version/1.1", **feed):
    return {"version": version, "title": "Paper", "items": list(items), **feed}


def read(found, url=URL):
    return parse_feed(json.dumps(found).encode(), "application/feed+json", url)


def test_a_json_feed_is_read():
    item = {
        "id": "1",
        "url": "/news/1?utm_source=json",
        "title": "Səfir &amp; nota",
        "content_html": "<p>Birinci.</p><script>x</script><p>İkinci.</p>",
        "summary": "Qısa",
        "date_published": "2025-06-28T13:14:00+04:00",
        "authors": [{"name": "A. B."}, {"name": "C. D."}, {"name": "A. B."}],
        "language": "az-AZ",
    }
    reading = read(json_feed(item, language="ru"))
    (entry,) = reading.entries
    assert reading.language == "ru" and entry.language == "az"
    assert entry.canonical_url == "https://paper.example/news/1"
    assert (entry.title, entry.summary) == ("Səfir & nota", "Birinci.\nİkinci.")
    assert entry.published == datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
    assert entry.authors == ("A. B.", "C. D.")


def test_the_feeds_author_is_the_authors_of_its_items():
    old = json_feed({"url": "/a"}, version="https://jsonfeed.org/version/1", author={"name": "X"})
    assert read(old).entries[0].authors == ("X",)


def test_text_stays_text_and_an_id_that_is_an_address_is_one():
    item = {"id": "https://paper.example/n", "content_text": "1 < 2 <b>not bold</b>"}
    (entry,) = read(json_feed(item)).entries
    assert entry.url == "https://paper.example/n"
    assert entry.summary == "1 < 2 <b>not bold</b>"


def test_an_item_without_an_address_is_known_by_its_words():
    entry, again = (read(json_feed({"id": n, "content_text": "Words"})).entries[0] for n in "12")
    assert not entry.has_page and entry.canonical_url == again.canonical_url


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2025-06-28T13:14:00", date(2025, 6, 28)),
        ("2025-06-28", date(2025, 6, 28)),
        ("0000-00-00", None),
        (17, None),
        (None, None),
    ],
)
def test_a_time_without_an_offset_is_a_day(stated, expected):
    (entry,) = read(json_feed({"url": "/a", "date_published": stated})).entries
    assert entry.published == expected and type(entry.published) is type(expected)


def test_the_posts_of_a_wordpress_are_read():
    post = {
        "id": 7,
        "date": "2025-06-28T13:14:00",
        "date_gmt": "2025-06-28T09:14:00",
        "link": "https://paper.example/2025/06/28/raid/",
        "title": {"rendered": "Raid &#8211; the second"},
        "excerpt": {"rendered": "<p>Short [&hellip;]</p>", "protected": False},
    }
    (entry,) = read([post], "https://paper.example/wp-json/wp/v2/posts").entries
    assert (entry.title, entry.summary) == ("Raid – the second", "Short […]")
    assert entry.published == datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
    assert entry.url == "https://paper.example/2025/06/28/raid/"
    whole = {**post, "content": {"rendered": "<p>All of it, at length.</p>"}, "date_gmt": None}
    (entry,) = read([whole]).entries
    assert (entry.summary, entry.published) == ("All of it, at length.", date(2025, 6, 28))


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        ({"items": []}, "neither JSON Feed nor WordPress"),
        ([1, 2], "neither JSON Feed nor WordPress"),
        ({"code": "rest_no_route", "message": "x"}, "WordPress refuses its posts: rest_no_route"),
        (json_feed() | {"items": {}}, "no list of items"),
    ],
)
def test_other_json_is_refused_by_name(found, problem):
    assert problem in read(found).problem


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, "[1" + "0" * 10_000 + "]"])
def test_hostile_json_is_refused(body):
    assert parse_feed(body.encode(), None, URL).problem


def test_a_json_feed_without_end_is_cut():
    many = read(json_feed(*({"url": f"/{n}"} for n in range(MAX_ENTRIES + 9))))
    assert len(many.entries) == MAX_ENTRIES


def test_items_that_are_no_objects_and_links_that_are_none_are_passed_over():
    reading = read(json_feed(1, None, "x", [], {"url": "javascript:alert(1)"}, {"url": "/a"}))
    assert [entry.url for entry in reading.entries] == ["https://paper.example/a"]
