"""robots.txt by RFC 9309: asked once a crawl and server, and obeyed.

Scrapy's own middleware fetches pages although robots.txt answers 503 or nothing at all.
"""

import asyncio
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.charsets import decode
from crawler.errors import Refused, RobotsDenied, RobotsUnreachable, TimeIsUp
from crawler.failures import failure_of_exception
from crawler.urls import authority

# RFC 9309, 2.5: at least 500 KiB must be read; what follows may be ignored.
_MAX_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one server allows. `unreachable` is why its rules are unknown, else None."""

    rules: Protego | None = None
    unreachable: str | None = None

    def allows(self, url: str, product: str) -> bool:
        return self.rules is None or self.rules.can_fetch(url, product)

    def crawl_delay(self, product: str) -> float:
        """Seconds that the server wants between requests, 0 if it says nothing."""
        return float((self.rules.crawl_delay(product) if self.rules else None) or 0)


def rules_of(status: int, body: bytes) -> RobotsRules:
    """The rules that an answer to /robots.txt makes (RFC 9309, 2.3.1): 4xx allows all, 5xx and
    429 nothing for now."""
    if 200 <= status < 300:
        return RobotsRules(rules=Protego.parse(decode(body[:_MAX_BYTES])))
    if 400 <= status < 500 and status != 429:
        return RobotsRules()
    return RobotsRules(unreachable=f"HTTP {status}")


class RobotsMiddleware:
    """Raises RobotsDenied or RobotsUnreachable for what may not be fetched; slows down on
    Crawl-delay, up to the politeness's cap."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._product = crawler.settings["ROBOTS_PRODUCT"]
        self._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._delay_cap = crawler.settings.getfloat("CRAWL_DELAY_CAP")
        self._known: dict[str, asyncio.Task[RobotsRules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("robots"):
            return
        server = authority(request.url)
        host = urlsplit(request.url).netloc
        rules = await self._rules(request, server)
        if rules.unreachable:
            raise RobotsUnreachable(
                f"robots.txt of {host} cannot be read ({rules.unreachable}), "
                "so nothing is fetched from there for now"
            )
        if not rules.allows(request.url, self._product):
            raise RobotsDenied(f"robots.txt of {host} disallows this address")
        self._slow_down(request, server, rules)

    async def _rules(self, request: Request, server: str) -> RobotsRules:
        if server not in self._known:
            not_after = request.meta.get("not_after", float("inf"))
            self._known[server] = asyncio.ensure_future(self._fetched(request.url, not_after))
        # Shielded: one impatient request must not take the answer away from the others.
        return await asyncio.shield(self._known[server])

    async def _fetched(self, url: str, not_after: float) -> RobotsRules:
        parts = urlsplit(url)
        question = Request(
            f"{parts.scheme}://{parts.netloc}/robots.txt",
            callback=NO_CALLBACK,
            meta={"robots": True, "not_after": not_after, "max_retry_times": 0},
            dont_filter=True,
        )
        try:
            answer: Response = await self._crawler.engine.download_async(question)
        except (Refused, TimeIsUp):
            # The page would be refused for the same reason, which says more.
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, the rules are unknown
            return RobotsRules(unreachable=failure_of_exception(error).sentence)
        return rules_of(answer.status, answer.body)

    def _slow_down(self, request: Request, server: str, rules: RobotsRules) -> None:
        wanted = min(rules.crawl_delay(self._product), self._delay_cap)
        if wanted <= self._delay:
            return
        # Read by the downloader when it opens the server's slot, which is after this; AutoThrottle
        # would otherwise bring the slot back towards its own idea of a delay.
        self._crawler.engine.downloader.per_slot_settings[server] = {"delay": wanted}
        request.meta["autothrottle_dont_adjust_delay"] = True
