"""Politeness: how the crawler behaves towards servers, and the Scrapy settings made of it."""

from dataclasses import dataclass
from typing import Any

VERSION = "0.1"
PRODUCT = "dyadwatch"


def user_agent(contact: str) -> str:
    """The honest name that the crawler goes by; `contact` is an address or a page for people."""
    return f"{PRODUCT}/{VERSION} (+media monitor; contact: {contact})"


_POSITIVE = ("timeout", "connect_timeout", "maxsize", "budget", "max_pages", "concurrency",
             "parsers", "parse_seconds")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Politeness:
    """How one crawl behaves. Times are in seconds, sizes in bytes.

    `delay` is kept between two requests to one host (`crawler.urls.host_of`), `crawl_delay_cap` is
    the longest Crawl-delay that is honoured, `timeout` covers one download from DNS to its last
    byte, `connect_timeout` its connection. After `budget` seconds nothing new is begun;
    `max_pages` bounds the pages of one crawl, `concurrency` its open connections. Answers are
    parsed in that many `parsers` (processes), each answer in at most `parse_seconds`.
    `allowed_private_hosts` are `address:port`, as in `127.0.0.1:8901`.
    """

    user_agent: str = user_agent("the operator of this installation")
    delay: float = 2.0
    crawl_delay_cap: float = 30.0
    timeout: float = 30.0
    connect_timeout: float = 10.0
    maxsize: int = 10 * 1024 * 1024
    budget: float = 300.0
    max_pages: int = 500
    concurrency: int = 64
    parsers: int = 1
    parse_seconds: float = 20.0
    allowed_private_hosts: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name in _POSITIVE:
            if getattr(self, name) <= 0:
                raise ValueError(f"Politeness.{name} must be greater than 0.")
        if self.delay < 0 or self.crawl_delay_cap < 0:
            raise ValueError("Politeness.delay and crawl_delay_cap must not be negative.")


def scrapy_settings(politeness: Politeness) -> dict[str, Any]:
    """The Scrapy settings of one crawl: everything that is unsafe or rude by default, changed."""
    return {
        **_SAFETY,
        **_MANNERS,
        **_QUIET,
        "USER_AGENT": politeness.user_agent,
        "ROBOTS_PRODUCT": PRODUCT,
        "ALLOWED_PRIVATE_HOSTS": sorted(politeness.allowed_private_hosts),
        "DOWNLOAD_DELAY": politeness.delay,
        "CRAWL_DELAY_CAP": politeness.crawl_delay_cap,
        "AUTOTHROTTLE_START_DELAY": politeness.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(60.0, politeness.delay),
        "DOWNLOAD_TIMEOUT": politeness.timeout,
        "CONNECT_TIMEOUT": politeness.connect_timeout,
        "DOWNLOAD_MAXSIZE": politeness.maxsize,
        "DOWNLOAD_WARNSIZE": 0,
        "CONCURRENT_REQUESTS": politeness.concurrency,
    }


_HANDLER = "crawler.download.GuardedDownloadHandler"
_BUILT_IN = "scrapy.downloadermiddlewares"

_SAFETY: dict[str, Any] = {
    # crawler.run says why.
    "TWISTED_REACTOR_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,  # on by default, and runs code
    "TELNETCONSOLE_ENABLED": False,
    "COOKIES_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "HTTPPROXY_ENABLED": False,  # a proxy would resolve names out of the guard's sight
    "REFERRER_POLICY": "no-referrer",
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_HANDLERS": {
        "http": _HANDLER,
        "https": _HANDLER,
        "file": None,
        "data": None,
        "ftp": None,
        "s3": None,
    },
    "DOWNLOADER_MIDDLEWARES": {
        # Ours stand in its place: it fetches pages although robots.txt is unreachable.
        f"{_BUILT_IN}.robotstxt.RobotsTxtMiddleware": None,
        f"{_BUILT_IN}.offsite.OffsiteMiddleware": None,
        f"{_BUILT_IN}.httpauth.HttpAuthMiddleware": None,
        f"{_BUILT_IN}.redirect.RedirectMiddleware": None,
        "crawler.redirects.HostKeepingRedirects": 600,
        "crawler.guards.GuardMiddleware": 50,
        "crawler.robots_middleware.RobotsMiddleware": 100,
    },
}

_MANNERS: dict[str, Any] = {
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY_JITTER": 0.0,  # by default a delay of 2 s may be 1 s
    "AUTOTHROTTLE_ENABLED": True,
    "RETRY_TIMES": 1,
    # Not 429 and 503: whoever says so is asked again in a later crawl, when Retry-After is over.
    "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],
    # Not time-outs: a slow server is not made faster by asking twice.
    "RETRY_EXCEPTIONS": [
        "aiohttp.ClientConnectorError",
        "aiohttp.ServerDisconnectedError",
        "aiohttp.ClientPayloadError",
    ],
    "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
    "REDIRECT_MAX_TIMES": 5,
    "DEPTH_LIMIT": 3,
}

_QUIET: dict[str, Any] = {
    "LOG_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    "STATS_DUMP": False,
    "LOGSTATS_INTERVAL": 0,
    "MEMUSAGE_ENABLED": False,  # the process's owner limits it
    "JOBDIR": None,
    "FEEDS": {},
    "EXTENSIONS": {
        "scrapy.extensions.closespider.CloseSpider": None,  # the lanes count pages and time
        "scrapy.extensions.feedexport.FeedExporter": None,
        "scrapy.extensions.spiderstate.SpiderState": None,
    },
}
