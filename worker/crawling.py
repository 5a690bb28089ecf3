"""When what is crawled, by whom: sources that are due, grouped by host, one crawl a process.

A host is leased to one crawl at a time, whatever the number of sources on it and of machines that
crawl, and is left alone for a moment after each: a delay is kept between crawls, too. Hosts with a
source that wants to be polled often (brisk) are crawled apart from the others (calm), in short
crawls, so that they never wait for somebody's pages; calm ones are gathered for a while, so that a
crawl has more than one thing to do.
"""

import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from crawler.ports import PageTask
from crawler.run import CrawlReport, crawl
from crawler.settings import Politeness, user_agent
from crawler.source import Source
from crawler.urls import host_of
from worker import clock, leases
from worker.bootstrap import Services, build
from worker.ingest import InboxSink, send
from worker.left_out import MemoryWithout
from worker.newsrooms import left_out_domains
from worker.settings import Settings, read_settings
from worker.storage import feed_memory, page_tasks, robots
from worker.storage.hosts import lease_hosts, release_hosts, renew_leases

Pace = Literal["brisk", "calm"]

#: A source that wants to be polled this often makes its host brisk.
BRISK = timedelta(seconds=60)
#: How long it takes from when a source is due to its first request: until the next tick, and then
#: until the crawl has begun. Who wants to be polled often is sent for so much sooner.
AHEAD: dict[Pace, timedelta] = {"brisk": timedelta(seconds=1), "calm": timedelta(0)}
BUDGETS: dict[Pace, timedelta] = {"brisk": timedelta(seconds=5), "calm": timedelta(seconds=45)}
#: A crawl takes at most this many hosts: two of them use two cores.
HOSTS_A_CRAWL = 60
PAGES_A_HOST = 30
#: A crawl that waits longer than this for its turn is left to the next tick.
WAIT = timedelta(seconds=30)
#: A crawl that is asked for is begun a moment after its request has expired, at the latest.
_ASKED_FOR = WAIT + timedelta(seconds=5)
#: How often whoever waits for a crawl looks at how far it has come.
_WATCH_SECONDS = 5.0
#: How long a crawl that is ended early has to give its hosts back.
_GIVING_BACK_SECONDS = 5.0
#: Hosts that somebody visited a moment ago are owed a pause, which is worth waiting for once.
_PAUSE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class CrawlOrder:
    """What one crawl does: poll these sources, read pages of these hosts, within this time."""

    sources: tuple[str, ...]
    hosts: tuple[str, ...]
    budget: timedelta


def schedule(services: Services, pace: Pace, now: datetime) -> int:
    """Send out the crawls of this pace that are due, and return their number."""
    profile = services.profile
    due = feed_memory.due_sources(services.database, profile.polled, now, AHEAD[pace])
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
    of_source = feed_memory.hosts_of(due)
    hosts = dict.fromkeys((*of_source.values(), *sorted(hosts_with_pages)))
    chosen = [host for host in hosts if (host in brisk) == (pace == "brisk")]
    groups = [chosen[i : i + HOSTS_A_CRAWL] for i in range(0, len(chosen), HOSTS_A_CRAWL)]
    return [
        CrawlOrder(
            sources=tuple(source.id for source in due if of_source[source.id] in group),
            hosts=tuple(group),
            budget=BUDGETS[pace],
        )
        for group in groups
    ]


def brisk_hosts(sources: Iterable[Source]) -> frozenset[str]:
    """The hosts on which some source wants to be polled often."""
    return frozenset(
        feed_memory.host_of_source(s) for s in sources if s.every is not None and s.every <= BRISK
    )


