"""15. Nothing but http and https is ever opened: no file of this machine, no other protocol."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from harness.hostile import HTML, HostileServer, answering, redirecting
from harness.hostile_sites import PLACES, html_page, index, lay, rss, source_of, url_set

from crawler.source import Source

SECRET = "Mirabellenschnaps"


@pytest.fixture
def forbidden(tmp_path: Path, server) -> Mapping[str, str]:
    """Addresses behind which there is something to read: it must not be."""
    page = tmp_path / "secret.html"
    page.write_text(html_page(SECRET, f"{SECRET} is distilled here. " * 20))
    feed = tmp_path / "secret.xml"
    feed.write_text(rss(f"<title>{SECRET}</title><link>http://news.example/{SECRET}</link>"))
    ftp = server(mute=True)
    return {
        "file, a page": page.as_uri(),
        "file, a feed": feed.as_uri(),
        "file of localhost": f"file://localhost{feed}",
        "file in capitals": f"FILE://{feed}",
        "file with one slash": f"file:{feed}",
        "file behind blanks": f" \t{feed.as_uri()}",
        "a bare path": str(feed),
        "data": f"data:text/html,{SECRET}",
        "ftp": f"ftp://127.0.0.1:{ftp.port}/x",
        "gopher": f"gopher://127.0.0.1:{ftp.port}/x",
        "javascript": f"javascript:alert('{SECRET}')",
        "view-source": f"view-source:{page.as_uri()}",
        "jar": f"jar:{page.as_uri()}!/x",
        "s3": f"s3://{SECRET}/x",
    }


def untold(store) -> bool:
    """Whether nothing of what those addresses hold has come in: neither words nor addresses."""
    opened = [a for put in store.puts for a in put if SECRET in f"{a.title} {a.text}"]
    return opened == [] and not any(
        a.url.partition(":")[0] not in ("http", "https") for put in store.puts for a in put
    )


@pytest.mark.parametrize("where", sorted(PLACES))
def test_a_redirect_to_another_scheme_opens_nothing(strike, store, forbidden, where):
    behaviours = {n: redirecting(u) for n, u in forbidden.items() if n != "a bare path"}
    struck, _ = strike(where, behaviours, timeout=2.0)
    assert [name for name, one in struck.items() if not one.reached] == []
    assert [name for name, one in struck.items() if not one.sentence] == []
    assert untold(store)


def test_a_source_with_another_scheme_is_refused_in_words(crawl_at, store, forbidden):
    for name, address in forbidden.items():
        for kind in ("feed", "sitemap", "listing"):
            outcome = crawl_at(Source(name, kind, address, name, name), 0)
            assert outcome.error, (name, kind)
    assert untold(store)


def all_about(address: str) -> str:
    return (
        f"<title>A title without secrets</title><link>{address}</link>"
        f'<enclosure url="{address}" length="1" type="text/html"/><guid>{address}</guid>'
        f"<comments>{address}</comments><source url='{address}'>x</source>"
    )


def test_links_of_a_feed_are_not_opened(server, store, crawl_at, forbidden):
    site = lay(server(), "feed", answering(rss(*map(all_about, forbidden.values()))))
    assert crawl_at(source_of(site, "feed"), 0, site, timeout=2.0).error is None
    assert untold(store)


def test_a_base_of_another_scheme_makes_no_addresses(server, store, crawl_at, tmp_path):
    (tmp_path / "secret.html").write_text(html_page(SECRET, f"{SECRET} is distilled here. " * 20))
    base = f"{tmp_path.as_uri()}/"
    atom = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{base}"><title>x</title>'
        '<entry><title>Plain words</title><link href="secret.html"/></entry></feed>'
    )
    site = lay(server(), "feed", answering(atom))
    crawl_at(source_of(site, "feed"), 0, site)
    head = f'<base href="{base}">' + "".join(
        f'<link rel="{rel}" href="{base}secret.html">' for rel in ("canonical", "amphtml", "next")
    )
    listed = '<h2><a href="secret.html">A headline of many words for a listing</a></h2>'
    site.on("/news", answering(html_page("News", listed, head=head), HTML))
    crawl_at(source_of(site, "listing", "listing"), 0, site)
    assert untold(store)


def test_links_of_a_sitemap_are_not_opened(server, store, crawl_at, forbidden):
    site = lay(server(), "sitemap", answering(url_set(*forbidden.values())))
    crawl_at(source_of(site, "sitemap"), 0, site, timeout=2.0)
    assert "/sitemap.xml" in site.asked
    assert untold(store)


def test_files_of_a_sitemap_index_are_not_opened(server, store, crawl_at, forbidden):
    site = lay(server(), "sitemap", answering(index(*forbidden.values())))
    site.on("/robots.txt", answering("".join(f"Sitemap: {u}\n" for u in forbidden.values())))
    crawl_at(source_of(site, "sitemap"), 0, site, timeout=2.0)
    assert "/sitemap.xml" in site.asked
    assert untold(store)


def test_links_of_a_listing_are_not_opened(server, store, crawl_at, forbidden):
    links = (
        f'<h2><a href="{u}">A headline of many words {n}</a></h2>'
        for n, u in enumerate(forbidden.values())
    )
    site: HostileServer = lay(server(), "listing", answering(html_page("News", *links), HTML))
    crawl_at(source_of(site, "listing"), 0, site, timeout=2.0)
    assert "/news" in site.asked
    assert untold(store)
