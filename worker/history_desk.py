"""Where a walk through the past puts what it finds: a sink and a memory that never make news.

Nothing of it becomes a page task of the service: a page is noted as seen when it is in the archive,
so that a walk that was broken off goes on where it stopped, and what has just been published stays
new to the live crawl.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from crawler.article import Article
from crawler.ports import FeedValidators, Novelty, PageOutcome, PollOutcome, RobotsAnswer
from crawler.urls import host_of
from worker.history_plan import Era, era, noon_of
from worker.ingest import InboxSink
from worker.storage.database import Database
from worker.storage.feed_memory import SqlFeedMemory
from worker.storage.seen import note_seen

#: Pages of one host that a walk reads: at one every two seconds they take half an hour.
MOST_PAGES_A_HOST = 1_000
#: A page that could not be read so often is left to the next walk.
ATTEMPTS = 2
#: Two hosts that send each other's readers back would keep a walk going until its time is up.
MOST_MOVES = 3


@dataclass
class HistoryDesk:
    """The `ArticleSink` and the `CrawlMemory` of one walk, which share what is still to be read.

    `inbox` takes articles as history. `pending` are pages to read, by their canonical address, in
    the order in which their sitemaps gave them: the newest first. `first` and `last` bound what was
    taken in. `tell` hears of each sitemap.
    """

    database: Database
    inbox: InboxSink
    since: datetime
    now: Callable[[], datetime]
    tell: Callable[[PollOutcome], None]
    most_pages: int = MOST_PAGES_A_HOST
    pending: dict[str, Article] = field(default_factory=dict)
    outcomes: dict[str, PollOutcome] = field(default_factory=dict)
    eras: Counter[Era] = field(default_factory=Counter)
    failed: int = 0
    beyond: int = 0
    first: datetime | None = None
    last: datetime | None = None
    _offered: set[str] = field(default_factory=set)
    _of_host: Counter[str] = field(default_factory=Counter)
    _attempts: Counter[str] = field(default_factory=Counter)
    _moves: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._memory = SqlFeedMemory(self.database, self.now)

    def put(self, articles: Sequence[Article]) -> None:
        for article in articles:
            if article.stage == "feed":
                # Should it ever get among the news: without a date of its own it is none.
                self.pending[article.canonical_url] = replace(article, first_poll=True)
        if pages := [article for article in articles if article.stage == "page"]:
            self._archive(pages)

    def _archive(self, pages: Sequence[Article]) -> None:
        """Together, as they came: each batch is a task and a transaction of its own."""
        now = self.now()
        eras = [era(page.published, self.since, now) for page in pages]
        self.eras.update(eras)
        if kept := [page for page, where in zip(pages, eras, strict=True) if where == "kept"]:
            self.inbox.put(kept)
        for page in kept:
            self._stretch(noon_of(page.published))
        read = [p for p, where in zip(pages, eras, strict=True) if where in ("kept", "before")]
        self.database.retrying(lambda conn: note_seen(conn, read, now) and None)

    def _stretch(self, moment: datetime | None) -> None:
        if moment is not None:
            self.first = min(self.first or moment, moment)
            self.last = max(self.last or moment, moment)

    def novelty(self, source: str, titles: Mapping[str, str]) -> Mapping[str, Novelty]:
        """What is neither stored nor offered before in this walk, as far as its host has room."""
        fresh = {url: title for url, title in titles.items() if url not in self._offered}
        known = self._memory.novelty(source, fresh)
        new = [url for url in fresh if known.get(url) == "new"]
        self._offered.update(new)
        taken: list[str] = []
        for host, urls in _by_host(new).items():
            room = max(0, self.most_pages - self._of_host[host])
            taken += islice(urls, room)
            self._of_host[host] += min(room, len(urls))
            self.beyond += max(0, len(urls) - room)
        return dict.fromkeys(taken, "new")

    def page_read(self, outcome: PageOutcome) -> None:
        url = outcome.canonical_url
        if outcome.moved_to is not None and url in self.pending and self._moves[url] < MOST_MOVES:
            self._moves[url] += 1
            self.pending[url] = replace(self.pending[url], url=outcome.moved_to)
            return
        self._attempts[url] += 1
        gone = outcome.error is None or outcome.permanent or self._attempts[url] >= ATTEMPTS
        known = self.pending.pop(url, None) if gone else None
        if known is not None and outcome.verdict != "read":
            self.failed += 1

    def polled(self, outcome: PollOutcome) -> None:
        # Not the source's own state: how its sitemaps do says nothing about its feed.
        self.outcomes[outcome.source] = outcome
        self.tell(outcome)

    def validators(self, source: str, url: str) -> FeedValidators:  # noqa: ARG002  all is asked for
        return FeedValidators()

    def was_away(self, source: str, now: datetime) -> bool:  # noqa: ARG002  the port's signature
        return True

    def robots(self, server: str) -> RobotsAnswer | None:
        return self._memory.robots(server)

    def keep_robots(self, server: str, answer: RobotsAnswer) -> None:
        self._memory.keep_robots(server, answer)


def _by_host(urls: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for url in urls:
        found.setdefault(host_of(url), []).append(url)
    return found
