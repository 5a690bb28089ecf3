"""The desk: the one thread in which a crawl talks to its sink and its memory."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, TypeVar

from crawler.article import Article
from crawler.errors import DeskError
from crawler.ports import (
    ArticleSink,
    CrawlMemory,
    FeedValidators,
    PageOutcome,
    PollOutcome,
    RobotsAnswer,
)

T = TypeVar("T")

#: Pages are handed over together with those that come within this time.
_PAGES_WAIT_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Taken:
    """What was news to the memory: articles that no source had shown, and those whose title this
    source has edited."""

    new: tuple[Article, ...] = ()
    changed: tuple[Article, ...] = ()


class Desk:
    """Serialises every call to sink and memory on one thread of its own.

    They may block (a database does); the event loop does not wait for them, and they never meet
    one another. What they raise comes out as DeskError.
    """

    def __init__(self, sink: ArticleSink, memory: CrawlMemory) -> None:
        self._sink = sink
        self._memory = memory
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="crawl-desk")
        self._pages: list[tuple[Article | None, PageOutcome]] = []
        self._storing: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(wait=True)

    async def validators(self, source: str, url: str) -> FeedValidators:
        return await self._call(lambda: self._memory.validators(source, url))

    async def take(self, source: str, started: datetime, articles: Sequence[Article]) -> Taken:
        """Puts the articles that are news, and says which they were.

        Looking and putting are one step, so that two feeds with the same entry give one article.
        What is new after an outage is marked as the first poll's.
        """
        if not articles:
            return Taken()
        return await self._call(lambda: self._take(source, started, articles))

    async def page(self, article: Article | None, outcome: PageOutcome) -> None:
        """Puts a page's article, if there is one, and then settles its task; a moment later, and
        together with others. Raises DeskError for those before it."""
        if self._storing and self._storing.done():
            self._storing.result()
        self._pages.append((article, outcome))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store_soon())

    async def pages_stored(self) -> None:
        """Returns when every page that was handed over is stored."""
        if self._storing:
            await self._storing
        await self._call(self._store_pages)

    async def polled(self, outcome: PollOutcome) -> None:
        await self._call(lambda: self._memory.polled(outcome))

    async def robots(self, server: str) -> RobotsAnswer | None:
        return await self._call(lambda: self._memory.robots(server))

    async def keep_robots(self, server: str, answer: RobotsAnswer) -> None:
        await self._call(lambda: self._memory.keep_robots(server, answer))

    async def _store_soon(self) -> None:
        await asyncio.sleep(_PAGES_WAIT_SECONDS)
        await self._call(self._store_pages)

    def _store_pages(self) -> None:
        pages, self._pages = self._pages, []
        if articles := [article for article, _ in pages if article]:
            self._sink.put(articles)
        for _, outcome in pages:
            self._memory.page_read(outcome)

    def _take(self, source: str, started: datetime, articles: Sequence[Article]) -> Taken:
        novelty = self._memory.novelty(source, {a.canonical_url: a.title for a in articles})
        new = tuple(a for a in articles if novelty.get(a.canonical_url) == "new")
        changed = tuple(a for a in articles if novelty.get(a.canonical_url) == "changed")
        if new and self._memory.was_away(source, started):
            new = tuple(replace(article, first_poll=True) for article in new)
        if new or changed:
            self._sink.put([*new, *changed])
        return Taken(new, changed)

    async def _call(self, step: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, step)
        except Exception as error:
            raise DeskError(f"storing failed: {error}") from error
