"""A crawl against publishers on loopback: two stages, memory, manners."""

import multiprocessing
import signal
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from crawler.article import Article
from crawler.ports import FeedValidators, PageTask


def entry(n, base="", **extra):
    return {
        "title": f"Headline number {n}",
        "link": f"{base}/a{n}",
        "description": f"Sum {n}",
    } | extra


def test_an_entry_is_put_at_once_and_again_with_its_page(publisher, store, run, source):
    publisher.feed("/rss", entry(1, pubDate="Sat, 28 Jun 2025 13:14:00 +0400"))
    publisher.page("/a1", "Headline number 1 in full")
    report = run(source(publisher.url + "/rss", country="AZ", topical=True), allow=[publisher])
    early, late = store.puts[0][0], store.puts[1][0]
    assert (early.stage, early.title, early.text) == ("feed", "Headline number 1", "Sum 1")
    assert early.published == datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
    assert (early.country, early.topical, early.newsroom) == ("AZ", True, "paper-house")
    assert (late.stage, late.title) == ("page", "Headline number 1 in full")
    assert "seen by witnesses" in late.text
    assert late.published == early.published and late.published_from == "feed"
    assert late.canonical_url == early.canonical_url
    assert store.pages[early.canonical_url].verdict == "read"
    assert (report.new_articles, report.pages_read, report.pages_left) == (1, 1, 0)


def test_one_feed_is_one_put_and_everything_comes_from_one_thread(publisher, store, run, source):
    publisher.feed("/rss", *(entry(n) for n in range(5)))
    run(source(publisher.url + "/rss"), allow=[publisher])
    assert len(store.puts[0]) == 5
    assert len(store.threads) == 1 and threading.get_ident() not in store.threads


def test_what_was_seen_is_neither_put_nor_fetched_again(publisher, store, run, source):
    publisher.feed("/rss", entry(1))
    publisher.page("/a1", "Headline number 1")
    run(source(publisher.url + "/rss"), allow=[publisher])
    publisher.hits.clear()
    report = run(source(publisher.url + "/rss"), allow=[publisher])
    assert publisher.paths() == ["/rss"]
    assert (report.outcomes[0].entries, report.outcomes[0].new) == (1, 0)


def test_one_entry_in_two_feeds_is_one_article(publisher, store, run, source):
    publisher.feed("/rss", entry(1))
    publisher.feed("/all", entry(1, link="/a1?utm_source=all#top"))
    run(source(publisher.url + "/rss"), source(publisher.url + "/all", "other"), allow=[publisher])
    assert len(store.articles("feed")) == 1


def test_a_304_is_a_good_poll_that_keeps_its_validators(publisher, store, run, source, answer):
    def serve(headers):
        assert headers["If-Modified-Since"] == "Sat, 28 Jun 2025 00:00:00 GMT"
        return answer(status=304 if headers.get("If-None-Match") == '"v1"' else 500)

    publisher.answers["/rss"] = serve
    url = publisher.url + "/rss"
    store.kept_validators["paper", url] = FeedValidators('"v1"', "Sat, 28 Jun 2025 00:00:00 GMT")
    run(source(url), allow=[publisher])
    (outcome,) = store.outcomes
    assert outcome.not_modified and outcome.error is None and outcome.status == 304
    assert store.kept_validators["paper", url].etag == '"v1"'


def test_validators_of_a_200_are_remembered(publisher, store, run, source, answer):
    publisher.feed("/rss", entry(1, pubDate="2025-06-28"))
    publisher.answers["/rss"].headers["ETag"] = '"v2"'
    run(source(publisher.url + "/rss"), allow=[publisher])
    assert store.kept_validators == {
        ("paper", publisher.url + "/rss"): FeedValidators('"v2"', None)
    }
    assert store.outcomes[0].newest == datetime(2025, 6, 28, tzinfo=UTC)
    assert store.articles("feed")[0].published == date(2025, 6, 28)


def test_the_first_poll_after_an_outage_is_marked(publisher, store, run, source):
    store.away = True
    publisher.feed("/rss", entry(1))
    publisher.page("/a1", "Headline number 1")
    run(source(publisher.url + "/rss"), allow=[publisher])
    assert all(a.first_poll for put in store.puts for a in put)


