"""The desk: the one thread in which a crawl talks to its sink and its memory."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Self, TypeVar

from crawler.article import Article
from crawler.errors import DeskError
from crawler.ports import ArticleSink, FeedMemory, FeedValidators, PollOutcome

T = TypeVar("T")


class Desk:
    """Serialises every call to sink and memory on one thread of its own.

    They may block (a database does); the event loop does not wait for them, and they never meet
    one another. What they raise comes out as DeskError.
    """

    def __init__(self, sink: ArticleSink, memory: FeedMemory) -> None:
        self._sink = sink
        self._memory = memory
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="crawl-desk")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(wait=True)

    async def validators(self, source: str) -> FeedValidators:
        return await self._call(lambda: self._memory.validators(source))

    async def take_new(self, source: str, articles: Sequence[Article]) -> list[Article]:
        """Puts the articles that were never taken from any source, and says which they were.

        Looking and putting are one step, so that two feeds with the same entry give one article.
        """
        return await self._call(lambda: self._take_new(source, articles))

    async def was_away(self, source: str, started: datetime) -> bool:
        return await self._call(lambda: self._memory.was_away(source, started))

    async def put(self, article: Article) -> None:
        await self._call(lambda: self._sink.put([article]))

    async def polled(self, outcome: PollOutcome) -> None:
        await self._call(lambda: self._memory.polled(outcome))

    async def page_read(self, canonical_url: str, error: str | None, permanent: bool) -> None:
        await self._call(lambda: self._memory.page_read(canonical_url, error, permanent))

    def _take_new(self, source: str, articles: Sequence[Article]) -> list[Article]:
        if not articles:
            return []
        unseen = self._memory.unseen(source, [a.canonical_url for a in articles])
        new = [a for a in articles if a.canonical_url in unseen]
        if new:
            self._sink.put(new)
        return new

    async def _call(self, step: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, step)
        except Exception as error:
            raise DeskError(f"storing failed: {error}") from error
