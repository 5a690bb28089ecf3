"""What a walk through the past asks for, and what of it is history (pure).

A site's sitemaps know its past; a feed, a channel and a search know the last days at most. So a
walk asks sitemaps: those of the profile, and those that the robots.txt of a feed's host names.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Literal
from urllib.parse import urlsplit

from crawler.article import Article
from crawler.source import Source
from crawler.urls import host_of, registered_domain
from worker.newsrooms import PLATFORMS
from worker.timing import LATENESS

#: `kept` goes into the archive; `fresh` is left to the live crawl, which may still alert on it;
#: `undated` cannot be put anywhere in the past, `before` lies further back than was asked for.
Era = Literal["kept", "fresh", "undated", "before"]


@dataclass(frozen=True, slots=True)
class HistoryPlan:
    """Sitemaps to walk, and a sentence for each source that has no past to offer, by id."""

    walks: tuple[Source, ...]
    without: dict[str, str]


def plan_history(sources: Iterable[Source]) -> HistoryPlan:
    """One walk for each sitemap among these sources, and one for each host of the others."""
    walks: dict[str, Source] = {}
    without: dict[str, str] = {}
    for source in sources:
        if why := _no_history(source):
            without[source.id] = why
            continue
        walk = source if source.kind == "sitemap" else _by_robots(source)
        known = walks.get(walk.url)
        walks[walk.url] = _both(known, walk) if known else walk
    return HistoryPlan(tuple(walks.values()), without)


def era(published: datetime | date | None, since: datetime, now: datetime) -> Era:
    """Where an article belongs that was published then, in a walk from `since` to `now`."""
    if published is None:
        return "undated"
    latest = now - LATENESS
    if isinstance(published, datetime):
        if published < since:
            return "before"
        return "fresh" if published > latest else "kept"
    if published < since.date():
        return "before"
    return "fresh" if published >= latest.date() else "kept"


def noon_of(published: datetime | date | None) -> datetime | None:
    """The moment that a publication time stands for: of a bare day its noon."""
    if published is None or isinstance(published, datetime):
        return published
    return datetime.combine(published, time(12), UTC)


def pages_of_round(
    pending: Iterable[Article], hosts: Collection[str], most: int
) -> Sequence[Article]:
    """The pages to read in one round: of each of these hosts the first, at most so many."""
    taken: Counter[str] = Counter()
    chosen = []
    for article in pending:
        host = host_of(article.url)
        if host in hosts and taken[host] < most:
            taken[host] += 1
            chosen.append(article)
    return chosen


def _no_history(source: Source) -> str | None:
    if source.kind in ("telegram", "gdelt"):
        return f"a source of kind {source.kind} shows the last days only"
    if source.kind != "sitemap" and registered_domain(source.url) in PLATFORMS:
        return "a news search shows the last days only"
    return None


def _by_robots(source: Source) -> Source:
    parts = urlsplit(source.url)
    url = f"{parts.scheme}://{parts.netloc}/robots.txt"
    return replace(source, kind="sitemap", url=url, links=None, article=None)


def _both(known: Source, walk: Source) -> Source:
    """One walk for two sources of a host: only what they agree on is known of its articles."""
    return replace(
        known,
        languages=known.languages if known.languages == walk.languages else (),
        topical=known.topical and walk.topical,
    )
