"""What `sources check` says of a look at a source, and what to do: always in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.ports import PageOutcome, PageVerdict, PollOutcome, RobotsAnswer
from crawler.source import Source
from worker.source_check import STALE, Judgement, Looked, judge, robots_verdict

NOW = datetime(2025, 6, 28, 12, tzinfo=UTC)
PAPER = Source("paper", "feed", "https://paper.example/rss/", "Paper", "paper")


def polled(status: int | None = 200, **rest: Any) -> PollOutcome:
    return PollOutcome("paper", NOW, NOW, status, **rest)


def page(verdict: PageVerdict = "read", error: str | None = None) -> PageOutcome:
    return PageOutcome("paper", f"https://paper.example/{verdict}", verdict, error)


def judged(outcome: PollOutcome | None, *pages: PageOutcome, robots: str = "") -> Judgement:
    return judge(Looked(PAPER, outcome, pages, RobotsAnswer(NOW, robots)), NOW)


def test_a_source_with_entries_and_pages_works() -> None:
    judgement = judged(polled(entries=20, newest=NOW), page(), page(), page("no_text", "no text"))
    assert judgement == Judgement("works", "It lists 20 articles; 2 of 3 pages could be read.")


def test_a_source_without_pages_of_its_own_works() -> None:
    assert judged(polled(entries=20, newest=NOW)).says == "It lists 20 articles."


def test_a_page_that_another_host_has_counts_for_nothing() -> None:
    assert judged(polled(entries=2, newest=NOW), page("moved")).state == "works"


@pytest.mark.parametrize(
    ("outcome", "says", "does"),
    [
        (
            polled(error="the answer is an HTML page, not a feed"),
            "The answer is an HTML page, not a feed.",
            "Open https://paper.example/ in a browser and look for the address of its feed",
        ),
        (
            polled(403, error="the server forbids this address to us (HTTP 403)"),
            "The server forbids this address to us (HTTP 403).",
            "url: https://paper.example/robots.txt",
        ),
        (polled(410, error="gone (HTTP 410)"), "Gone (HTTP 410).", "Look at https://paper.exam"),
        (polled(429, error="too often"), "Too often.", "longer `every`"),
        (polled(502, error="an error"), "An error.", "The fault is the server's"),
        (
            polled(None, error="the server's certificate is not valid (expired)"),
            "The server's certificate is not valid (expired).",
            "does not go on without a valid certificate",
        ),
        (
            polled(None, error="the name paper.example cannot be resolved (DNS)"),
            "The name paper.example cannot be resolved (DNS).",
            "Check the spelling",
        ),
        (
            polled(None, error="no connection to paper.example:443 (connection refused)"),
            "No connection to paper.example:443 (connection refused).",
            "cannot be reached from this network",
        ),
        (
            polled(None, error="robots.txt of paper.example cannot be read (HTTP 503), so nothing"),
            "robots.txt of paper.example cannot be read (HTTP 503), so nothing.",
            "Until its robots.txt can be read",
        ),
        (
            polled(None, error="something that nobody has met before"),
            "Something that nobody has met before.",
            "Open https://paper.example/rss/ in a browser",
        ),
        (polled(entries=0), "It answers, and lists no article.", "in a browser"),
    ],
)
def test_a_source_that_fails_says_why_and_what_to_do(
    outcome: PollOutcome, says: str, does: str
) -> None:
    judgement = judged(outcome)
    assert (judgement.state, judgement.says) == ("fails", says)
    assert does in (judgement.remedy or "")
    assert "{" not in (judgement.remedy or "")


def test_where_robots_closes_the_feed_the_sitemap_that_it_names_is_the_way() -> None:
    closed = polled(None, error="robots.txt disallows this address", robots_denied=True)
    named = "User-agent: *\nDisallow: /rss/\nSitemap: https://paper.example/news.xml"
    remedy = judged(closed, robots=named).remedy
    assert remedy is not None and remedy.endswith(
        "kind: sitemap, url: https://paper.example/news.xml"
    )
    assert "another address" in (judged(closed, robots="User-agent: *\nDisallow: /").remedy or "")
    assert robots_verdict(Looked(PAPER, closed)) == "disallowed"


def test_a_source_that_has_been_silent_for_months_fails() -> None:
    judgement = judged(polled(entries=20, newest=NOW - STALE - timedelta(days=1)))
    assert judgement.state == "fails" and judgement.says == "Its newest article is of 2025-04-28."


@pytest.mark.parametrize(
    ("first", "does"),
    [
        (page("wall", "the page asks for a subscription"), "without paying"),
        (page("refused", "robots.txt disallows this address"), "`pages: false`"),
        (page("failed", "the server forbids this address to us (HTTP 403)"), "`pages: false`"),
        (page("failed", "the server has no such address (HTTP 404)"), "look again in a few hours"),
        (page("no_text", "no article text was found on the page"), "selector"),
    ],
)
def test_pages_that_cannot_be_read_leave_the_entries(first: PageOutcome, does: str) -> None:
    judgement = judged(polled(entries=9, newest=NOW), first)
    assert judgement.state == "partly"
    assert judgement.says == f"It lists 9 articles; 0 of 1 pages could be read: {first.error}."
    assert does in (judgement.remedy or "")


@pytest.mark.parametrize(
    ("cause", "does"),
    [
        ("the server's certificate is not valid (it has expired)", "without a valid certificate"),
        ("the name paper.example cannot be resolved (DNS)", "Check the spelling of the host"),
        ("no connection to paper.example:443 (connection refused)", "cannot be reached from this"),
        ("HTTP 503", "Until its robots.txt can be read"),
        ("no complete answer within 30 s", "Until its robots.txt can be read"),
    ],
)
def test_what_keeps_us_from_robots_txt_is_told_with_its_own_remedy(cause: str, does: str) -> None:
    """robots.txt is asked first: nearly every dead server is met there."""
    error = f"robots.txt of paper.example cannot be read ({cause}), so nothing is fetched"
    assert does in (judged(polled(None, error=error)).remedy or "")


@pytest.mark.parametrize(
    ("error", "does"),
    [
        ("this address answers XML that is not a feed: its root is <urlset>", "kind: sitemap"),
        ("GDELT refuses the query: Your query was too short or too long.", "words of the query"),
        ("no complete answer within 30 s", "another address of the outlet"),
    ],
)
def test_what_the_answer_shows_is_told_with_its_own_remedy(error: str, does: str) -> None:
    assert does in (judged(polled(error=error)).remedy or "")


def test_what_was_not_reached_is_told_apart() -> None:
    assert judged(None).state == "not reached"
    assert robots_verdict(Looked(PAPER)) is None
    assert robots_verdict(Looked(PAPER, None, (), RobotsAnswer(NOW, None, "HTTP 503"))) == (
        "unreachable"
    )
