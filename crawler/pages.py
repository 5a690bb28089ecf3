"""Pages: an article's address to its text, its identity, and what became of its page task."""

import logging
from dataclasses import dataclass, replace
from functools import partial

from scrapy.http import Response

from crawler.answers import header, kind_of_body, may_be_html, retry_after
from crawler.article import Article
from crawler.errors import DeskError, MovedAway, TimeIsUp
from crawler.extract import Extracted, extract
from crawler.failures import Failure, failure_of_exception, failure_of_status
from crawler.fetching import Fetcher, lane_of
from crawler.landing import believable_identity, wrong_landing
from crawler.lanes import Lanes, Rank
from crawler.merge import article_with_page
from crawler.order import CrawlOrder
from crawler.parsing import Parsers
from crawler.ports import PageOutcome
from crawler.urls import canonical_url

logger = logging.getLogger(__name__)

#: From one host to another; each host follows redirects of its own besides.
_MAX_HOPS = 5


@dataclass(frozen=True, slots=True)
class _Errand:
    """The page of an article, wherever it has moved to by now."""

    article: Article
    url: str
    rank: Rank
    hops: int = 0


class Pages:
    """Reads the pages of one crawl, in the lanes of their hosts."""

    def __init__(self, order: CrawlOrder, lanes: Lanes, fetcher: Fetcher, parsers: Parsers) -> None:
        self._order = order
        self._lanes = lanes
        self._fetcher = fetcher
        self._parsers = parsers
        # The titles of the pages that state another address as their own, by that address.
        self._stated_by: dict[str, str] = {}

    def add(self, article: Article, rank: Rank) -> None:
        """Have an article's page read when its turn comes."""
        self._order.tally.pages_known += 1
        self._send(_Errand(article, article.url, rank))

    def _send(self, errand: _Errand) -> None:
        lane = lane_of(errand.url, errand.article.canonical_url)
        self._lanes.add(lane, errand.rank, partial(self._read, errand))

    async def _read(self, errand: _Errand) -> None:
        tally = self._order.tally
        too_many = tally.pages_begun >= self._order.politeness.max_pages
        if too_many or self._fetcher.resting(lane_of(errand.url, "")):
            return
        tally.pages_begun += 1
        try:
            await self._visit(errand)
        except TimeIsUp:
            return
        except DeskError:
            raise
        except Exception as error:
            logger.debug("page %s failed", errand.url, exc_info=True)
            await self._fail(errand, failure_of_exception(error))

    async def _visit(self, errand: _Errand) -> None:
        try:
            response = await self._fetcher.fetch(errand.url, stay_on_host=True)
        except MovedAway as move:
            await self._move(errand, move.url)
        else:
            await self._settle_with(errand, response)

    async def _settle_with(self, errand: _Errand, response: Response) -> None:
        if failure := _failure_of_answer(errand.article.url, response):
            await self._fail(errand, failure, retry_after(response, self._order.now()))
            return
        content_type = header(response, "Content-Type") or "text/html"
        selector = self._order.selectors.get(errand.article.source)
        page = await self._parsers.run(extract, response.body, response.url, content_type, selector)
        if failure := _failure_of_page(page):
            await self._fail(errand, failure)
            return
        article = self._identified(article_with_page(errand.article, page), page, response.url)
        self._order.tally.pages_read += 1
        await self._order.desk.page(article, _outcome(errand))

    def _identified(self, article: Article, page: Extracted, landed: str) -> Article:
        """The article under the address that its page goes by."""
        canonical = believable_identity(landed, page.canonical_url)
        if canonical == article.canonical_url:
            return article
        # Some sites state one address on all their pages; what has another title is another.
        is_stated = canonical != canonical_url(landed)
        if is_stated and self._stated_by.setdefault(canonical, page.title) != page.title:
            return article
        return replace(
            article, url=landed, canonical_url=canonical, aliases=(article.canonical_url,)
        )

    async def _move(self, errand: _Errand, url: str) -> None:
        """Read it there, if that host is ours to visit; else hand it back for that host."""
        if failure := wrong_landing(errand.article.url, url):
            await self._fail(errand, failure)
        elif errand.hops >= _MAX_HOPS:
            await self._fail(errand, Failure("the address redirects too many times"))
        elif self._order.may_visit(lane_of(url, "")):
            self._send(replace(errand, url=url, hops=errand.hops + 1))
        else:
            self._order.tally.pages_moved += 1
            outcome = replace(_outcome(errand), verdict="moved", moved_to=url)
            await self._order.desk.page(None, outcome)

    async def _fail(
        self, errand: _Errand, failure: Failure, retry_after: float | None = None
    ) -> None:
        self._order.tally.pages_failed += 1
        outcome = replace(
            _outcome(errand),
            verdict=failure.verdict,
            error=failure.sentence,
            permanent=failure.permanent,
            retry_after=retry_after,
        )
        await self._order.desk.page(None, outcome)


def _outcome(errand: _Errand) -> PageOutcome:
    return PageOutcome(errand.article.source, errand.article.canonical_url, "read")


def _failure_of_answer(asked: str, response: Response) -> Failure | None:
    if failure := failure_of_status(response.status):
        return failure
    if failure := wrong_landing(asked, response.url):
        return failure
    kind = kind_of_body(response)
    if not may_be_html(kind):
        return Failure(f"the page is {kind}, not HTML", True, verdict="not_html")
    return None


def _failure_of_page(page: Extracted) -> Failure | None:
    if page.wall:
        return Failure(page.wall, True, verdict="wall")
    if not page.text:
        return Failure("no article text was found on the page", True, verdict="no_text")
    return None
