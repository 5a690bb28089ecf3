"""17. XML that expands, fetches or nests: nothing grows, nothing is opened, the source is told."""

from pathlib import Path

import pytest
from harness.hostile import HTML, Behaviour, HostileServer, answering
from harness.hostile_sites import lay, source_of

SECRET = "Quittenlikör"
SECONDS = 5.0
ROOTS = {
    "feed": (
        "rss",
        '<rss version="2.0"><channel><title>{w}</title>'
        "<item><title>{w}</title><link>/a1</link></item></channel></rss>",
    ),
    "sitemap": (
        "urlset",
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<url><loc>http://127.0.0.1/{w}</loc></url></urlset>",
    ),
}
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>{w}</title><entry><title>{w}</title>'
    '<id>x</id><link href="/a1"/></entry></feed>'
)


def laughs(root: str, body: str) -> str:
    names = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY l0 "haha">{names}]>' + body.format(
        w="&l11;"
    )


def blow_up(root: str, body: str) -> str:
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a "{"a" * 60_000}">]>' + body.format(
        w="&a;" * 30_000
    )


def inclusion(address: str, root: str, body: str) -> str:
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY x SYSTEM "{address}">]>' + body.format(
        w="&x;"
    )


def parameter(address: str, root: str, body: str) -> str:
    return (
        f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY % x SYSTEM "{address}"> %x;]>'
        + body.format(w="plain")
    )


def disguised(root: str, body: str) -> bytes:
    return laughs(root, body).replace('<?xml version="1.0"?>', "").encode("utf-16")


def attacks(where: str, file: str, web: str) -> dict[str, Behaviour]:
    root, body = ROOTS[where]
    bodies: dict[str, str | bytes] = {
        "billion laughs": laughs(root, body),
        "quadratic": blow_up(root, body),
        "a file": inclusion(file, root, body),
        "the web": inclusion(web, root, body),
        "a parameter entity": parameter(web, root, body),
        "UTF-16": disguised(root, body),
    }
    if where == "feed":
        bodies |= {
            "Atom laughs": laughs("feed", ATOM),
            "Atom file": inclusion(file, "feed", ATOM),
        }
    return {name: answering(made, "application/xml") for name, made in bodies.items()}


@pytest.fixture
def canary(server) -> HostileServer:
    return server(otherwise=answering(SECRET, "text/plain"))


@pytest.fixture
def secret_file(tmp_path: Path) -> str:
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    return path.as_uri()


@pytest.mark.parametrize("where", ["feed", "sitemap"])
def test_entities_are_neither_expanded_nor_fetched(strike, store, canary, secret_file, where):
    struck, took = strike(where, attacks(where, secret_file, f"{canary.url}/x"))
    assert [name for name, one in struck.items() if not one.reached] == []
    unflagged = {
        n: one.sentence for n, one in struck.items() if "entit" not in (one.sentence or "")
    }
    assert unflagged == {}
    assert canary.connections == 0
    assert SECRET not in repr(store.puts)
    assert took < SECONDS


@pytest.mark.parametrize("where", ["feed", "sitemap"])
@pytest.mark.parametrize("inside", ["nested", "attributes", "unclosed", "namespaces"])
def test_nesting_and_piling_up_take_no_time(strike, where, inside):
    _, body = ROOTS[where]
    bulk = {
        "nested": "<a>" * 300_000 + "</a>" * 300_000,
        "attributes": "<a " + " ".join(f'b{n}="1"' for n in range(100_000)) + "/>",
        "unclosed": "<p><b><i>" * 200_000,
        "namespaces": "<a " + " ".join(f'xmlns:n{n}="u{n}"' for n in range(50_000)) + "/>",
    }[inside]
    struck, took = strike(where, {"it": answering(body.format(w=bulk), "application/xml")})
    assert struck["it"].reached
    assert struck["it"].sentence and "took too long" not in struck["it"].sentence
    assert took < SECONDS


