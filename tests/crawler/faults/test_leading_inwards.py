"""14. Redirects and links that lead into private networks: no connection is ever made."""

import contextlib
from collections.abc import Callable, Iterator

import pytest
from harness.hostile import HTML, HostileServer, answering, redirecting
from harness.hostile_sites import PLACES, html_page, index, lay, manners, rss, source_of, url_set

SECRET = "Zwetschgenmus"
#: Spellings of addresses of this machine; {port} is where the canary listens.
TARGETS = {
    "another loopback address": "http://127.0.0.2:{port}/x",
    "another port": "http://127.0.0.1:{port}/x",
    "a name": "http://localhost:{port}/x",
    "a name with a dot": "http://localhost.:{port}/x",
    "IPv6": "http://[::1]:{port}/x",
    "IPv4 in IPv6": "http://[::ffff:127.0.0.2]:{port}/x",
    "IPv4 in IPv6, hexadecimal": "http://[::ffff:7f00:2]:{port}/x",
    "NAT64": "http://[64:ff9b::7f00:2]:{port}/x",
    "decimal": "http://2130706434:{port}/x",
    "hexadecimal": "http://0x7f000002:{port}/x",
    "octal": "http://0177.0.0.2:{port}/x",
    "short": "http://127.2:{port}/x",
    "unspecified": "http://0.0.0.0:{port}/x",
    "full-width digits": "http://１２７.０.０.２:{port}/x",
    "ideographic dots": "http://127。0。0。2:{port}/x",
    "without a scheme": "//127.0.0.2:{port}/x",
    "a user": "http://anyone@127.0.0.2:{port}/x",
    "a user that looks like a host": "http://news.example:80@127.0.0.2:{port}/x",
    "a backslash": "http://127.0.0.2:{port}\\@news.example/x",
    "blanks": " \thttp://127.0.0.2:{port}/x ",
    "cloud metadata": "http://169.254.169.254/latest/meta-data/",
    "a private network": "http://10.0.0.1:{port}/x",
    "a shared network": "http://100.64.0.1:{port}/x",
}


@pytest.fixture
def canary() -> Iterator[tuple[int, Callable[[], int]]]:
    """A port on which every loopback address answers with the secret; and its connections."""
    told = answering(html_page(SECRET, f"{SECRET} is kept here. " * 20), HTML)
    first = HostileServer("0.0.0.0", otherwise=told)
    both = [first]
    with contextlib.suppress(OSError):  # a machine without IPv6
        both.append(HostileServer("::1", first.port, otherwise=told))
    yield first.port, lambda: sum(one.connections for one in both)
    for one in both:
        one.close()


def test_the_canary_sings(server, store, canary, crawl_at):
    port, connections = canary
    outer = lay(server(), "feed", redirecting(f"http://127.0.0.2:{port}/x"))
    named = server(address="127.0.0.2")
    named.port = port  # allowed by name, it is reached: the other tests prove something
    crawl_at(source_of(outer, "feed"), 0, outer, named)
    assert connections() > 0


@pytest.mark.parametrize("where", sorted(PLACES))
def test_a_redirect_inwards_makes_no_connection(strike, store, canary, where):
    port, connections = canary
    behaviours = {n: redirecting(target.format(port=port)) for n, target in TARGETS.items()}
    struck, _ = strike(where, behaviours, timeout=3.0)
    assert connections() == 0
    assert [name for name, one in struck.items() if not one.reached] == []
    assert [name for name, one in struck.items() if not one.sentence] == []
    assert SECRET not in repr(store.puts)


@pytest.mark.parametrize("where", ["feed", "page", "robots", "sitemap"])
def test_every_kind_of_redirect_is_looked_at(strike, canary, where):
    port, connections = canary
    inwards = f"http://127.0.0.2:{port}/x"
    behaviours = {str(s): redirecting(inwards, s) for s in (300, 301, 302, 303, 307, 308)}
    behaviours["Refresh"] = answering("", HTML, Refresh=f"0; url={inwards}")
    behaviours["meta refresh"] = answering(
        html_page("Moved", head=f'<meta http-equiv="refresh" content="0; url={inwards}">'), HTML
    )
    strike(where, behaviours)
    assert connections() == 0


def test_a_second_redirect_is_looked_at_like_the_first(strike, server, canary):
    port, connections = canary
    hop = server()
    hop.on("/hop", redirecting(f"http://127.0.0.2:{port}/x", 307))
    struck, _ = strike("page", {"one": redirecting("/again")})
    honest = struck["one"].server
    assert connections() == 0 and "/again" in honest.asked


def test_links_inwards_are_not_followed(server, store, canary, crawl_at):
    port, connections = canary
    links = [t.format(port=port).strip() for t in TARGETS.values() if "\\" not in t]
    site = lay(
        server(),
        "feed",
        answering(rss(*(f"<title>T {n}</title><link>{x}</link>" for n, x in enumerate(links)))),
    )
    site.on("/sitemap.xml", answering(url_set(*links)))
    site.on(
        "/news",
        answering(
            html_page(
                "News",
                *(
                    f'<h2><a href="{x}">A headline with many words {n}</a></h2>'
                    for n, x in enumerate(links)
                ),
            ),
            HTML,
        ),
    )
    for where in ("feed", "sitemap", "listing"):
        outcome = crawl_at(source_of(site, where, where), 0, site, timeout=2.0)
        assert PLACES[where][0] in site.asked, outcome.error
    assert connections() == 0
    assert SECRET not in repr(store.puts)
    assert not [o for o in store.pages.values() if o.error is None]


def test_files_of_a_sitemap_index_inwards_are_not_followed(server, canary, crawl_at):
    port, connections = canary
    files = [t.format(port=port).strip() for t in TARGETS.values() if "\\" not in t]
    site = lay(server(), "sitemap", answering(index(*files)))
    crawl_at(source_of(site, "sitemap"), 0, site, timeout=2.0)
    assert site.asked[-1] == "/sitemap.xml"
    assert connections() == 0


def test_an_answer_of_many_redirects_ends(server, store, crawl_at):
    site = server()
    for n in range(40):
        site.on(f"/{n}", redirecting(f"/{n + 1}"))
    site.on("/rss", redirecting("/0"))
    assert "too many" in crawl_at(source_of(site, "feed"), 0, site).error
    assert len(site.asked) < 12
    assert manners([site]).timeout == 5.0
