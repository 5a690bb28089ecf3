"""A sitemap's bytes to its entries (pure): news sitemaps, plain ones, indexes, text, feeds.

https://www.sitemaps.org/protocol.html
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

import re
import zlib
from datetime import datetime, timedelta
from itertools import islice

from lxml import etree

from crawler.article_links import ARTICLE, article_likeness
from crawler.charsets import decode
from crawler.entries import distinct, domain_of, entry_of, is_older, usable_link
from crawler.feed import parse_feed, what_it_is_instead
from crawler.reading import Answer, Entry, Reading
from crawler.sitemap_files import Listed, promising
from crawler.sitemap_xml import Found, HostileXml, listed_in
from crawler.xml_fence import entity_declaration, utf8_without_prolog

#: Unpacked. The protocol allows 50 MB, which no news site needs for what is recent.
MAX_BYTES = 24 * 1024 * 1024
MAX_ADDRESSES = 50_000
#: What is older than this is not asked for, unless somebody wants history.
RECENT = timedelta(days=3)
MAX_ENTRIES = 1_000
#: Of addresses without any date as many from either end: new ones are added at one of them.
MAX_UNDATED_AT_EACH_END = 100
#: Characters between two tags: more are made to fill memory.
MAX_RUN = 100_000
_LONG_RUN = re.compile(rf"<[^<]{{{MAX_RUN}}}")

_ROOTS_OF_FEEDS = frozenset({"rss", "feed", "rdf"})


def parse_sitemap(answer: Answer, own_url: str) -> Reading:
    """Reads one file of a sitemap; never raises.

    Entries are the recent articles (`Answer.since`, else `RECENT`) that lie on the registered
    domain of the sitemap; `own_url` is the source's address. A `lastmod` orders and filters, and
    is no publication time: an old article that is touched again has a new one.
    """
    unpacked = _unpacked(answer.body)
    if unpacked is None:
        size = MAX_BYTES // 1024 // 1024
        return Reading(problem=f"the sitemap is larger than {size} MiB when unpacked: refused")
    text = decode(unpacked, answer.content_type)
    since = answer.since or answer.now - RECENT
    if text[:200].lstrip("\ufeff \t\r\n").startswith(("https://", "http://")):
        listed: list[Listed | Found] = [Found(line.strip()) for line in text.split("\n")]
        return _reading(listed[:MAX_ADDRESSES], answer, own_url, since)
    if problem := entity_declaration(text, "the sitemap"):
        return Reading(problem=problem)
    if _LONG_RUN.search(text):
        return Reading(problem=f"the sitemap has {MAX_RUN} characters without a tag: refused")
    return _reading_of_xml(text, answer, own_url, since)


def _unpacked(body: bytes) -> bytes | None:
    """The body out of its gzip envelope, which servers sometimes put twice; None if too large."""
    for _ in range(2):
        if body[:2] != b"\x1f\x8b":
            break
        opener = zlib.decompressobj(wbits=31)
        try:
            body = opener.decompress(body, MAX_BYTES + 1)
        except zlib.error:
            break
    return body if len(body) <= MAX_BYTES else None


def _reading_of_xml(text: str, answer: Answer, own_url: str, since: datetime) -> Reading:
    found: list[Listed | Found] = []
    root = None
    try:
        for root, listed in islice(listed_in(utf8_without_prolog(text)), MAX_ADDRESSES + 1):
            if root in _ROOTS_OF_FEEDS:
                return parse_feed(utf8_without_prolog(text), None, answer.url)
            if listed is not None:
                found.append(listed)
    except HostileXml as refusal:
        return Reading(problem=str(refusal))
    except etree.XMLSyntaxError:  # not even what a lenient parser takes; what came before counts
        root = root if found else None
    if root is None or root not in ("urlset", "sitemapindex"):
        return Reading(problem=what_it_is_instead(text, "a sitemap"))
    return _reading(found, answer, own_url, since)


def _reading(
    listed: list[Listed | Found], answer: Answer, own_url: str, since: datetime
) -> Reading:
    own = {domain_of(own_url), domain_of(answer.url)}
    files = [file for file in listed if isinstance(file, Listed)]
    found = [one for one in listed if isinstance(one, Found)]
    allowed = [one for one in found if _belongs(one.loc, own)]
    follow = promising([f for f in files if _belongs(f.loc, own)], since, answer.since is not None)
    if listed and not allowed and not follow and not any(_belongs(f.loc, own) for f in files):
        names = " and ".join(sorted(name for name in own if name))
        return Reading(problem=f"no address of this sitemap lies on {names}: all are refused")
    # With a date from somebody who wants history, there is more of it than a poll would take.
    most = MAX_ADDRESSES if answer.since else MAX_ENTRIES
    wanted = _wanted(allowed, since, most)
    return Reading(
        entries=distinct(_entry(one, answer.url) for one in wanted),
        follow=tuple(url for url in follow if url != answer.url),
    )


def _belongs(loc: str, own: set[str | None]) -> bool:
    return loc.startswith(("https://", "http://")) and domain_of(loc) in own


def _wanted(found: list[Found], since: datetime, most: int) -> list[Found]:
    """What is recent, the newest first; and of what bears no date, both ends."""
    dated = [(one.moment, one) for one in found if one.moment is not None]
    recent = [(moment, one) for moment, one in dated if not is_older(moment, since)]
    recent.sort(key=lambda pair: pair[0].isoformat(), reverse=True)
    undated = [one for one in found if one.moment is None and _may_be_article(one)]
    ends = MAX_UNDATED_AT_EACH_END
    if len(undated) > 2 * ends:
        undated = undated[:ends] + undated[-ends:]
    kept = (one for _, one in recent if _may_be_article(one))
    return [*islice(kept, most), *undated]


def _may_be_article(one: Found) -> bool:
    return one.news is not None or article_likeness(one.loc) >= ARTICLE


def _entry(one: Found, sitemap_url: str) -> Entry | None:
    link = usable_link(one.loc, sitemap_url)
    if link is None:
        return None
    if one.news is None:
        return entry_of(link, sitemap_url, "")
    return entry_of(
        link, sitemap_url, one.news.title, published=one.news.published, language=one.news.language
    )