@pytest.mark.parametrize("where", ["feed", "sitemap"])
def test_an_inclusion_includes_nothing(strike, store, canary, secret_file, where):
    _, body = ROOTS[where]
    namespace = 'xmlns:xi="http://www.w3.org/2001/XInclude"'
    bodies = {
        "a file": f'<xi:include {namespace} href="{secret_file}" parse="text"/>',
        "the web": f'<xi:include {namespace} href="{canary.url}/x" parse="text"/>',
    }
    strike(where, {n: answering(body.format(w=b), "application/xml") for n, b in bodies.items()})
    assert canary.connections == 0
    assert SECRET not in repr(store.puts)


@pytest.mark.parametrize("where", ["feed", "sitemap"])
def test_a_doctype_that_names_a_file_elsewhere_opens_none(strike, store, canary, where):
    root, body = ROOTS[where]
    sheet = f'<?xml-stylesheet type="text/xsl" href="{canary.url}/sheet.xsl"?>'
    doctype = f'<!DOCTYPE {root} PUBLIC "-//Example//DTD 0.91//EN" "{canary.url}/x.dtd">'
    xml = f'<?xml version="1.0"?>{sheet}{doctype}{body.format(w="plain")}'
    struck, _ = strike(where, {"it": answering(xml, "application/xml")})
    assert struck["it"].reached
    assert canary.connections == 0


def test_an_old_feed_with_its_doctype_is_read(strike, store):
    doctype = (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        '"http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    )
    body = ROOTS["feed"][1].format(w="News of the harbour")
    struck, _ = strike("feed", {"it": answering(f'<?xml version="1.0"?>{doctype}{body}')})
    assert struck["it"].sentence is None
    assert [a.title for a in store.articles("feed")] == ["News of the harbour"]


def test_a_page_that_declares_entities_includes_nothing(strike, store, canary, secret_file):
    html = (
        "<html><head><title>&x;</title></head><body><article><p>{w}</p>"
        + "<p>The harbour council met on Friday and heard the pilots. </p>" * 12
        + "</article></body></html>"
    )
    bodies = {
        "laughs": laughs("html", html),
        "quadratic": blow_up("html", html),
        "a file": inclusion(secret_file, "html", html),
        "the web": inclusion(f"{canary.url}/x", "html", html),
        "XInclude": html.format(
            w=f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret_file}"/>'
        ),
    }
    kinds = ("text/html", "application/xhtml+xml", "application/xml")
    behaviours = {f"{n} as {k}": answering(b, k) for n, b in bodies.items() for k in kinds}
    struck, took = strike("page", behaviours)
    assert [name for name, one in struck.items() if not one.reached] == []
    assert canary.connections == 0
    assert SECRET not in repr(store.puts)
    assert max(len(a.text) for a in store.articles("page")) < 4_000_000
    assert took < 3 * SECONDS


@pytest.mark.parametrize(
    "markup",
    ["<div>" * 100_000, "<table><tr><td>" * 30_000, "<b><i><a href=x>" * 50_000,
     "<p " + "a=b " * 300_000 + ">", "<!--" * 300_000, "<a" * 500_000, "&lt;" * 500_000,
     "<script>" * 100_000, '{"@type":"NewsArticle","a":' * 50_000,
     '<script type="application/ld+json">' + "[" * 500_000 + "</script>"],
    ids=["div", "table", "inline", "attributes", "comments", "tags", "entities", "scripts",
         "braces", "json-ld"],
)  # fmt: skip
def test_a_page_of_nothing_but_markup_holds_nobody_up(strike, markup):
    page = f"<html><body><article>{markup}</article></body></html>"
    struck, took = strike("page", {"it": answering(page, HTML)})
    assert struck["it"].reached
    assert took < SECONDS
    assert [a.stage for a in struck["it"].articles][:1] == ["feed"]


def test_the_site_of_these_tests_is_honest(server, store, crawl_at):
    site = lay(server(), "feed", answering(ROOTS["feed"][1].format(w="plain")))
    assert crawl_at(source_of(site, "feed"), 0, site).error is None
