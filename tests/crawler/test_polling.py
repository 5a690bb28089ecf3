"""Polls of more than one address: what an index leads on to, and what of it could be read."""

from datetime import timedelta

import pytest

from crawler.ports import FeedValidators
from tests.crawler.conftest import NOW

SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def index(publisher, *paths, at=NOW):
    files = "".join(
        f"<sitemap><loc>{path if '//' in path else publisher.url + path}</loc>"
        f"<lastmod>{at.isoformat()}</lastmod></sitemap>"
        for path in paths
    )
    return f'<?xml version="1.0"?><sitemapindex {SITEMAP}>{files}</sitemapindex>'


def urlset(publisher, *numbers, at=NOW):
    pages = "".join(
        f"<url><loc>{publisher.url}/story-{n}</loc><news:news><news:title>Headline {n}</news:title>"
        f"<news:publication_date>{at.isoformat()}</news:publication_date></news:news></url>"
        for n in numbers
    )
    return f'<?xml version="1.0"?><urlset {SITEMAP} {NEWS}>{pages}</urlset>'


@pytest.fixture
def sitemap(publisher, answer):
    """A publisher with an index of two files of two pages each; each answers 304 when it may."""

    def served(body, etag):
        def serve(headers):
            if headers.get("If-None-Match") == etag:
                return answer(status=304)
            return answer(body, headers={"ETag": etag, "Content-Type": "application/xml"})

        return serve

    publisher.answers["/index.xml"] = served(index(publisher, "/one.xml", "/two.xml"), '"i"')
    publisher.answers["/one.xml"] = served(urlset(publisher, 1, 2), '"1"')
    publisher.answers["/two.xml"] = served(urlset(publisher, 3, 4), '"2"')
    return publisher


def test_the_files_of_an_index_are_one_poll(sitemap, store, run, source):
    run(source(sitemap.url + "/index.xml", kind="sitemap"), allow=[sitemap])
    (outcome,) = store.outcomes
    assert (outcome.entries, outcome.new, outcome.requests) == (4, 4, 3)
    assert outcome.error is outcome.note is None
    assert {a.canonical_url for a in store.articles("feed")} == {
        f"{sitemap.url}/story-{n}" for n in range(1, 5)
    }


def test_an_index_is_always_read_again_and_its_files_only_when_they_changed(
    sitemap, store, run, source
):
    for _ in range(2):
        report = run(source(sitemap.url + "/index.xml", kind="sitemap"), allow=[sitemap])
    assert store.kept_validators == {
        ("paper", sitemap.url + "/one.xml"): FeedValidators('"1"'),
        ("paper", sitemap.url + "/two.xml"): FeedValidators('"2"'),
    }
    (outcome,) = report.outcomes
    assert (outcome.status, outcome.entries, outcome.not_modified) == (200, 0, False)
    assert outcome.error is outcome.note is None


def test_a_file_that_fails_costs_its_own_entries_and_is_said(sitemap, store, run, source, answer):
    sitemap.answers["/one.xml"] = answer(status=404)
    run(source(sitemap.url + "/index.xml", kind="sitemap"), allow=[sitemap])
    (outcome,) = store.outcomes
    assert (outcome.entries, outcome.error) == (2, None)
    assert outcome.note == (
        "1 of 3 addresses could not be read: the server has no such address (HTTP 404)"
    )


def test_a_file_on_another_host_is_asked_for_under_its_robots(
    publish, sitemap, store, run, source, answer
):
    other = publish()
    other.answers["/robots.txt"] = answer("User-agent: *\nDisallow: /")
    sitemap.answers["/index.xml"] = answer(index(sitemap, "/one.xml", other.url + "/x.xml"))
    run(source(sitemap.url + "/index.xml", kind="sitemap"), allow=[sitemap, other])
    (outcome,) = store.outcomes
    assert outcome.entries == 2 and "disallows this address" in outcome.note
    assert not outcome.robots_denied and other.paths() == ["/robots.txt"]


def test_what_was_read_counts_when_time_is_up(sitemap, store, run, source):
    run(source(sitemap.url + "/index.xml", kind="sitemap"), allow=[sitemap], delay=1.0, budget=1.5)
    (outcome,) = store.outcomes
    assert (outcome.entries, outcome.error) == (2, None)
    assert outcome.note == "1 of 3 addresses could not be read: the crawl's time was up"


def test_a_walk_through_history_asks_as_if_for_the_first_time(sitemap, store, run, source, answer):
    week_ago = NOW - timedelta(days=7)
    sitemap.answers["/one.xml"] = lambda headers: answer(
        urlset(sitemap, 1, at=week_ago), status=304 if "If-None-Match" in headers else 200
    )
    store.kept_validators["paper", sitemap.url + "/one.xml"] = FeedValidators('"1"')
    wanted = source(sitemap.url + "/one.xml", kind="sitemap")
    (outcome,) = run(wanted, allow=[sitemap], since=NOW - timedelta(days=30)).outcomes
    assert (outcome.entries, outcome.validators) == (1, None)