def test_a_page_that_says_nothing_leaves_the_feeds_words(publisher, store, run, source, answer):
    publisher.feed("/rss", entry(1), entry(2), entry(3))
    publisher.answers["/a1"] = answer(
        "<html><body></body></html>", headers={"Content-Type": "text/html"}
    )
    publisher.answers["/a2"] = answer(b"%PDF-", headers={"Content-Type": "application/pdf"})
    run(source(publisher.url + "/rss"), allow=[publisher])
    assert store.articles("page") == []
    errors = [store.pages[f"{publisher.url}/a{n}"] for n in (1, 2, 3)]
    assert [page.error for page in errors] == [
        "no article text was found on the page",
        "the page is application/pdf, not HTML",
        "the server has no such address (HTTP 404)",
    ]
    assert all(page.permanent for page in errors)


def test_a_redirected_page_is_known_by_where_it_led_and_by_where_it_began(
    publish, store, run, source, answer
):
    first, second = publish(), publish()
    first.feed("/rss", entry(1))
    first.answers["/a1"] = answer(status=302, headers={"Location": second.url + "/elsewhere"})
    second.page("/elsewhere", "Headline number 1")
    run(source(first.url + "/rss"), allow=[first, second])
    (read,) = store.articles("page")
    assert (read.url, read.canonical_url) == (f"{second.url}/elsewhere",) * 2
    assert read.aliases == (f"{first.url}/a1",)
    assert store.pages[f"{first.url}/a1"].verdict == "read"
    assert second.paths() == ["/robots.txt", "/elsewhere"]


def test_pages_of_earlier_crawls_are_read_too(publisher, store, run):
    publisher.page("/old", "A headline of yesterday")
    old = Article(
        url=publisher.url + "/old",
        canonical_url=publisher.url + "/old",
        source="paper",
        newsroom="paper-house",
        fetched=datetime(2025, 6, 27, tzinfo=UTC),
        title="Old",
        stage="feed",
    )
    run(pages=[PageTask(old)], allow=[publisher])
    (read,) = store.articles("page")
    assert read.title == "A headline of yesterday"
    assert read.fetched == old.fetched


def test_an_entry_without_a_link_is_complete_as_it_is(publisher, store, run, source):
    publisher.feed(
        "/rss", {"title": "Only words here"}, {"title": "Other", "link": "javascript:alert(1)"}
    )
    run(source(publisher.url + "/rss"), allow=[publisher])
    assert [a.stage for a in store.puts[0]] == ["page", "page"]
    assert len({a.canonical_url for a in store.puts[0]}) == 2
    assert publisher.paths() == ["/robots.txt", "/rss"]
    run(source(publisher.url + "/rss"), allow=[publisher])
    assert len(store.puts) == 1


def test_a_kind_that_is_not_built_is_said_and_stops_nobody(publisher, store, run, source):
    publisher.feed("/rss", entry(1))
    report = run(
        source(publisher.url + "/map", "map", kind="carrier_pigeon"),
        source(publisher.url + "/rss"),
        allow=[publisher],
    )
    assert "kind carrier_pigeon cannot be crawled yet" in report.outcomes[0].error
    assert report.outcomes[1].error is None


def test_too_many_requests_is_believed_and_not_repeated(publish, run, source, answer):
    busy, down = publish(), publish()
    busy.answers["/rss"] = answer(status=429, headers={"Retry-After": "30"})
    down.answers["/rss"] = answer(
        status=503, headers={"Retry-After": "Sat, 28 Jun 2025 12:02:00 GMT"}
    )
    report = run(
        source(busy.url + "/rss", "busy"),
        source(busy.url + "/other", "other"),
        source(down.url + "/rss", "down"),
        allow=[busy, down],
    )
    assert [o.retry_after for o in report.outcomes] == [30.0, 30.0, 120.0]
    assert "ask too often (HTTP 429)" in report.outcomes[0].error
    assert busy.paths() == down.paths() == ["/robots.txt", "/rss"]


def test_a_server_that_asks_for_a_pause_is_left_alone(publisher, store, run, source, answer):
    publisher.feed("/rss", *(entry(n) for n in range(4)))
    publisher.answers["/a0"] = answer(status=429, headers={"Retry-After": "30"})
    report = run(source(publisher.url + "/rss"), allow=[publisher])
    assert publisher.paths() == ["/robots.txt", "/rss", "/a0"]
    assert report.pages_left == 3
    (page,) = store.pages.values()
    assert page.error == "the server says that we ask too often (HTTP 429)"
    assert not page.permanent


def test_new_pages_come_before_those_of_earlier_crawls(publisher, run, source, feed_article):
    publisher.feed("/rss", entry(1))
    old = replace(
        feed_article(None), url=publisher.url + "/old", canonical_url=publisher.url + "/old"
    )
    run(source(publisher.url + "/rss"), pages=[PageTask(old)], allow=[publisher])
    assert publisher.paths() == ["/robots.txt", "/rss", "/a1", "/old"]


