"""From the pages of a WARC file to articles: read by the crawler's extractor, on every core."""

import asyncio
import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from crawler.article import Article
from crawler.errors import ParserFailed
from crawler.extract import Extracted, extract
from crawler.landing import believable_identity
from crawler.merge import article_with_page
from crawler.parsing import Parsers
from crawler.urls import canonical_url, registered_domain
from worker.warc_records import Found, Passed, WarcFault, WarcPage

#: A page whose parsing takes longer is passed over, and its parser ended.
PARSE_SECONDS = 20.0

Taken = Article | Passed | WarcFault


def articles_of(found: Iterable[Found], now: datetime) -> Iterator[Taken]:
    """The article of each page, in order; what holds none stays as it is, or says why.

    `now` is aware UTC: no page was fetched later. A page's own address wins over the one that it
    was fetched from, which becomes an alias, unless another page of this file has it.
    """
    claimed: dict[str, str] = {}
    for one, page in _extracted(map(_addressed, found)):
        if not isinstance(one, WarcPage):
            yield one
        elif page is None:
            yield Passed("too much work to read")
        else:
            yield _article(one, page, now, claimed)


def _addressed(one: Found) -> Found:
    if isinstance(one, WarcPage):
        try:
            canonical_url(one.url)
        except ValueError:
            return Passed("no usable address")
    return one


def _article(read: WarcPage, page: Extracted, now: datetime, claimed: dict[str, str]) -> Taken:
    if page.wall:
        return Passed("a wall instead of the article")
    if not page.text.strip():
        return Passed("no article text")
    came_from = canonical_url(read.url)
    domain = registered_domain(read.url)
    fetched = min(read.fetched or now, now)
    article = Article(read.url, came_from, source=domain, newsroom=domain, fetched=fetched)
    article = article_with_page(article, page)
    own = believable_identity(read.url, page.canonical_url)
    if own == came_from or claimed.setdefault(own, came_from) != came_from:
        return article
    return replace(article, canonical_url=own, aliases=(came_from,))


def _extracted(found: Iterable[Found]) -> Iterator[tuple[Found, Extracted | None]]:
    """Everything in order, with what was read of the pages; None for what could not be.

    No more than a few pages for each parser are held at once.
    """
    parsers = Parsers(cores(), PARSE_SECONDS)
    try:
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            waiting: deque[tuple[Found, asyncio.Task[Extracted | None]]] = deque()
            for one in found:
                waiting.append((one, loop.create_task(_read(parsers, one))))
                if len(waiting) >= 4 * cores():
                    first, task = waiting.popleft()
                    yield first, runner.run(_outcome(task))
            for left, task in waiting:
                yield left, runner.run(_outcome(task))
    finally:
        parsers.close()


async def _read(parsers: Parsers, one: Found) -> Extracted | None:
    if not isinstance(one, WarcPage):
        return None
    try:
        return await parsers.run(extract, one.body, one.url, one.content_type)
    except ParserFailed:
        return None


async def _outcome(task: asyncio.Task[Extracted | None]) -> Extracted | None:
    return await task


def cores() -> int:
    """How many pages are read at once."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
