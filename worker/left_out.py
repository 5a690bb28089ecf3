"""A crawl's memory that wants no page of a publisher that the profile leaves out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.ports import (
    CrawlMemory,
    FeedValidators,
    Novelty,
    PageOutcome,
    PollOutcome,
    RobotsAnswer,
)
from crawler.urls import registered_domain


@dataclass(frozen=True, slots=True)
class MemoryWithout:
    """Another memory that wants nothing of these registered domains: where a search engine's feed
    or a redirect leads to them, no crawl goes on."""

    memory: CrawlMemory
    domains: frozenset[str]

    def novelty(self, source: str, titles: Mapping[str, str]) -> Mapping[str, Novelty]:
        wanted = {url: title for url, title in titles.items() if not self._is_left_out(url)}
        return self.memory.novelty(source, wanted)

    def page_read(self, outcome: PageOutcome) -> None:
        if outcome.moved_to is not None and self._is_left_out(outcome.moved_to):
            sentence = "the page has moved to a publisher that the profile leaves out"
            outcome = replace(
                outcome, verdict="refused", error=sentence, permanent=True, moved_to=None
            )
        self.memory.page_read(outcome)

    def validators(self, source: str, url: str) -> FeedValidators:
        return self.memory.validators(source, url)

    def was_away(self, source: str, now: datetime) -> bool:
        return self.memory.was_away(source, now)

    def polled(self, outcome: PollOutcome) -> None:
        self.memory.polled(outcome)

    def robots(self, server: str) -> RobotsAnswer | None:
        return self.memory.robots(server)

    def keep_robots(self, server: str, answer: RobotsAnswer) -> None:
        self.memory.keep_robots(server, answer)

    def _is_left_out(self, url: str) -> bool:
        return registered_domain(url) in self.domains
