"""The one Scrapy spider: it polls sources, puts what is new, and reads pages until time is up."""

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider

from crawler.article import Article
from crawler.fetching import Fetcher
from crawler.lanes import Lanes, Rank
from crawler.order import CrawlOrder
from crawler.pages import Pages
from crawler.parsing import Parsers
from crawler.polling import Polls


class CrawlSpider(Spider):
    """Drives the downloads of one crawl through Scrapy's engine.

    The whole crawl happens inside `start`: every download is awaited where it is needed, which
    keeps one source's story in one place, and lets the lanes decide what is begun and when to
    stop. Scrapy brings the download slots, retries, redirects, decompression and throttling.
    """

    name = "dyadwatch"

    def __init__(self, order: CrawlOrder, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.order = order

    async def start(self) -> AsyncIterator[Any]:
        politeness = self.order.politeness
        parsers = Parsers(politeness.parsers, politeness.parse_seconds)
        try:
            await self._crawled(parsers)
        except Exception as error:  # noqa: BLE001 - Scrapy would only log it; crawl() raises it
            self.order.broken_by = error
        finally:
            parsers.close()
        nothing: tuple[Request, ...] = ()
        for request in nothing:  # Scrapy wants a generator; the lanes download for themselves
            yield request

    async def _crawled(self, parsers: Parsers) -> None:
        order = self.order
        fetcher = Fetcher(self.crawler, order.politeness.budget)
        lanes = Lanes(fetcher.time_is_up)
        pages = Pages(order, lanes, fetcher, parsers)

        def found(article: Article) -> None:
            pages.add(article, Rank.NEW_PAGE)

        polls = Polls(order, lanes, fetcher, parsers, found)
        if order.sources or order.pages:
            parsers.start()
        for source in order.sources:
            polls.add(source)
        for task in order.pages:
            pages.add(task.article, Rank.OLD_PAGE)
        await lanes.finished()
        await polls.conclude()
        await order.desk.pages_stored()
