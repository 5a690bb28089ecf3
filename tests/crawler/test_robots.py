"""robots.txt: what an answer means, how long it stands, and how a crawl goes by it."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.ports import RobotsAnswer
from crawler.robots import MAX_BYTES, after, answer_of, is_fresh, rules_of
from crawler.urls import authority

NOW = datetime(2025, 6, 28, 12, 0, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)


def rules(status, body=b""):
    return rules_of(answer_of(status, body, NOW))


@pytest.mark.parametrize(
    ("status", "allowed"), [(200, False), (404, True), (403, True), (410, True)]
)
def test_answers_that_settle_it(status, allowed):
    made = rules(status, b"User-agent: *\nDisallow: /")
    assert made.allows("https://a.az/x", "dyadwatch") is allowed
    assert made.unreachable is None


@pytest.mark.parametrize("status", [500, 503, 429, 301])
def test_answers_that_leave_it_open(status):
    assert rules(status).unreachable == f"HTTP {status}"


def test_we_are_addressed_by_name():
    made = rules(
        200,
        b"User-agent: *\nDisallow: /\n\n"
        b"User-agent: dyadwatch\nAllow: /news\nDisallow: /\nCrawl-delay: 7",
    )
    assert made.allows("https://a.az/news/1", "dyadwatch")
    assert not made.allows("https://a.az/admin", "dyadwatch")
    assert made.crawl_delay("dyadwatch") == 7


def test_what_lies_beyond_500_kib_is_not_read():
    padding = b"#" + b"x" * MAX_BYTES + b"\n"
    assert rules(200, padding + b"User-agent: *\nDisallow: /").allows("https://a.az/x", "dyadwatch")


def test_a_good_answer_stands_for_a_day():
    known = answer_of(200, b"", NOW)
    assert is_fresh(known, NOW + timedelta(hours=23))
    assert not is_fresh(known, NOW + timedelta(hours=24))
    assert not is_fresh(known, NOW - timedelta(hours=1))


def test_an_unreachable_one_is_asked_for_again_at_growing_intervals():
    known, waits = None, []
    for _ in range(8):
        known = after(known, answer_of(503, b"", NOW))
        wait = TEN_MINUTES
        while is_fresh(known, NOW + wait):
            wait += TEN_MINUTES
        waits.append(wait // TEN_MINUTES)
    assert waits == [1, 2, 4, 8, 16, 32, 36, 36]


def test_an_old_copy_stands_in_for_one_that_cannot_be_had_but_not_for_ever():
    known = answer_of(200, b"User-agent: *\nDisallow: /shut", NOW)
    known = after(known, answer_of(503, b"", NOW))
    assert rules_of(known).allows("https://a.az/open", "dyadwatch")
    assert not rules_of(known).allows("https://a.az/shut", "dyadwatch")
    for _ in range(30):
        known = after(known, answer_of(503, b"", NOW))
    assert rules_of(known).unreachable == "HTTP 503"
    assert after(known, answer_of(200, b"", NOW)).failures == 0


def test_it_is_kept_from_one_crawl_to_the_next(publisher, store, run, source, answer):
    publisher.answers["/robots.txt"] = answer("User-agent: *\nDisallow: /private")
    publisher.feed("/rss")
    for _ in range(2):
        run(source(publisher.url + "/rss"), allow=[publisher])
    assert publisher.paths() == ["/robots.txt", "/rss", "/rss"]
    assert "/private" in store.kept_robots[authority(publisher.url)].text


def test_a_stale_one_is_asked_for_again(publisher, store, run, source):
    server = authority(publisher.url)
    store.kept_robots[server] = RobotsAnswer(NOW - timedelta(hours=25), "User-agent: *\nDisallow:/")
    publisher.feed("/rss")
    report = run(source(publisher.url + "/rss"), allow=[publisher])
    assert publisher.paths() == ["/robots.txt", "/rss"]
    assert report.outcomes[0].error is None


def test_one_that_is_unreachable_is_left_alone_for_a_while(publisher, run, source, answer):
    publisher.answers["/robots.txt"] = answer(status=503)
    for _ in range(2):
        report = run(source(publisher.url + "/rss"), allow=[publisher])
        assert "(HTTP 503)" in report.outcomes[0].error
    assert publisher.paths() == ["/robots.txt"]


def test_its_redirects_are_followed_to_another_host(publish, run, source, answer):
    first, second = publish(), publish()
    first.answers["/robots.txt"] = answer(
        status=301, headers={"Location": second.url + "/robots.txt"}
    )
    second.answers["/robots.txt"] = answer("User-agent: *\nDisallow: /")
    report = run(source(first.url + "/rss"), allow=[first, second])
    assert report.outcomes[0].robots_denied
    assert second.paths() == ["/robots.txt"]


def test_one_that_redirects_without_end_is_none(publisher, run, source, answer):
    publisher.answers["/robots.txt"] = answer(status=301, headers={"Location": "/robots.txt"})
    publisher.feed("/rss")
    report = run(source(publisher.url + "/rss"), allow=[publisher])
    assert report.outcomes[0].error is None
    assert publisher.paths() == ["/robots.txt"] * 6 + ["/rss"]


def test_a_slow_one_outlives_a_short_crawl_and_serves_the_next(publisher, run, source, answer):
    publisher.answers["/robots.txt"] = answer(b"User-agent: *\n" * 2, drip=0.05)
    publisher.feed("/rss")
    short = {"allow": [publisher], "budget": 0.5}
    error = run(source(publisher.url + "/rss"), **short).outcomes[0].error
    assert "so slow that this crawl had no time left" in error
    assert run(source(publisher.url + "/rss"), **short).outcomes[0].error is None
    assert publisher.paths() == ["/robots.txt", "/rss"]
