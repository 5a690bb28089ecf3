"""13. Slow, silent and endless answers are cut off, each within the time that one download has."""

import ssl
import time

import pytest
from harness.hostile import BROKEN, ENDLESS, SLOW, answering, says_nothing
from harness.hostile_sites import NOW, PLACES, manners, rss, source_of

from crawler.run import crawl
from crawler.settings import Politeness, scrapy_settings

TIMEOUT = 0.8
EVERYWHERE = sorted(PLACES)


def test_a_download_has_thirty_seconds_unless_told_otherwise():
    assert scrapy_settings(Politeness())["DOWNLOAD_TIMEOUT"] == 30


@pytest.mark.parametrize("where", EVERYWHERE)
def test_an_answer_that_does_not_come_is_cut_off_in_time(strike, where):
    behaviours = {behaviour.__name__: behaviour for behaviour in SLOW}
    struck, took = strike(where, behaviours, timeout=TIMEOUT)
    assert [name for name, one in struck.items() if not one.reached] == []
    unlike = {
        name: one.sentence
        for name, one in struck.items()
        if f"no complete answer within {TIMEOUT} s" not in (one.sentence or "")
    }
    assert unlike == {}
    assert took < 4 * TIMEOUT


@pytest.mark.parametrize("where", EVERYWHERE)
def test_an_answer_without_end_is_cut_off_by_its_size_or_in_time(strike, where):
    behaviours = {behaviour.__name__: behaviour for behaviour in ENDLESS}
    # They pour from this very process, and leave the honest answers little time.
    struck, took = strike(where, behaviours, timeout=2.0, maxsize=2_000_000)
    assert [name for name, one in struck.items() if not one.reached] == []
    assert [name for name, one in struck.items() if not one.sentence] == []
    assert took < 8.0


@pytest.mark.parametrize("where", EVERYWHERE)
def test_an_answer_that_is_none_is_a_sentence_about_that_answer(strike, where):
    struck, took = strike(where, {b.__name__: b for b in BROKEN}, timeout=TIMEOUT)
    assert [name for name, one in struck.items() if not one.sentence] == []
    assert not [s for s in (one.sentence for one in struck.values()) if "Error" in s or "(0)" in s]
    assert took < 6 * TIMEOUT


@pytest.mark.parametrize("behaviour", [says_nothing, BROKEN[0], answering(status=404)])
def test_an_index_whose_every_file_fails_is_an_error_and_no_peace(strike, behaviour):
    struck, _ = strike("sitemap's file", {"it": behaviour}, timeout=TIMEOUT)
    assert struck["it"].reached
    assert struck["it"].poll.error


def test_nothing_is_fetched_where_robots_never_came(strike):
    behaviours = {behaviour.__name__: behaviour for behaviour in (*SLOW, *BROKEN)}
    struck, _ = strike("robots", behaviours, timeout=TIMEOUT)
    for one in struck.values():
        assert set(one.server.asked) == {"/robots.txt"}
        assert "for now" in one.sentence
        assert one.articles == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_only_accepts_is_cut_off(server, store, scheme):
    mute = server(mute=True)
    source = source_of(mute, "feed")
    address = source.url.replace("http:", f"{scheme}:")
    started = time.monotonic()
    (outcome,) = crawl(
        [type(source)("paper", "feed", address, "paper", "house")],
        [],
        store,
        store,
        manners([mute], timeout=TIMEOUT),
        lambda: NOW,
    ).outcomes
    assert f"no complete answer within {TIMEOUT} s" in outcome.error
    assert time.monotonic() - started < 4 * TIMEOUT


def test_a_tls_handshake_that_breaks_off_is_said_so(server, crawl_at):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # without a certificate no handshake ends
    broken = server(tls=context)
    outcome = crawl_at(source_of(broken, "feed"), 0, broken, timeout=TIMEOUT)
    assert "TLS failed" in outcome.error or "no complete answer" in outcome.error


def test_slow_servers_hold_up_nobody_else(server, store):
    slow = [server().on("/robots.txt", says_nothing) for _ in range(8)]
    quick = server().on("/rss", answering(rss("<title>News of today</title>")))
    answered: list[float] = []
    started = time.monotonic()
    put = store.put
    store.put = lambda articles: (answered.append(time.monotonic() - started), put(articles))
    sources = [source_of(one, "feed", f"s{n}") for n, one in enumerate([*slow, quick])]
    crawl(sources, [], store, store, manners([*slow, quick], timeout=2.0), lambda: NOW)
    assert answered and answered[0] < 1.5
