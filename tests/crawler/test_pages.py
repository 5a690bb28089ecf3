"""Pages: where they lead, whose they are, and which are none."""

from dataclasses import replace

import pytest

from crawler.ports import PageTask
from crawler.urls import host_of


def entry(n, **extra):
    return {"title": f"Headline number {n}", "link": f"/a{n}", "description": "Sum"} | extra


@pytest.mark.parametrize(("target", "words"), [("/", "front page"), ("/login", "login")])
def test_a_redirect_to_the_front_page_or_a_login_is_not_the_article(
    publisher, store, run, source, answer, target, words
):
    publisher.feed("/rss", entry(1))
    publisher.answers["/a1"] = answer(status=302, headers={"Location": target})
    publisher.page(target, "All the news of today")
    report = run(source(publisher.url + "/rss"), allow=[publisher])
    outcome = store.pages[publisher.url + "/a1"]
    assert words in outcome.error and outcome.permanent
    assert store.articles("page") == []
    assert (report.pages_failed, report.pages_left) == (1, 0)


def test_a_page_that_moved_to_a_host_that_is_not_ours_is_handed_back(
    publish, store, run, source, answer
):
    first, second = publish(), publish()
    first.feed("/rss", entry(1))
    first.answers["/a1"] = answer(status=302, headers={"Location": second.url + "/elsewhere"})
    second.page("/elsewhere", "Headline number 1")
    report = run(source(first.url + "/rss"), allow=[first, second], hosts=[host_of(first.url)])
    outcome = store.pages[first.url + "/a1"]
    assert (outcome.verdict, outcome.moved_to) == ("moved", second.url + "/elsewhere")
    assert outcome.error is None and not outcome.permanent
    assert (report.pages_moved, report.pages_left, second.hits) == (1, 0, [])


def test_a_page_that_was_handed_back_is_read_from_where_it_moved(publish, store, run, feed_article):
    publisher = publish()
    publisher.page("/elsewhere", "Headline number 1")
    task = PageTask(replace(feed_article(None), url=publisher.url + "/elsewhere"))
    run(pages=[task], allow=[publisher], hosts=[host_of(publisher.url)])
    (read,) = store.articles("page")
    assert read.canonical_url == publisher.url + "/elsewhere"
    assert read.aliases == (task.article.canonical_url,)
    assert list(store.pages) == [task.article.canonical_url]


def test_the_robots_of_the_host_that_a_page_moved_to_hold(publish, store, run, source, answer):
    first, second = publish(), publish()
    first.feed("/rss", entry(1))
    first.answers["/a1"] = answer(status=302, headers={"Location": second.url + "/elsewhere"})
    second.answers["/robots.txt"] = answer("User-agent: *\nDisallow: /")
    run(source(first.url + "/rss"), allow=[first, second])
    assert store.pages[first.url + "/a1"].verdict == "refused"
    assert second.paths() == ["/robots.txt"]


def test_two_hosts_that_send_a_page_to_and_fro_are_left(publish, store, run, source, answer):
    first, second = publish(), publish()
    first.feed("/rss", entry(1))
    first.answers["/a1"] = answer(status=302, headers={"Location": second.url + "/a1"})
    second.answers["/a1"] = answer(status=302, headers={"Location": first.url + "/a1"})
    run(source(first.url + "/rss"), allow=[first, second])
    assert store.pages[first.url + "/a1"].error == "the address redirects too many times"
    assert second.paths().count("/a1") == 3


def test_a_page_is_known_by_the_address_that_it_states(publisher, store, run, source):
    publisher.feed("/rss", entry(1, link="/a1?from=front"))
    publisher.page("/a1?from=front", "Headline number 1")
    page = publisher.answers["/a1?from=front"]
    page.body = page.body.replace("<title>", '<link rel="canonical" href="/a1"><title>')
    run(source(publisher.url + "/rss"), allow=[publisher])
    (read,) = store.articles("page")
    assert read.canonical_url == publisher.url + "/a1"
    assert read.aliases == (publisher.url + "/a1?from=front",)
    assert store.pages[publisher.url + "/a1?from=front"].verdict == "read"


def test_an_address_that_two_articles_state_is_the_first_ones(publisher, store, run, source):
    publisher.feed("/rss", entry(1), entry(2))
    for n in (1, 2):
        publisher.page(f"/a{n}", f"Headline number {n}")
        page = publisher.answers[f"/a{n}"]
        page.body = page.body.replace("<title>", '<link rel="canonical" href="/x-1"><title>')
    run(source(publisher.url + "/rss"), allow=[publisher])
    assert [a.canonical_url for a in store.articles("page")] == [
        publisher.url + "/x-1",
        publisher.url + "/a2",
    ]


def test_what_became_of_a_page_has_a_name(publisher, store, run, source, answer):
    publisher.feed("/rss", *(entry(n) for n in range(4)))
    publisher.answers["/robots.txt"] = answer("User-agent: *\nDisallow: /a3")
    publisher.answers["/a0"] = answer("<html></html>", headers={"Content-Type": "text/html"})
    publisher.answers["/a1"] = answer(b"%PDF-", headers={"Content-Type": "application/pdf"})
    publisher.answers["/a2"] = answer(status=410)
    run(source(publisher.url + "/rss"), allow=[publisher])
    verdicts = [store.pages[f"{publisher.url}/a{n}"].verdict for n in range(4)]
    assert verdicts == ["no_text", "not_html", "gone", "refused"]


def test_an_edited_headline_is_put_again_and_its_page_read_again(publisher, store, run, source):
    publisher.feed("/rss", entry(1))
    publisher.page("/a1", "Headline number 1")
    run(source(publisher.url + "/rss"), allow=[publisher])
    publisher.feed("/rss", entry(1, title="Headline number one, corrected"))
    report = run(source(publisher.url + "/rss"), allow=[publisher])
    assert store.articles("feed")[-1].title == "Headline number one, corrected"
    assert publisher.paths().count("/a1") == 2 and len(store.articles("page")) == 2
    outcome = report.outcomes[0]
    assert (outcome.new, outcome.changed, report.new_articles) == (0, 1, 0)