def test_pages_of_one_server_keep_the_delay_and_two_servers_run_side_by_side(
    publish, store, run, source
):
    servers = [publish(), publish()]
    for server in servers:
        server.feed("/rss", *(entry(n) for n in range(3)))
        for n in range(3):
            server.page(f"/a{n}", f"Headline number {n}")
    started = time.monotonic()
    run(*(source(s.url + "/rss", s.authority) for s in servers), allow=servers, delay=0.4)
    took = time.monotonic() - started
    for server in servers:
        times = [at for path, at in server.hits if path != "/robots.txt"]
        assert len(times) == 4
        assert min(b - a for a, b in pairwise(times)) >= 0.39
    assert took < 2 * 3 * 0.4


def test_a_crawl_delay_is_honoured_up_to_the_cap(publisher, store, run, source, answer):
    publisher.answers["/robots.txt"] = answer("User-agent: *\nCrawl-delay: 60")
    publisher.feed("/rss", entry(1))
    publisher.page("/a1", "Headline number 1")
    run(source(publisher.url + "/rss"), allow=[publisher], delay=0.05, crawl_delay_cap=0.5)
    feed_at, page_at = (at for path, at in publisher.hits if path != "/robots.txt")
    assert 0.49 <= page_at - feed_at < 2


def test_what_the_time_budget_leaves_over_stays_a_task(publisher, store, run, source):
    publisher.feed("/rss", *(entry(n) for n in range(20)))
    for n in range(20):
        publisher.page(f"/a{n}", f"Headline number {n}")
    started = time.monotonic()
    report = run(source(publisher.url + "/rss"), allow=[publisher], delay=0.3, budget=1.0)
    assert time.monotonic() - started < 3
    assert len(store.articles("feed")) == 20
    assert 1 <= report.pages_read <= 4
    assert report.pages_left == 20 - report.pages_read == 20 - len(store.pages)


def test_a_source_whose_turn_never_came_is_still_due(publisher, store, run, source):
    publisher.feed("/one", entry(1))
    publisher.feed("/two", entry(2))
    report = run(
        source(publisher.url + "/one", "one"),
        source(publisher.url + "/two", "two"),
        allow=[publisher],
        delay=3.0,
        budget=1.5,
    )
    assert report.outcomes[0].error is None
    assert "time was up" in report.outcomes[1].error
    assert [outcome.source for outcome in store.outcomes] == ["one"]


def test_a_sink_that_fails_ends_the_crawl_with_its_own_error(publisher, store, run, source):
    publisher.feed("/rss", entry(1))

    def full(articles):
        raise OSError("disk full")

    store.put = full
    with pytest.raises(OSError, match="disk full"):
        run(source(publisher.url + "/rss"), allow=[publisher])
    assert store.outcomes == []


def test_a_crawl_runs_in_another_thread(publisher, store, run, source):
    publisher.feed("/rss", entry(1))
    thread = threading.Thread(target=lambda: run(source(publisher.url + "/rss"), allow=[publisher]))
    thread.start()
    thread.join(20)
    assert store.outcomes[0].error is None


@pytest.mark.skipif(sys.platform == "darwin", reason="a process with threads must not fork there")
def test_a_crawl_runs_in_a_forked_child_and_leaves_its_signals_alone(publisher, run, source):
    publisher.feed("/rss", entry(1))

    def in_child(answers):
        signals = (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)
        before = [signal.getsignal(s) for s in signals]
        status = run(source(publisher.url + "/rss"), allow=[publisher]).outcomes[0].status
        answers.put((status, before == [signal.getsignal(s) for s in signals]))

    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=in_child, args=(answers,))
    child.start()
    assert answers.get(timeout=20) == (200, True)
    child.join(10)
    assert child.exitcode == 0


def test_the_crawler_says_honestly_who_it_is(publisher, store, run, source):
    publisher.feed("/rss")
    run(source(publisher.url + "/rss"), allow=[publisher], user_agent="dyadwatch/0.1 (+me)")
    assert {h["User-Agent"] for h in publisher.headers} == {"dyadwatch/0.1 (+me)"}
    assert not any("Cookie" in h or "Referer" in h for h in publisher.headers)


def test_a_time_in_the_future_is_not_believed(publisher, store, run, source):
    soon = datetime(2025, 6, 28, 12, 0, tzinfo=UTC) + timedelta(hours=3)
    publisher.feed(
        "/rss", entry(1, pubDate=soon.isoformat()), entry(2, pubDate="2026-01-01T00:00:00Z")
    )
    run(source(publisher.url + "/rss"), allow=[publisher])
    assert [a.published for a in store.articles("feed")] == [
        store.articles("feed")[0].fetched,
        None,
    ]
