"""One address to its answer, through Scrapy's engine, until time is up."""

import gc
import traceback
from collections.abc import Mapping
from time import monotonic

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.answers import asks_for_a_pause
from crawler.errors import TooLarge
from crawler.urls import host_of


class Fetcher:
    """Downloads for one crawl, and remembers which hosts asked for a pause."""

    def __init__(self, crawler: Crawler, budget: float) -> None:
        self._crawler = crawler
        self._deadline = monotonic() + budget
        self._resting: dict[str, Response] = {}

    def time_is_up(self) -> bool:
        return monotonic() >= self._deadline

    def resting(self, host: str) -> Response | None:
        """The answer in which this host asked for a pause: it is left alone from then on."""
        return self._resting.get(host)

    async def fetch(
        self, url: str, headers: Mapping[str, str] | None = None, stay_on_host: bool = False
    ) -> Response:
        """The answer, after redirects. Raises what `crawler.errors` lists, Scrapy's and aiohttp's
        errors; MovedAway where a redirect leads to another host, if it is to `stay_on_host`."""
        request = Request(
            url,
            headers=headers,
            callback=NO_CALLBACK,
            meta={"not_after": self._deadline, "stay_on_host": stay_on_host},
            dont_filter=True,
        )
        try:
            response: Response = await self._crawler.engine.download_async(request)
        except Exception as error:
            _let_go_of_bodies(error)
            raise
        if asks_for_a_pause(response):
            self._resting[host_of(url)] = self._resting[host_of(response.url)] = response
        return response


def _let_go_of_bodies(error: Exception) -> None:
    """Forget what the frames of an exception hold: after a bomb that is half of it, in cycles that
    the garbage collector gets to late. Looking for them costs less (50 ms) than unpacking did."""
    link: BaseException | None = error
    while link:
        traceback.clear_frames(link.__traceback__)
        link = link.__cause__ or link.__context__
    if isinstance(error, TooLarge | IgnoreRequest):
        gc.collect()


def lane_of(url: str, otherwise: str) -> str:
    """The lane of an address; one that cannot be read has a lane of its own, to fail in."""
    try:
        return host_of(url)
    except ValueError:
        return f"unreadable {otherwise}"
