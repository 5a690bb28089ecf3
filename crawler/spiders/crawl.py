"""The one Scrapy spider: polls sources, puts what is new, then reads pages until time is up."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.article import Article
from crawler.dates import as_instant, stated_time
from crawler.desk import Desk
from crawler.errors import DeskError, TimeIsUp
from crawler.extract import extract
from crawler.failures import Failure, failure_of_exception, failure_of_status
from crawler.lanes import Lanes, Rank
from crawler.merge import article_of_entry, article_with_page, newest_of
from crawler.ports import FeedValidators, PageTask, PollOutcome
from crawler.settings import Politeness
from crawler.source import Source
from crawler.spiders import READERS
from crawler.urls import authority

logger = logging.getLogger(__name__)
T = TypeVar("T")

#: A feed or page whose parsing takes longer is given up (its thread ends when it ends).
PARSE_SECONDS = 60.0
_LONGEST_RETRY_AFTER = 86_400.0


@dataclass(slots=True)
class CrawlOrder:
    """What the spider is to do, and what came of it."""

    sources: Sequence[Source]
    pages: Sequence[PageTask]
    desk: Desk
    politeness: Politeness
    now: Callable[[], datetime]
    outcomes: dict[str, PollOutcome] = field(default_factory=dict)
    new_articles: int = 0
    pages_begun: int = 0
    pages_read: int = 0
    pages_failed: int = 0
    pages_known: int = 0
    broken_by: Exception | None = None


class CrawlSpider(Spider):
    """Drives the downloads of one crawl through Scrapy's engine.

    The whole crawl happens inside `start`: every download is awaited where it is needed, which
    keeps one source's story in one function, and lets the lanes decide what is begun and when to
    stop. Scrapy brings the download slots, retries, redirects, decompression and throttling.
    """

    name = "dyadwatch"

    def __init__(self, order: CrawlOrder, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._order = order
        self._deadline = monotonic() + order.politeness.budget
        self._parsers = ThreadPoolExecutor(2, thread_name_prefix="crawl-parse")
        self._lanes: Lanes
        # Servers that asked for a pause, with the answer that said so: left alone from then on.
        self._resting: dict[str, Response] = {}

    async def start(self) -> AsyncIterator[Any]:
        order = self._order
        self._lanes = Lanes(self._time_is_up, order.politeness.concurrency)
        for source in order.sources:
            self._lanes.add(_server_of(source), Rank.POLL, self._poll_job(source))
        for task in order.pages:
            self._add_page(task.article, Rank.OLD_PAGE)
        try:
            await self._lanes.finished()
        except Exception as error:  # noqa: BLE001 - Scrapy would only log it; crawl() raises it
            order.broken_by = error
        finally:
            self._parsers.shutdown(wait=False, cancel_futures=True)
        nothing: tuple[Request, ...] = ()
        for request in nothing:  # Scrapy wants a generator; the lanes download for themselves
            yield request

    def _time_is_up(self) -> bool:
        return monotonic() >= self._deadline

    def _poll_job(self, source: Source) -> Callable[[], Any]:
        return lambda: self._poll(source)

    async def _poll(self, source: Source) -> None:
        started = self._order.now()
        try:
            outcome = await self._polled(source, started)
        except TimeIsUp:
            return
        except DeskError:
            raise
        except Exception as error:
            logger.debug("poll of %s failed", source.id, exc_info=True)
            failure = failure_of_exception(error)
            outcome = self._failed(source, started, None, failure)
        self._order.outcomes[source.id] = outcome
        await self._order.desk.polled(outcome)

    async def _polled(self, source: Source, started: datetime) -> PollOutcome:
        reader = READERS.get(source.kind)
        if reader is None:
            built = ", ".join(sorted(READERS))
            sentence = f"sources of kind {source.kind} cannot be crawled yet; kinds: {built}"
            return self._failed(source, started, None, Failure(sentence))
        if resting := self._resting.get(_server_of(source)):
            wish = failure_of_status(resting.status) or Failure("the server asked for a pause")
            return self._failed(source, started, resting, wish)
        desk = self._order.desk
        validators = await desk.validators(source.id)
        response = await self._download(source.url, _conditional(validators, reader.accept))
        if response.status == 304:
            return self._outcome(source, started, 304, not_modified=True, validators=validators)
        if failure := failure_of_status(response.status):
            return self._failed(source, started, response, failure)
        content_type = _header(response, "Content-Type")
        parsed = await self._parsed(
            lambda: reader.read(source, response.body, content_type, response.url)
        )
        if parsed.problem:
            return self._failed(source, started, response, Failure(parsed.problem))
        first_poll = await desk.was_away(source.id, started)
        fetched = self._order.now()
        found = [
            article_of_entry(entry, source, parsed.language, fetched, first_poll)
            for entry in parsed.entries
        ]
        new = await desk.take_new(source.id, found)
        self._order.new_articles += len(new)
        for article in new:
            if article.stage == "feed":
                self._add_page(article, Rank.NEW_PAGE)
        return self._outcome(
            source,
            started,
            response.status,
            entries=len(found),
            new=len(new),
            validators=_validators(response),
            newest=newest_of(found),
        )

    def _add_page(self, article: Article, rank: Rank) -> None:
        self._order.pages_known += 1
        self._lanes.add(authority(article.url), rank, lambda: self._read_page(article))

    async def _read_page(self, article: Article) -> None:
        too_many = self._order.pages_begun >= self._order.politeness.max_pages
        if too_many or authority(article.url) in self._resting:
            return
        self._order.pages_begun += 1
        try:
            failure = await self._page_failure(article)
        except TimeIsUp:
            return
        except DeskError:
            raise
        except Exception as error:
            logger.debug("page %s failed", article.url, exc_info=True)
            failure = failure_of_exception(error)
        if failure:
            self._order.pages_failed += 1
        else:
            self._order.pages_read += 1
        await self._order.desk.page_read(
            article.canonical_url,
            failure.sentence if failure else None,
            bool(failure and failure.permanent),
        )

    async def _page_failure(self, article: Article) -> Failure | None:
        response = await self._download(article.url, {})
        if failure := failure_of_status(response.status):
            return failure
        content_type = _header(response, "Content-Type") or "text/html"
        if not _may_be_html(content_type):
            return Failure(f"the page is {content_type.partition(';')[0]}, not HTML", True)
        page = await self._parsed(lambda: extract(response.body, response.url, content_type))
        if not page.text:
            return Failure("no article text was found on the page", permanent=True)
        await self._order.desk.put(article_with_page(article, page))
        return None

    async def _download(self, url: str, headers: dict[str, str]) -> Response:
        request = Request(
            url,
            headers=headers,
            callback=NO_CALLBACK,
            meta={"not_after": self._deadline},
            dont_filter=True,
        )
        response = await self.crawler.engine.download_async(request)
        if _asks_for_a_pause(response):
            self._resting[authority(url)] = self._resting[authority(response.url)] = response
        return response

    async def _parsed(self, step: Callable[[], T]) -> T:
        running = asyncio.get_running_loop().run_in_executor(self._parsers, step)
        return await asyncio.wait_for(running, PARSE_SECONDS)

    def _outcome(
        self, source: Source, started: datetime, status: int | None, **rest: Any
    ) -> PollOutcome:
        return PollOutcome(source.id, started, self._order.now(), status, **rest)

    def _failed(
        self, source: Source, started: datetime, response: Response | None, failure: Failure
    ) -> PollOutcome:
        return self._outcome(
            source,
            started,
            response.status if response else None,
            retry_after=_retry_after(response, self._order.now()) if response else None,
            robots_denied=failure.robots_denied,
            error=failure.sentence,
        )


def _server_of(source: Source) -> str:
    """The lane of a source; one whose address cannot be read has a lane of its own, to fail in."""
    try:
        return authority(source.url)
    except ValueError:
        return f"unreadable {source.id}"


def _conditional(validators: FeedValidators, accept: str) -> dict[str, str]:
    headers = {"Accept": accept}
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


def _validators(response: Response) -> FeedValidators:
    return FeedValidators(_header(response, "ETag"), _header(response, "Last-Modified"))


def _header(response: Response, name: str) -> str | None:
    value: bytes | None = response.headers.get(name)
    return value.decode("latin-1")[:1_000] if value else None


def _retry_after(response: Response, now: datetime) -> float | None:
    """The server's own wish in seconds, from either spelling of Retry-After; at most a day."""
    text = (_header(response, "Retry-After") or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _LONGEST_RETRY_AFTER)
    moment = as_instant(stated_time(text))
    if not isinstance(moment, datetime):
        return None
    return min(max(0.0, (moment - now).total_seconds()), _LONGEST_RETRY_AFTER)


def _asks_for_a_pause(response: Response) -> bool:
    return response.status == 429 or (response.status == 503 and "Retry-After" in response.headers)


def _may_be_html(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind in ("", "text/html", "application/xhtml+xml", "text/plain", "application/xml")
