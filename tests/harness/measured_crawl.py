"""A crawl in a process of its own, whose memory is watched from its first byte to its last."""

import resource
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psutil
from harness.apart import apart

from crawler.article import Article
from crawler.ports import FeedValidators, Novelty, PageOutcome, PollOutcome, RobotsAnswer
from crawler.run import crawl
from crawler.settings import Politeness
from crawler.source import Source


@dataclass(frozen=True, slots=True)
class MeasuredCrawl:
    """What came of it; `peak_mb` is the largest resident size of the crawling process, `parser_mb`
    that of any of its children."""

    outcomes: Mapping[str, PollOutcome]
    pages: Sequence[PageOutcome]
    articles: Sequence[Article]
    peak_mb: float
    parser_mb: float


class Counter:
    """A sink with a memory in which everything is new."""

    def __init__(self) -> None:
        self.articles: list[Article] = []
        self.pages: list[PageOutcome] = []

    def put(self, articles: Sequence[Article]) -> None:
        self.articles += articles

    def validators(self, source: str, url: str) -> FeedValidators:
        return FeedValidators()

    def novelty(self, source: str, titles: Mapping[str, str]) -> Mapping[str, Novelty]:
        return dict.fromkeys(titles, "new")

    def was_away(self, source: str, now: datetime) -> bool:
        return False

    def polled(self, outcome: PollOutcome) -> None: ...

    def page_read(self, outcome: PageOutcome) -> None:
        self.pages.append(outcome)

    def robots(self, server: str) -> RobotsAnswer | None:
        return None

    def keep_robots(self, server: str, answer: RobotsAnswer) -> None: ...


def measured(sources: Sequence[Source], politeness: Politeness, now: datetime) -> MeasuredCrawl:
    """Crawl apart from this process, with nothing in memory but the crawler; `now` stands still."""
    return apart(_crawl_here, sources, politeness, now)


def _crawl_here(sources: Sequence[Source], politeness: Politeness, now: datetime) -> MeasuredCrawl:
    done, peaks = threading.Event(), [0.0]

    def watch() -> None:
        while not done.wait(0.05):
            peaks.append(max(map(peak_mb, psutil.Process().children(recursive=True)), default=0.0))

    watcher = threading.Thread(target=watch)
    watcher.start()
    counter = Counter()
    report = crawl(sources, [], counter, counter, politeness, lambda: now)
    done.set()
    watcher.join()
    peak = peak_mb(psutil.Process())
    outcomes = {outcome.source: outcome for outcome in report.outcomes}
    return MeasuredCrawl(outcomes, counter.pages, counter.articles, peak, max(peaks))


def peak_mb(process: psutil.Process) -> float:
    """The largest resident size that a process ever had, 0 for one that has gone.

    Linux counts it for the program that runs; `ru_maxrss` would also count the process that
    started it, and serves elsewhere.
    """
    if sys.platform != "linux":
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return max((int(x.split()[1]) / 1024 for x in lines if x.startswith("VmHWM")), default=0.0)
