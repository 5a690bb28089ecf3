"""`dyadwatch crawl --since`: walks sitemaps back to a date, in short rounds beside the live crawl.

Each round leases what hosts it can get, reads for a while, and gives them back, so that a service
that runs meanwhile polls its sources as ever.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.ports import PageTask
from crawler.run import crawl
from crawler.source import Source
from crawler.urls import host_of
from worker import clock, leases
from worker.bootstrap import Services
from worker.crawling import longer_delays, politeness
from worker.history_desk import HistoryDesk
from worker.history_plan import pages_of_round
from worker.left_out import MemoryWithout
from worker.newsrooms import left_out_domains
from worker.storage.feed_memory import host_of_source
from worker.storage.hosts import lease_hosts, release_hosts
from worker.storage.spans import Span, add_span

#: How long a round begins something new, and a whole walk goes on.
ROUND = timedelta(seconds=45)
BUDGET = timedelta(hours=3)
#: Hosts that nobody gives us for so long are given up for this time.
PATIENCE = timedelta(minutes=3)
PAGES_A_HOST_AND_ROUND = 30
_BETWEEN_SECONDS = 1.0


@dataclass(slots=True)
class Walk:
    """One walk under way: which sitemaps have not been asked yet."""

    services: Services
    desk: HistoryDesk
    unasked: list[Source]
    say: Callable[[str], None]

    def go(self) -> None:
        """Rounds until all is read, time is up, or no host is to be had any more."""
        end = clock.now() + BUDGET
        heard = clock.now()
        while (hosts := self._hosts()) and clock.now() < end:
            if self._round(hosts):
                heard = clock.now()
                self.say(
                    f"{self.desk.eras['kept']} articles taken in, "
                    f"{len(self.desk.pending)} pages and {len(self.unasked)} sitemaps to go."
                )
            elif clock.now() - heard > PATIENCE:
                return
            if self._hosts():
                time.sleep(_BETWEEN_SECONDS)

    def _hosts(self) -> frozenset[str]:
        pages = {host_of(article.url) for article in self.desk.pending.values()}
        return frozenset(pages | {host_of_source(source) for source in self.unasked})

    def _round(self, hosts: Collection[str]) -> bool:
        """Whether any host was to be had, and was visited."""
        database, holder, now = self.services.database, leases.new_holder(), clock.now()
        granted = lease_hosts(database, hosts, holder, now + leases.LASTS, now)
        if not granted:
            return False
        polite = politeness(self.services.settings, ROUND)
        asked = [source for source in self.unasked if host_of_source(source) in granted]
        try:
            with leases.kept_alive(database, holder):
                self._crawl(asked, granted, self.desk.since)
        finally:
            delay, longer = timedelta(seconds=polite.delay), longer_delays(self.services, polite)
            release_hosts(database, holder, clock.now(), delay, longer)
            self._mark()
        self.unasked = [s for s in self.unasked if s.id not in self.desk.outcomes]
        return True

    def _mark(self) -> None:
        """What was taken in is provisional: sitemaps never list everything, nor do we read it."""
        if (first := self.desk.first) and (last := self.desk.last):
            span = Span(first, last, provisional=True)
            self.services.database.retrying(lambda conn: add_span(conn, span))

    def _crawl(self, asked: Sequence[Source], granted: frozenset[str], since: datetime) -> None:
        profile = self.services.profile
        pages = pages_of_round(self.desk.pending.values(), granted, PAGES_A_HOST_AND_ROUND)
        crawl(
            asked,
            [PageTask(page) for page in pages],
            self.desk,
            MemoryWithout(self.desk, left_out_domains(profile.sources, profile.left_out)),
            politeness(self.services.settings, ROUND),
            clock.now,
            since=since,
            hosts=granted,
            selectors={s.id: s.article for s in profile.sources if s.article},
        )
