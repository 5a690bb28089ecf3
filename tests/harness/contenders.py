"""Three ways to crawl the same newspapers, each in a process of its own: ours and two plain."""

import asyncio
import resource
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil
from harness.apart import apart
from harness.measured_crawl import Counter, peak_mb

CONCURRENCY = 16


@dataclass(frozen=True, slots=True)
class Course:
    """What is to be crawled: the feeds of these hosts; `delay` in seconds between two requests."""

    hosts: Sequence[str]
    delay: float


@dataclass(frozen=True, slots=True)
class Result:
    """`cpu` are seconds of all its processes, `peak_mb` is the sum of their largest sizes."""

    pages: int
    characters: int
    seconds: float
    cpu: float
    peak_mb: float


def ours(course: Course) -> tuple[int, int]:
    from crawler.run import crawl
    from crawler.settings import Politeness
    from crawler.source import Source

    counter = Counter()
    politeness = Politeness(
        delay=course.delay,
        budget=3_600.0,
        max_pages=10**9,
        concurrency=CONCURRENCY,
        allowed_private_hosts=frozenset(course.hosts),
    )
    sources = [Source(host, "feed", f"http://{host}/0/rss", host, host) for host in course.hosts]
    crawl(sources, [], counter, counter, politeness, lambda: datetime.now(UTC))
    read = [article for article in counter.articles if article.stage == "page"]
    return len(read), sum(len(article.text) for article in read)


def plain(course: Course) -> tuple[int, int]:
    return _plain(course, extracting=True)


def bare(course: Course) -> tuple[int, int]:
    return _plain(course, extracting=False)


def _plain(course: Course, *, extracting: bool) -> tuple[int, int]:
    """A spider as anybody would write it, with our manners and Scrapy's own middlewares."""
    import scrapy
    import trafilatura
    from scrapy.crawler import CrawlerProcess

    read: list[int] = []

    class Plain(scrapy.Spider):
        name = "plain"
        start_urls = [f"http://{host}/0/rss" for host in course.hosts]  # noqa: RUF012

        def parse(self, response):
            for link in response.xpath("//item/link/text()").getall():
                yield response.follow(link, self.parse_page)

        def parse_page(self, response):
            text = trafilatura.extract(response.text, fast=True) if extracting else response.text
            read.append(len(text or ""))
            yield {"url": response.url, "text": text}

    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True,
            "DOWNLOAD_DELAY": course.delay,
            "RANDOMIZE_DOWNLOAD_DELAY": False,
            "CONCURRENT_REQUESTS": CONCURRENCY,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "AUTOTHROTTLE_ENABLED": True,
            "AUTOTHROTTLE_START_DELAY": course.delay,
            "COOKIES_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "LOG_LEVEL": "CRITICAL",
        }
    )
    process.crawl(Plain)
    process.start()
    return len(read), sum(read)


def run(contender: Callable[[Course], tuple[int, int]], course: Course) -> Result:
    """Let one of them run, apart from this process."""
    return apart(_run_here, contender, course)


def _run_here(contender: Callable[[Course], tuple[int, int]], course: Course) -> Result:
    import trafilatura  # noqa: F401

    import crawler.run  # noqa: F401  the imports are nobody's merit: all contenders make them

    asyncio.set_event_loop_policy(None)
    done, peaks = threading.Event(), dict[int, float]()

    def watch() -> None:
        while not done.wait(0.25):
            for child in psutil.Process().children(recursive=True):
                peaks[child.pid] = max(peaks.get(child.pid, 0.0), peak_mb(child))

    watcher = threading.Thread(target=watch)
    watcher.start()
    started, cpu = time.monotonic(), _cpu()
    pages, characters = contender(course)
    took, spent = time.monotonic() - started, _cpu() - cpu
    done.set()
    watcher.join()
    own = peak_mb(psutil.Process())
    return Result(pages, characters, took, spent, own + sum(peaks.values()))


def _cpu() -> float:
    """Seconds of this process and of its children, running ones included."""
    seconds = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        seconds += usage.ru_utime + usage.ru_stime
    for child in psutil.Process().children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.Error:
            continue
        seconds += times.user + times.system
    return seconds
