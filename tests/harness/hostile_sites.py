"""A site that is honest but for one place, and what a crawl made of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from harness.hostile import HTML, Behaviour, HostileServer, answering

from crawler.article import Article
from crawler.ports import PageOutcome, PollOutcome
from crawler.settings import Politeness
from crawler.source import Source

NOW = datetime(2025, 6, 28, 12, 0, tzinfo=UTC)
STORY = "The harbour council met on Friday and heard what the pilots had seen that morning. " * 8

#: Where the hostile server stands: the path of its behaviour, and what a poll asks for first.
PLACES = {
    "feed": ("/rss", "/rss", "feed"),
    "page": ("/a1", "/rss", "feed"),
    "robots": ("/robots.txt", "/rss", "feed"),
    "sitemap": ("/sitemap.xml", "/sitemap.xml", "sitemap"),
    "sitemap's file": ("/file.xml", "/sitemap.xml", "sitemap"),
    "listing": ("/news", "/news", "listing"),
}


def rss(*items: str) -> str:
    body = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{body}</channel></rss>'
    )


def html_page(title: str, *paragraphs: str, head: str = "") -> str:
    body = "".join(f"<p>{p}</p>" for p in paragraphs or (STORY, STORY))
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )


def index(*files: str) -> str:
    body = "".join(
        f"<sitemap><loc>{file}</loc><lastmod>2025-06-28T11:00:00Z</lastmod></sitemap>"
        for file in files
    )
    return (
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</sitemapindex>'
    )


def url_set(*addresses: str) -> str:
    body = "".join(
        f"<url><loc>{address}</loc><lastmod>2025-06-28T11:30:00Z</lastmod></url>"
        for address in addresses
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</urlset>'


def source_of(server: HostileServer, where: str, name: str = "paper") -> Source:
    _, first, kind = PLACES[where]
    return Source(name, kind, server.url + first, name, f"{name}-house")  # type: ignore[arg-type]


def lay(server: HostileServer, where: str, behaviour: Behaviour) -> HostileServer:
    """An honest site, but for the one place at which it behaves so."""
    server.on("/robots.txt", answering("User-agent: *\nAllow: /", "text/plain"))
    server.on("/rss", answering(rss(f"<title>First</title><link>{server.url}/a1</link>")))
    server.on("/a1", answering(html_page("First of all"), HTML))
    server.on("/sitemap.xml", answering(index(server.url + "/file.xml")))
    return server.on(PLACES[where][0], behaviour)


def manners(servers: Iterable[HostileServer], **politeness: Any) -> Politeness:
    allowed = frozenset(one.authority for one in servers)
    quick = {"delay": 0.0, "timeout": 5.0, "budget": 30.0, "concurrency": 32}
    return Politeness(allowed_private_hosts=allowed, **(quick | politeness))


@dataclass(frozen=True)
class Struck:
    """What a crawl made of one hostile server. `sentence` is what it says of the place itself: the
    error of a poll, or the note of what of it could not be read."""

    server: HostileServer
    poll: PollOutcome
    page: PageOutcome | None
    articles: list[Article]
    where: str

    @property
    def sentence(self) -> str | None:
        if self.where == "page":
            return self.page.error if self.page else None
        return self.poll.error or self.poll.note

    @property
    def reached(self) -> bool:
        return PLACES[self.where][0] in self.server.asked
