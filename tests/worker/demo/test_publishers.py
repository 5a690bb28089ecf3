"""Local publishers, asked over real sockets."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import Message
from io import BytesIO
from typing import Protocol
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import feedparser
import pytest
from protego import Protego
from trafilatura import bare_extraction

from worker.demo.history import compose_history
from worker.demo.publishers import Press, is_unchanged
from worker.demo.script import burst, newsrooms


class Clock(Protocol):
    def __call__(self): ...

    def turn(self, **duration: float) -> None: ...


def get(url: str, **headers: str) -> tuple[int, Message, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(url, headers=named), timeout=5) as response:
            return response.status, response.headers, response.read()
    except HTTPError as refused:
        return refused.code, refused.headers, refused.read()


@pytest.fixture
def press(hand_clock: Clock) -> Iterator[Press]:
    _, fresh = compose_history(hand_clock())
    with Press(newsrooms(), hand_clock) as press:
        press.publish(fresh)
        yield press


def test_every_feed_is_valid_and_says_what_the_script_says(press: Press, hand_clock: Clock) -> None:
    press.break_out(burst())
    hand_clock.turn(seconds=30)
    for publisher in press.publishers.values():
        status, headers, body = get(publisher.feed_url)
        parsed = feedparser.parse(BytesIO(body))
        assert status == 200
        assert not parsed.bozo, parsed.get("bozo_exception")
        assert headers["Content-Type"].startswith(f"application/{publisher.newsroom.feed}+xml")
        assert parsed.feed.title == publisher.newsroom.name
        expected = {publisher.base + path: r.article for path, r in publisher.visible().items()}
        assert {entry.link for entry in parsed.entries} == set(expected)
        for entry in parsed.entries:
            assert entry.title == expected[entry.link].title
            assert entry.summary == expected[entry.link].summary
            assert entry.published_parsed is not None


def test_feeds_name_the_newest_first(press: Press, hand_clock: Clock) -> None:
    press.break_out(burst())
    hand_clock.turn(seconds=30)
    for publisher in press.publishers.values():
        entries = feedparser.parse(BytesIO(get(publisher.feed_url)[2])).entries
        dates = [entry.published_parsed for entry in entries]
        assert dates == sorted(dates, reverse=True)


def test_an_unchanged_feed_is_answered_with_304_until_the_crisis_breaks_out(
    press: Press, hand_clock: Clock
) -> None:
    publisher = press.publishers["xezer-demo"]
    _, headers, body = get(publisher.feed_url)
    hand_clock.turn(seconds=5)
    status, again, nothing = get(publisher.feed_url, If_None_Match=headers["ETag"])
    assert (status, nothing, again["ETag"]) == (304, b"", headers["ETag"])
    assert get(publisher.feed_url, If_Modified_Since=headers["Last-Modified"])[0] == 304

    press.break_out(burst())
    hand_clock.turn(seconds=30)
    status, later, grown = get(publisher.feed_url, If_None_Match=headers["ETag"])
    assert status == 200
    assert later["ETag"] != headers["ETag"]
    assert len(grown) > len(body)
    assert get(publisher.feed_url, If_Modified_Since=headers["Last-Modified"])[0] == 200


def test_the_etag_decides_over_the_date() -> None:
    validators = {"ETag": '"new"', "Last-Modified": "Fri, 27 Jun 2025 04:30:00 GMT"}
    dated = {"if-modified-since": "Sat, 28 Jun 2025 04:30:00 GMT"}
    assert is_unchanged(dated, validators)
    assert not is_unchanged(dated | {"if-none-match": '"old"'}, validators)
    assert is_unchanged({"if-none-match": '"old", W/"new"'}, validators)
    assert not is_unchanged({"if-modified-since": "yesterday"}, validators)


def test_the_crisis_appears_on_its_cues(press: Press, hand_clock: Clock) -> None:
    quiet = sum(len(publisher.visible()) for publisher in press.publishers.values())
    outbreak = press.break_out(burst(), after=timedelta(seconds=10))

    def appeared() -> int:
        shown = sum(len(publisher.visible()) for publisher in press.publishers.values())
        return shown - quiet

    hand_clock.turn(seconds=9.9)
    assert appeared() == 0
    hand_clock.turn(seconds=0.1)
    assert hand_clock() == outbreak
    assert appeared() == sum(cue.after == timedelta(0) for cue in burst()) > 0
    hand_clock.turn(seconds=60)
    assert appeared() == len(burst())


def test_a_page_that_is_not_yet_out_is_not_served(press: Press, hand_clock: Clock) -> None:
    press.break_out(burst(), after=timedelta(seconds=10))
    article = burst()[0].article
    url = press.publishers[article.newsroom].base + article.path
    assert get(url)[0] == 404
    hand_clock.turn(seconds=10)
    assert get(url)[0] == 200


def test_pages_yield_their_article_without_the_noise_around_it(
    press: Press, hand_clock: Clock
) -> None:
    outbreak = press.break_out(burst())
    hand_clock.turn(seconds=30)
    for cue in burst()[::3]:
        publisher = press.publishers[cue.article.newsroom]
        url = publisher.base + cue.article.path
        status, headers, body = get(url)
        page = body.decode()
        found = bare_extraction(page, url=url, with_metadata=True)
        assert status == 200
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert f'<html lang="{cue.article.language}">' in page
        assert (outbreak + cue.after).strftime("%Y-%m-%dT%H:%M:%SZ") in page
        assert found.text.split() == cue.article.text.split()


def test_robots_allow_feeds_and_pages(press: Press) -> None:
    publisher = press.publishers["volga-demo"]
    robots = Protego.parse(get(f"{publisher.base}/robots.txt")[2].decode())
    assert robots.can_fetch(publisher.feed_url, "dyadwatch")
    assert not robots.can_fetch(f"{publisher.base}/search?q=x", "dyadwatch")


def test_visits_are_counted(press: Press) -> None:
    publisher = press.publishers["ural-demo"]
    etag = get(publisher.feed_url)[1]["ETag"]
    get(publisher.feed_url, If_None_Match=etag)
    get(publisher.base + next(iter(publisher.visible())))
    get(f"{publisher.base}/robots.txt")
    visits = press.visits
    assert (visits.feeds, visits.unchanged, visits.pages, visits.robots) == (2, 1, 1, 1)
    assert press.polled == 1


def test_what_is_not_there_and_what_is_not_allowed(press: Press) -> None:
    publisher = press.publishers["neva-demo"]
    assert get(f"{publisher.base}/nothing.html")[0] == 404
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(publisher.feed_url, data=b"x"), timeout=5)
    assert refused.value.code == 405


def test_stopping_closes_every_port_and_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    press = Press(newsrooms())
    press.start()
    addresses = [publisher.feed_url for publisher in press.publishers.values()]
    assert len(set(press.addresses)) == 10
    assert get(addresses[0])[0] == 200
    press.stop()
    assert set(threading.enumerate()) == before
    for address in addresses:
        with pytest.raises(OSError, match="refused"):
            get(address)
