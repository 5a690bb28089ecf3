"""12. Small on the wire, gigabytes unpacked: refused, with little memory taken."""

from collections.abc import Iterator, Mapping

import pytest
from harness import bombs
from harness.hostile import ENDLESS, HTML, XML, Behaviour, HostileServer, answering
from harness.hostile_sites import NOW, PLACES, lay, manners, source_of
from harness.measured_crawl import MeasuredCrawl, measured

from crawler.ports import PollOutcome
from crawler.settings import Politeness

MEGABYTES = 300
ABREAST = Politeness().concurrency


def packed(body: bytes, encoding: str, kind: str = HTML) -> Behaviour:
    return answering(body, kind, Content_Encoding=encoding)


def encodings() -> dict[str, Behaviour]:
    return {
        "gzip": packed(bombs.gzip_bomb(1), "gzip"),
        "gzip in gzip": packed(bombs.nested_gzip_bomb(), "gzip, gzip"),
        "deflate": packed(bombs.deflate_bomb(), "deflate"),
        "br": packed(bombs.brotli_bomb(), "br"),
        "zstd": packed(bombs.zstd_bomb(), "zstd"),
    }


@pytest.fixture(scope="module")
def bombed() -> Iterator[tuple[MeasuredCrawl, Mapping[str, HostileServer]]]:
    """One crawl of everything that is too large, in one process."""
    behaviours = {(w, n): b for w in PLACES for n, b in encodings().items()}
    for where in ("sitemap", "sitemap's file"):
        # The sitemaps' own way: the file is packed, and no header says so.
        for kind in ("application/gzip", XML):
            behaviours[where, f".gz as {kind}"] = answering(bombs.gzip_bomb(1), kind)
    # Those without end come last: they pour from this very process, and leave others little time.
    behaviours |= {(w, b.__name__): b for b in ENDLESS for w in ("feed", "page", "robots")}
    servers = {f"{w}: {n}": lay(HostileServer(), w, b) for (w, n), b in behaviours.items()}
    sources = [source_of(one, name.partition(":")[0], name) for name, one in servers.items()]
    crawl = measured(
        sources,
        manners(servers.values(), timeout=6.0, budget=60.0, concurrency=ABREAST),
        NOW,
    )
    yield crawl, servers
    for one in servers.values():
        one.close()


def test_the_crawling_process_stays_small(bombed):
    crawl, _ = bombed
    assert max(crawl.peak_mb, crawl.parser_mb) < MEGABYTES


def test_every_bomb_was_reached(bombed):
    _, servers = bombed
    paths = {name: PLACES[name.partition(":")[0]][0] for name in servers}
    assert [name for name, one in servers.items() if paths[name] not in one.asked] == []


def sentences(outcomes: Mapping[str, PollOutcome]) -> Mapping[str, str]:
    return {name: one.error or one.note or "" for name, one in outcomes.items()}


@pytest.mark.parametrize("where", ["feed", "sitemap", "listing", "robots", "sitemap's file"])
def test_a_source_that_answers_too_much_is_told_so(bombed, where):
    crawl, _ = bombed
    ours = {name: o for name, o in crawl.outcomes.items() if name.startswith(f"{where}:")}
    assert len(ours) >= 5
    assert [name for name, told in sentences(ours).items() if not told] == []
    packed_ones = {name: told for name, told in sentences(ours).items() if "pours" not in name}
    assert [n for n, told in packed_ones.items() if "large" not in told] == []


def test_a_page_that_is_too_large_leaves_the_feeds_words(bombed):
    crawl, servers = bombed
    pages = [p for p in crawl.pages if p.source.startswith("page:")]
    assert len(pages) == sum(name.startswith("page:") for name in servers)
    assert all(page.error for page in pages)
    assert {a.stage for a in crawl.articles if a.source.startswith("page:")} == {"feed"}
