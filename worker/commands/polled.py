"""What came of the polls of one crawl, told to the person who asked for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from worker import clock
from worker.output import say

if TYPE_CHECKING:
    from crawler.source import Source
    from worker.bootstrap import Services

#: A shorter pause is our own politeness, and over before anybody has read of it.
_WORTH_TELLING = timedelta(seconds=5)


@dataclass
class Progress:
    """Says how far a crawl has come, whenever that has changed."""

    services: Services
    sources: int
    started: datetime
    told: str = ""

    def tell(self) -> None:
        """Say it on standard error, if there is anything new to say."""
        from worker.storage.source_health import polled_since

        polled, new = polled_since(self.services.database, self.started)
        sentence = f"{polled} of {self.sources} sources polled, {new} new articles."
        if sentence != self.told:
            self.told = sentence
            say(sentence)


def tell_failures(services: Services, chosen: Sequence[Source], started: datetime) -> int:
    """Say of each source why its poll failed, or why there was none since the crawl was `started`;
    returns how many there are."""
    from worker.storage.feed_memory import host_of_source
    from worker.storage.hosts import leased_hosts, resting_hosts
    from worker.storage.source_health import source_health

    now = clock.now()
    health = source_health(services.database, chosen, now)
    busy = leased_hosts(services.database, now)
    with services.database.read() as conn:
        resting = resting_hosts(conn, now, _WORTH_TELLING)
    told = 0
    for source, seen in zip(chosen, health, strict=True):
        why = seen.why if seen.failures else None
        if seen.last_poll is None or seen.last_poll < started:
            why = f"not polled; {why_not(host_of_source(source), resting, busy)}"
        if why is not None:
            say(f"{source.id}: {why}")
            told += 1
    return told


def why_not(host: str, resting: Mapping[str, datetime], busy: Collection[str]) -> str:
    """Why a crawl that was asked for did not visit a host, in words (pure)."""
    if host in resting:
        return f"{host} asked to be left alone until {resting[host]:%Y-%m-%d %H:%M:%S} UTC."
    if host in busy:
        return f"another crawl is at {host}: try again in a minute."
    return f"{host} was another crawl's, or time was up before it was its turn: try again."
