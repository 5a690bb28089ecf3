"""Resident memory over 50,000 pages: many crawls in one process, as the worker does, and one long.

DYADWATCH_BENCH_MEMORY_PAGES sets the pages; DYADWATCH_BENCH_ONE_CRAWL those of the single crawl.
"""

import os
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil
import pytest
from harness.apart import apart
from harness.big_site import big_site
from harness.measured_crawl import Counter
from harness.quick_server import serving_apart

from crawler.article import Article
from crawler.ports import PageOutcome
from crawler.run import crawl
from crawler.settings import Politeness
from crawler.source import Source

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(sys.platform != "linux", reason="needs many loopback addresses"),
]

HOSTS = 100
KILOBYTES = 8  # light pages: the memory is asked about, not the extraction
EACH = 5_000
TOTAL = int(os.environ.get("DYADWATCH_BENCH_MEMORY_PAGES", "50000"))
ONE_CRAWL = int(os.environ.get("DYADWATCH_BENCH_ONE_CRAWL", "20000"))
SAMPLE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Sample:
    """After so many pages: what our process holds, and all its children together, in MB; open
    files of ours, and threads."""

    pages: int
    own: float
    children: float
    processes: int
    files: int
    threads: int


class Forgetful(Counter):
    """Counts pages and keeps none of them: what grows is the crawler's."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def put(self, articles: Sequence[Article]) -> None:
        self.read += sum(article.stage == "page" for article in articles)

    def page_read(self, outcome: PageOutcome) -> None: ...


def test_many_crawls_in_one_process(capsys: pytest.CaptureFixture[str]) -> None:
    _shown(capsys, "crawls of 5,000 pages in one process", TOTAL, EACH)


def test_one_long_crawl(capsys: pytest.CaptureFixture[str]) -> None:
    _shown(capsys, "one crawl", ONE_CRAWL, ONE_CRAWL)


def _shown(capsys: pytest.CaptureFixture[str], what: str, total: int, each: int) -> None:
    with serving_apart(big_site, each // HOSTS, KILOBYTES) as port:
        hosts = [f"127.0.0.{n}:{port}" for n in range(1, HOSTS + 1)]
        samples, took = apart(_crawl_all, hosts, total, each)
    with capsys.disabled():
        print(f"\n{what}: {total} pages in {took:.0f} s")
        print("   pages  own MB  children MB  processes  files  threads")
        for one in samples:
            print(
                f"{one.pages:8d}{one.own:8.1f}{one.children:13.1f}{one.processes:11d}"
                f"{one.files:7d}{one.threads:9d}"
            )
    assert samples[-1].pages == total


def _crawl_all(hosts: Sequence[str], total: int, each: int) -> tuple[list[Sample], float]:
    sink, samples, done = Forgetful(), [], threading.Event()

    def watch() -> None:
        wanted = 0
        while not done.wait(SAMPLE_SECONDS):
            if sink.read >= wanted:
                samples.append(_sample(sink.read))
                wanted += EACH

    started = time.monotonic()
    watcher = threading.Thread(target=watch)
    watcher.start()
    politeness = Politeness(
        delay=0.0, budget=3_000.0, max_pages=10**9, allowed_private_hosts=frozenset(hosts)
    )
    for turn in range(total // each):
        sources = [Source(h, "feed", f"http://{h}/{turn}/rss", h, h) for h in hosts]
        crawl(sources, [], sink, sink, politeness, lambda: datetime.now(UTC))
    took = time.monotonic() - started
    done.set()
    watcher.join()
    return [*samples, _sample(sink.read)], took


def _sample(pages: int) -> Sample:
    process = psutil.Process()
    sizes = []
    for child in process.children(recursive=True):
        try:
            sizes.append(child.memory_info().rss / 2**20)
        except psutil.Error:
            continue
    own = process.memory_info().rss / 2**20
    return Sample(pages, own, sum(sizes), len(sizes), process.num_fds(), process.num_threads())
