"""16. A robots.txt that cannot be read forbids everything for now; once it can, all goes on."""

import pytest
from harness.hostile import (
    HTML,
    answering,
    drips_its_body,
    pours_a_body_without_end,
    redirecting,
    resets,
    says_nothing,
)
from harness.hostile_sites import STORY, html_page, lay, rss, source_of

OPEN = answering("User-agent: *\nAllow: /", "text/plain")
TROUBLE = {
    "500": answering(status=500),
    "502": answering(status=502),
    "503": answering(status=503),
    "503 with Retry-After": answering(status=503, Retry_After="120"),
    "429": answering(status=429),
    "silence": says_nothing,
    "a drip": drips_its_body,
    "a reset": resets,
    "no end": pours_a_body_without_end,
    "a redirect to trouble": redirecting("/trouble"),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_nothing_is_fetched_until_it_recovers(server, store, crawl_at, trouble):
    site = lay(server(), "robots", TROUBLE[trouble])
    site.on("/trouble", answering(status=500))
    paper = source_of(site, "robots")
    first = crawl_at(paper, 0, site, timeout=0.5, maxsize=2_000_000)
    assert "for now" in first.error and not first.robots_denied
    again = crawl_at(paper, 0.02, site, timeout=0.5, maxsize=2_000_000)
    assert "for now" in again.error
    assert not {"/rss", "/a1"} & set(site.asked)
    site.on("/robots.txt", OPEN)
    assert crawl_at(paper, 7, site).error is None
    assert {"/rss", "/a1"} <= set(site.asked)
    assert len(store.articles("page")) == 1


def test_a_page_on_a_server_in_trouble_is_read_when_that_recovers(server, store, crawl_at, run):
    from crawler.ports import PageTask

    other = lay(server(), "robots", answering(status=503))
    paper = lay(server(), "feed", answering(rss(f"<title>T</title><link>{other.url}/a1</link>")))
    assert crawl_at(source_of(paper, "feed"), 0, paper, other).error is None
    (early,) = store.articles("feed")
    assert "/a1" not in other.asked
    outcome = store.pages.get(early.canonical_url)
    assert outcome is None or not outcome.permanent
    other.on("/robots.txt", OPEN)
    store.kept_robots.clear()
    run(pages=[PageTask(early)], allow=[other])
    assert "/a1" in other.asked
    assert STORY.strip()[:40] in store.articles("page")[0].text


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_no_robots_is_leave_to_fetch(server, store, crawl_at, status):
    site = lay(server(), "robots", answering("Disallow: /", status=status))
    assert crawl_at(source_of(site, "robots"), 0, site).error is None
    assert len(store.articles("page")) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirected_robots_is_obeyed(server, store, crawl_at, status):
    site = lay(server(), "robots", redirecting("/rules", status))
    site.on("/rules", answering("User-agent: *\nDisallow: /a1", "text/plain"))
    assert crawl_at(source_of(site, "robots"), 0, site).error is None
    assert "/a1" not in site.asked
    (page,) = store.pages.values()
    assert page.permanent and "disallows" in page.error


def test_robots_that_an_other_server_keeps_are_obeyed_here_alone(server, store, crawl_at):
    keeper = server().on("/robots.txt", answering("User-agent: *\nDisallow: /a1", "text/plain"))
    site = lay(server(), "robots", redirecting(keeper.url + "/robots.txt"))
    assert crawl_at(source_of(site, "robots"), 0, site, keeper).error is None
    assert "/a1" not in site.asked and "/rss" in site.asked


def test_rules_that_only_redirect_forbid_nothing(server, store, crawl_at):
    """RFC 9309, 2.3.1.2: after five redirects it is as if there were no file."""
    site = lay(server(), "robots", redirecting("/robots.txt"))
    assert crawl_at(source_of(site, "robots"), 0, site).error is None
    assert site.asked.count("/robots.txt") <= 7
    assert len(store.articles("page")) == 1


def test_html_in_place_of_rules_forbids_nothing(server, store, crawl_at):
    site = lay(server(), "robots", answering(html_page("Disallow: /"), HTML))
    assert crawl_at(source_of(site, "robots"), 0, site).error is None
    assert len(store.articles("page")) == 1


@pytest.mark.parametrize(
    "rules",
    [
        "\ufeffUser-agent: *\nDisallow: /a1",
        "User-agent: *\r\n\r\nDisallow: /a1\r\n",
        "USER-AGENT: DyadWatch\nDISALLOW: /a1",
        "User-agent: *\nDisallow: /a1\n" + "# filler\n" * 70_000,
        "\x00\x01\x02\nUser-agent: *\nDisallow: /a1",
        "User-agent: *\nDisallow: /*1$",
        "User-agent: *\nDisallow: /%61%31",
    ],
    ids=["mark", "CRLF", "capitals", "600 kB", "binary", "pattern", "escaped"],
)
def test_rules_in_odd_spellings_are_obeyed(server, store, crawl_at, rules):
    site = lay(server(), "robots", answering(rules, "text/plain"))
    assert crawl_at(source_of(site, "robots"), 0, site).error is None
    assert "/a1" not in site.asked


def test_a_pattern_that_is_costly_to_match_is_matched_in_time(server, crawl_at):
    rules = "User-agent: *\n" + f"Disallow: /{'*a' * 500}b$\n" * 50
    site = lay(server(), "robots", answering(rules, "text/plain"))
    site.on("/rss", answering(rss(f"<title>T</title><link>/{'a' * 1500}</link>")))
    outcome = crawl_at(source_of(site, "robots"), 0, site)
    assert outcome.error is None
