"""One look at each source, with the real crawler; nothing of it is stored."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from crawler.article import Article
from crawler.ports import FeedValidators, Novelty, PageOutcome, PollOutcome, RobotsAnswer
from crawler.run import crawl
from crawler.source import Source
from crawler.urls import authority
from worker.crawling import politeness
from worker.settings import Settings
from worker.source_check import Looked

#: So many of a source's newest pages are read.
PAGES = 3
#: Hosts are asked side by side, one host's sources and pages one after the other.
BUDGET = timedelta(minutes=15)


class CheckMemory:
    """A `CrawlMemory` that keeps what it is told for as long as it lives: everything is new, and
    of that a few articles a source are wanted. `tell` hears of each poll as it ends."""

    def __init__(self, tell: Callable[[PollOutcome], None]) -> None:
        self._tell = tell
        self.outcomes: dict[str, PollOutcome] = {}
        self.pages: dict[str, list[PageOutcome]] = {}
        self.servers: dict[str, RobotsAnswer] = {}

    def validators(self, source: str, url: str) -> FeedValidators:  # noqa: ARG002  the port's signature
        return FeedValidators()

    def novelty(self, source: str, titles: Mapping[str, str]) -> Mapping[str, Novelty]:  # noqa: ARG002
        return dict.fromkeys(islice(titles, PAGES), "new")

    def was_away(self, source: str, now: datetime) -> bool:  # noqa: ARG002
        return True

    def polled(self, outcome: PollOutcome) -> None:
        self.outcomes[outcome.source] = outcome
        self._tell(outcome)

    def page_read(self, outcome: PageOutcome) -> None:
        self.pages.setdefault(outcome.source, []).append(outcome)

    def robots(self, server: str) -> RobotsAnswer | None:
        return self.servers.get(server)

    def keep_robots(self, server: str, answer: RobotsAnswer) -> None:
        self.servers[server] = answer

    def looked(self, sources: Sequence[Source]) -> list[Looked]:
        """What is known by now, in the order of the sources."""
        return [
            Looked(
                source,
                self.outcomes.get(source.id),
                tuple(self.pages.get(source.id, ())),
                self.servers.get(authority(source.url)),
            )
            for source in sources
        ]


class _Nowhere:
    """An `ArticleSink` that keeps nothing."""

    def put(self, articles: Sequence[Article]) -> None: ...


def look(
    settings: Settings,
    sources: Sequence[Source],
    memory: CheckMemory,
    now: Callable[[], datetime],
) -> None:
    """Poll these sources and read some of their pages; `memory` holds what came of it, also where
    this is broken off."""
    crawl(sources, [], _Nowhere(), memory, politeness(settings, BUDGET), now)
