"""When what is crawled, by whom: sources that are due, grouped by host, one crawl a process.

A host is leased to one crawl at a time, whatever the number of sources on it and of machines that
crawl. Hosts with a source that wants to be polled often (brisk) are crawled apart from the others
(calm), in short crawls, so that they never wait for somebody's pages; calm ones are gathered for a
while, so that a crawl has more than one thing to do.
"""

import multiprocessing
import signal
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from crawler.ports import PageTask
from crawler.run import CrawlReport, crawl
from crawler.settings import Politeness, user_agent
from crawler.source import Source
from crawler.urls import authority
from worker import clock
from worker.bootstrap import Services, build
from worker.ingest import InboxSink, send
from worker.settings import Settings, read_settings
from worker.storage import feed_memory, page_tasks
from worker.storage.hosts import lease_hosts, release_hosts

Pace = Literal["brisk", "calm"]

#: A source that wants to be polled this often makes its host brisk.
BRISK = timedelta(seconds=60)
BUDGETS: dict[Pace, timedelta] = {"brisk": timedelta(seconds=5), "calm": timedelta(seconds=45)}
#: A crawl takes at most this many hosts: two of them use two cores.
HOSTS_A_CRAWL = 60
PAGES_A_HOST = 30
#: A crawl that waits longer than this for its turn is left to the next tick.
WAIT = timedelta(seconds=30)
#: After its budget a crawl closes down; Celery ends it in any case 120 s after it began.
_CLOSING = timedelta(seconds=45)
#: How long a crawl that is ended early has to give its hosts back.
_GIVING_BACK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class CrawlOrder:
    """What one crawl does: poll these sources, read pages of these hosts, within this time."""

    sources: tuple[str, ...]
    hosts: tuple[str, ...]
    budget: timedelta


def schedule(services: Services, pace: Pace, now: datetime) -> int:
    """Send out the crawls of this pace that are due, and return their number."""
    profile = services.profile
    due = feed_memory.due_sources(services.database, profile.polled, now)
    waiting = page_tasks.hosts_with_pages(services.database)
    orders = plan(pace, due, waiting, brisk_hosts(profile.polled))
    return sum(_send(services, order, now) for order in orders)


def plan(
    pace: Pace, due: Sequence[Source], hosts_with_pages: Collection[str], brisk: Collection[str]
) -> list[CrawlOrder]:
    """Divide what is due at this pace among crawls, each host in one of them (pure).

    `due` comes the longest overdue first, and so do the hosts: what no crawl had time for is at the
    head of the next one. Hosts that only have pages to be read come last.
    """
    hosts = dict.fromkeys((*(authority(source.url) for source in due), *sorted(hosts_with_pages)))
    chosen = [host for host in hosts if (host in brisk) == (pace == "brisk")]
    groups = [chosen[i : i + HOSTS_A_CRAWL] for i in range(0, len(chosen), HOSTS_A_CRAWL)]
    return [
        CrawlOrder(
            sources=tuple(source.id for source in due if authority(source.url) in group),
            hosts=tuple(group),
            budget=BUDGETS[pace],
        )
        for group in groups
    ]


def brisk_hosts(sources: Iterable[Source]) -> frozenset[str]:
    """The hosts on which some source wants to be polled often."""
    return frozenset(authority(s.url) for s in sources if s.every is not None and s.every <= BRISK)


def carry_out(services: Services, order: CrawlOrder, leased_until: datetime) -> CrawlReport:
    """Crawl, in this process, and give the hosts back; whoever calls this holds their leases."""
    known = {source.id: source for source in services.profile.sources}
    try:
        return crawl(
            # In the order given: who has waited longest comes first.
            sources=[known[id] for id in order.sources if id in known],
            pages=_pages(services, order.hosts),
            sink=InboxSink(services, "crawl"),
            memory=feed_memory.SqlFeedMemory(services.database, clock.now),
            politeness=politeness(services.settings, order.budget),
            now=clock.now,
        )
    finally:
        release_hosts(services.database, order.hosts, leased_until)


def crawl_apart(sources: Sequence[str], budget: timedelta) -> bool:
    """Crawl these sources now, in a process of its own; whether it came to its end.

    Hosts that another crawl holds are left to it.
    """
    # Spawned, not forked: a forked child would share this process's connections and threads.
    process = multiprocessing.get_context("spawn").Process(
        target=_crawl_here, args=(tuple(sources), budget)
    )
    process.start()
    try:
        process.join()
    finally:  # whoever ends us ends it, too: what it has read is stored
        process.terminate()
        process.join(_GIVING_BACK_SECONDS)
        process.kill()
    return process.exitcode == 0


def _crawl_here(sources: Sequence[str], budget: timedelta) -> None:
    # Left in order, so that the hosts are given back: nobody else may visit them before.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    services = build(read_settings())
    hosts = {authority(source.url) for source in services.profile.sources if source.id in sources}
    now = clock.now()
    until = now + budget + _CLOSING
    granted = lease_hosts(services.database, hosts, until, now)
    urls = {source.id: source.url for source in services.profile.sources}
    free = tuple(id for id in sources if authority(urls[id]) in granted)
    carry_out(services, CrawlOrder(free, tuple(sorted(granted)), budget), until)


def politeness(settings: Settings, budget: timedelta) -> Politeness:
    """How the crawler behaves, for these settings."""
    return Politeness(
        user_agent=user_agent(settings.contact),
        allowed_private_hosts=settings.allowed_private_hosts,
        budget=budget.total_seconds(),
    )


def _send(services: Services, order: CrawlOrder, now: datetime) -> int:
    until = now + WAIT + order.budget + _CLOSING
    granted = lease_hosts(services.database, order.hosts, until, now)
    urls = {source.id: source.url for source in services.profile.sources}
    sources = [id for id in order.sources if authority(urls[id]) in granted]
    if not granted:
        return 0
    arguments = [sources, sorted(granted), order.budget.total_seconds(), until.isoformat()]
    send(services, "dyadwatch.crawl", arguments, expires=int(WAIT.total_seconds()))
    return 1


def _pages(services: Services, hosts: Iterable[str]) -> list[PageTask]:
    now = clock.now()
    return [
        task
        for host in hosts
        for task in page_tasks.page_tasks(services.database, host, PAGES_A_HOST, now)
    ]