def carry_out(
    services: Services, order: CrawlOrder, holder: str, polite: Politeness | None = None
) -> CrawlReport | None:
    """Crawl, in this process, those hosts that the holder still has, and give them back; `polite`
    by default as the settings have it.

    None where it has none any more: it came too late, and others may be at them.
    """
    database, now = services.database, clock.now()
    mine = renew_leases(database, holder, now + leases.LASTS, now)
    if not mine:
        return None
    polite = polite or politeness(services.settings, order.budget)
    hosts = feed_memory.hosts_of(services.profile.sources)
    memory = feed_memory.SqlFeedMemory(database, clock.now, hosts)
    left_out = left_out_domains(services.profile.sources, services.profile.left_out)
    known = {source.id: source for source in services.profile.sources}
    try:
        with leases.kept_alive(database, holder):
            return crawl(
                # In the order given: who has waited longest comes first.
                sources=[known[id] for id in order.sources if hosts.get(id) in mine],
                pages=_pages(services, [host for host in order.hosts if host in mine]),
                sink=InboxSink(services, "crawl"),
                memory=MemoryWithout(memory, left_out),
                politeness=polite,
                now=clock.now,
                hosts=mine,
                selectors={id: s.article for id, s in known.items() if s.article},
            )
    finally:
        delay = timedelta(seconds=polite.delay)
        release_hosts(database, holder, clock.now(), delay, longer_delays(services, polite))


def crawl_apart(
    sources: Sequence[str], budget: timedelta, watch: Callable[[], None] = lambda: None
) -> bool:
    """Crawl these sources now, in a process of its own; whether it came to its end.

    Hosts that another crawl holds are left to it. `watch` is called every few seconds meanwhile.
    """
    # Spawned, not forked: a forked child would share this process's connections and threads.
    process = multiprocessing.get_context("spawn").Process(
        target=_crawl_here, args=(tuple(sources), budget)
    )
    process.start()
    try:
        while process.is_alive():
            process.join(_WATCH_SECONDS)
            watch()
    finally:  # whoever ends us ends it, too: what it has read is stored
        process.terminate()
        process.join(_GIVING_BACK_SECONDS)
        process.kill()
    return process.exitcode == 0


def _crawl_here(sources: Sequence[str], budget: timedelta) -> None:
    # Left in order, so that the hosts are given back: nobody else may visit them before.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    crawl_now(build(read_settings()), sources, budget)


def crawl_now(services: Services, sources: Sequence[str], budget: timedelta) -> CrawlReport | None:
    """Crawl these sources in this process, as far as their hosts are to be had."""
    of_source = feed_memory.hosts_of(services.profile.sources)
    wanted = {of_source[id] for id in sources}
    holder = leases.new_holder()
    granted = _leased(services, wanted, holder)
    if granted != wanted:
        time.sleep(_PAUSE_SECONDS)
        granted |= _leased(services, wanted - granted, holder)
    return carry_out(services, CrawlOrder(tuple(sources), tuple(sorted(granted)), budget), holder)


def _leased(services: Services, hosts: Collection[str], holder: str) -> frozenset[str]:
    now = clock.now()
    return lease_hosts(services.database, hosts, holder, now + leases.LASTS, now)


def politeness(settings: Settings, budget: timedelta) -> Politeness:
    """How the crawler behaves, for these settings."""
    return Politeness(
        user_agent=user_agent(settings.contact),
        allowed_private_hosts=settings.allowed_private_hosts,
        budget=budget.total_seconds(),
    )


def _send(services: Services, order: CrawlOrder, now: datetime) -> int:
    """Lease the order's hosts and ask for its crawl; 0 where there is nothing to be had."""
    holder = leases.new_holder()
    granted = lease_hosts(services.database, order.hosts, holder, now + _ASKED_FOR, now)
    if not granted:
        return 0
    hosts = feed_memory.hosts_of(services.profile.sources)
    sources = [id for id in order.sources if hosts[id] in granted]
    budget = order.budget.total_seconds()
    arguments = [sources, [host for host in order.hosts if host in granted], budget, holder]
    expires = int(WAIT.total_seconds())
    if send(services, "dyadwatch.crawl", arguments, expires=expires) == "broker_away":
        release_hosts(services.database, holder, now)
        return 0
    return 1


def longer_delays(services: Services, polite: Politeness) -> dict[str, timedelta]:
    """The hosts whose robots.txt asks for a longer pause than ours, as far as it is honoured."""
    longer: dict[str, timedelta] = {}
    for server, seconds in robots.crawl_delays(services.database).items():
        if seconds > polite.delay:
            longer[host_of(server)] = timedelta(seconds=min(seconds, polite.crawl_delay_cap))
    return longer


def _pages(services: Services, hosts: Iterable[str]) -> list[PageTask]:
    now = clock.now()
    return [
        task
        for host in hosts
        for task in page_tasks.page_tasks(services.database, host, PAGES_A_HOST, now)
    ]
