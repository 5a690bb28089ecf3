"""robots.txt, asked for once a day and server, and obeyed.

Scrapy's own middleware fetches pages although robots.txt answers 503 or nothing at all.
"""

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Self, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.errors import DeskError, Refused, RobotsDenied, RobotsUnreachable, TimeIsUp
from crawler.failures import failure_of_exception
from crawler.order import CrawlOrder
from crawler.ports import RobotsAnswer
from crawler.robots import RobotsRules, after, answer_of, is_fresh, rules_of
from crawler.urls import authority, host_of

if TYPE_CHECKING:
    from crawler.spiders.crawl import CrawlSpider

#: A slow robots.txt may outlive the crawl by this: what it says is known to the next one then.
_PATIENCE_SECONDS = 10.0


class RobotsMiddleware:
    """Raises RobotsDenied or RobotsUnreachable for what may not be fetched; slows down on
    Crawl-delay, up to the politeness's cap."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._product = crawler.settings["ROBOTS_PRODUCT"]
        self._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._delay_cap = crawler.settings.getfloat("CRAWL_DELAY_CAP")
        self._timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._known: dict[str, asyncio.Task[RobotsRules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        # RFC 9309, 2.2.2: the file itself is always allowed, be it asked for as a source.
        if request.meta.get("robots") or urlsplit(request.url).path == "/robots.txt":
            return
        host = urlsplit(request.url).netloc
        rules = await self._rules(request)
        if rules.unreachable:
            raise RobotsUnreachable(
                f"robots.txt of {host} cannot be read ({rules.unreachable}), "
                "so nothing is fetched from there for now"
            )
        if not rules.allows(request.url, self._product):
            raise RobotsDenied(f"robots.txt of {host} disallows this address")
        self._slow_down(request, rules)

    async def _rules(self, request: Request) -> RobotsRules:
        server = authority(request.url)
        not_after = request.meta.get("not_after", float("inf"))
        if server not in self._known:
            self._known[server] = asyncio.ensure_future(self._looked_up(request.url, not_after))
        waits = not self._known[server].done()
        # Shielded: one impatient request must not take the answer away from the others.
        rules = await asyncio.shield(self._known[server])
        if waits and monotonic() > not_after and not rules.unreachable:
            if request.meta.get("stay_on_host"):
                raise TimeIsUp(
                    "robots.txt took all the time"
                )  # a page stays a task: no need to say
            raise RobotsUnreachable(
                f"robots.txt of {urlsplit(request.url).netloc} was so slow that this crawl had no "
                "time left; it is known now"
            )
        return rules

    @property
    def _order(self) -> CrawlOrder:
        return cast("CrawlSpider", self._crawler.spider).order

    async def _looked_up(self, url: str, not_after: float) -> RobotsRules:
        order = self._order
        server = authority(url)
        known = await order.desk.robots(server)
        if known is None or not is_fresh(known, order.now()):
            known = after(known, await self._asked(url, not_after))
            await order.desk.keep_robots(server, known)
        return rules_of(known)

    async def _asked(self, url: str, not_after: float) -> RobotsAnswer:
        now = self._order.now
        parts = urlsplit(url)
        left = max(not_after - monotonic(), 0.0) + _PATIENCE_SECONDS
        question = Request(
            f"{parts.scheme}://{parts.netloc}/robots.txt",
            callback=NO_CALLBACK,
            meta={
                "robots": True,
                "not_after": not_after,
                "max_retry_times": 0,
                "download_timeout": min(self._timeout, left),
            },
            dont_filter=True,
        )
        try:
            answer: Response = await self._crawler.engine.download_async(question)
        except (Refused, TimeIsUp, DeskError):
            # The page would be refused for the same reason, which says more.
            raise
        except IgnoreRequest as error:
            if "max redirections" in str(error):
                return RobotsAnswer(now(), text="")  # RFC 9309, 2.3.1.2: as if there were none
            return RobotsAnswer(now(), unreachable=failure_of_exception(error).sentence)
        except Exception as error:  # noqa: BLE001 - whatever it was, the rules are unknown
            return RobotsAnswer(now(), unreachable=failure_of_exception(error).sentence)
        return answer_of(answer.status, answer.body, now())

    def _slow_down(self, request: Request, rules: RobotsRules) -> None:
        wanted = min(rules.crawl_delay(self._product), self._delay_cap)
        if wanted <= self._delay:
            return
        # Read by the downloader when it opens the host's slot, which is after this; one that is
        # open already (for the other scheme) is told. AutoThrottle would bring it back.
        host = host_of(request.url)
        downloader = self._crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": wanted}
        if host in downloader.slots:
            downloader.slots[host].delay = max(wanted, downloader.slots[host].delay)
        request.meta["autothrottle_dont_adjust_delay"] = True
