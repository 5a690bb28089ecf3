"""One page, asked for as the crawler does: robots.txt, guards, pauses, an honest name."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from crawler.article import Article
from crawler.ports import (
    FeedValidators,
    Novelty,
    PageOutcome,
    PageTask,
    PollOutcome,
    RobotsAnswer,
)
from crawler.run import crawl
from crawler.urls import canonical_url, host_of, registered_domain
from worker.crawling import politeness
from worker.settings import Settings
from worker.storage.database import Database
from worker.storage.hosts import leased_hosts, resting_hosts
from worker.trouble import Trouble

_BUDGET = timedelta(minutes=1)
#: A shorter pause than this is our own politeness, and over in a moment.
_WORTH_TELLING = timedelta(seconds=5)


class NotFetched(Trouble):
    """The page could not be had; the message says why."""


def fetched(
    settings: Settings, database: Database | None, url: str, now: Callable[[], datetime]
) -> Article:
    """The article at this address, which is stored nowhere by this; `NotFetched` where it cannot be
    had, or where its server has asked to be left alone."""
    if database is not None:
        _ask_nobody_who_rests(database, url, now())
    keeper = _Keeper()
    domain = registered_domain(url)
    task = PageTask(Article(url, canonical_url(url), domain, domain, now(), stage="feed"))
    crawl([], [task], keeper, keeper, politeness(settings, _BUDGET), now)
    if keeper.article is None:
        raise NotFetched(f"{url} could not be read: {keeper.error or 'no answer in time'}.")
    return keeper.article


def _ask_nobody_who_rests(database: Database, url: str, now: datetime) -> None:
    host = host_of(url)
    with database.read() as conn:
        resting = resting_hosts(conn, now, _WORTH_TELLING)
    if host in resting:
        until = f"{resting[host]:%Y-%m-%d %H:%M:%S} UTC"
        raise NotFetched(f"{url} was not asked for: {host} asked to be left alone until {until}.")
    if host in leased_hosts(database, now):
        raise NotFetched(f"{url} was not asked for: a crawl is at {host}; try again in a minute.")


class _Keeper:
    """An `ArticleSink` and a `CrawlMemory` for one page: nothing is known, nothing remembered."""

    def __init__(self) -> None:
        self.article: Article | None = None
        self.error: str | None = None

    def put(self, articles: Sequence[Article]) -> None:
        for article in articles:
            if article.stage == "page":
                self.article = article

    def page_read(self, outcome: PageOutcome) -> None:
        self.error = outcome.error

    def validators(self, source: str, url: str) -> FeedValidators:  # noqa: ARG002  the port's signature
        return FeedValidators()

    def novelty(self, source: str, titles: Mapping[str, str]) -> Mapping[str, Novelty]:  # noqa: ARG002
        return {}

    def was_away(self, source: str, now: datetime) -> bool:  # noqa: ARG002
        return False

    def polled(self, outcome: PollOutcome) -> None: ...

    def robots(self, server: str) -> RobotsAnswer | None:  # noqa: ARG002
        return None

    def keep_robots(self, server: str, answer: RobotsAnswer) -> None: ...
