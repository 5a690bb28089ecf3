"""Every kind of source crawled from loopback: its entries, and the pages behind them."""

import gzip
import json


def test_a_packed_sitemap_behind_an_index_leads_to_its_articles(
    publisher, run, store, source, answer
):
    publisher.page("/2025/06/28/envoy-summoned", "Envoy summoned over raid")
    publisher.answers["/index.xml"] = answer(
        f"<sitemapindex><sitemap><loc>{publisher.url}/news.xml.gz</loc></sitemap>"
        "<sitemap><loc>file:///etc/passwd</loc></sitemap></sitemapindex>"
    )
    publisher.answers["/news.xml.gz"] = answer(
        gzip.compress(
            f"<urlset><url><loc>{publisher.url}/2025/06/28/envoy-summoned</loc>"
            "<lastmod>2025-06-28</lastmod></url></urlset>".encode()
        ),
        headers={"Content-Type": "application/gzip"},
    )
    report = run(source(f"{publisher.url}/index.xml", kind="sitemap"), allow=[publisher])
    assert report.outcomes[0].error is None and report.new_articles == 1
    (article,) = store.articles("page")
    assert article.title == "Envoy summoned over raid"


def test_a_section_page_leads_to_its_articles(publisher, run, store, source, answer):
    for n in range(101, 106):
        publisher.page(f"/news/{n}", f"The envoy was summoned again, {n}")
    cards = "".join(
        f"<li><h3><a href='/news/{n}'>The envoy was summoned again, {n}</a></h3></li>"
        for n in range(101, 106)
    )
    publisher.answers["/news"] = answer(f"<html><body><ul>{cards}</ul></body></html>")
    report = run(source(f"{publisher.url}/news", kind="listing"), allow=[publisher])
    assert report.outcomes[0].error is None and report.new_articles == 5
    assert len(store.articles("page")) == 5


def test_a_json_feed_leads_to_its_articles(publisher, run, store, source, answer):
    publisher.page("/1", "Envoy summoned over raid")
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/1", "title": "T"}]}
    publisher.answers["/feed.json"] = answer(json.dumps(feed))
    run(source(f"{publisher.url}/feed.json"), allow=[publisher])
    assert [a.title for a in store.articles("page")] == ["Envoy summoned over raid"]


def test_a_section_page_without_articles_is_an_error_in_words(publisher, run, source, answer):
    publisher.answers["/news"] = answer("<html><body><div id='app'></div></body></html>")
    report = run(source(f"{publisher.url}/news", kind="listing"), allow=[publisher])
    assert "give the source a `links` selector" in report.outcomes[0].error
