"""What one crawl is to do, and the running count of what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crawler.desk import Desk
from crawler.ports import PageTask, PollOutcome
from crawler.settings import Politeness
from crawler.source import Source


@dataclass(slots=True)
class Tally:
    """Numbers of pages; what is known and in none of the others was left for lack of time."""

    new_articles: int = 0
    pages_known: int = 0
    pages_begun: int = 0
    pages_read: int = 0
    pages_failed: int = 0
    pages_moved: int = 0


@dataclass(slots=True)
class CrawlOrder:
    """`hosts` are those that pages may be fetched from (`crawler.urls.host_of`), None for all;
    entries older than `since` are not wanted, where it is given. `selectors` choose the article on
    the pages of a source, by its id."""

    sources: Sequence[Source]
    pages: Sequence[PageTask]
    desk: Desk
    politeness: Politeness
    now: Callable[[], datetime]
    since: datetime | None = None
    hosts: frozenset[str] | None = None
    selectors: Mapping[str, str] = field(default_factory=dict)
    outcomes: dict[str, PollOutcome] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    broken_by: Exception | None = None

    def may_visit(self, host: str) -> bool:
        return self.hosts is None or host in self.hosts
