"""`dyadwatch crawl --dry-run`: the real crawl; its sink prints, and its memory forgets."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from crawler.article import Article
from crawler.ports import FeedValidators, Novelty, PageOutcome, PollOutcome, RobotsAnswer
from crawler.run import crawl
from crawler.source import Source
from worker import clock
from worker.article_lines import article_record
from worker.crawling import politeness
from worker.output import emit_json, say
from worker.settings import Settings

_BUDGET = timedelta(minutes=10)


class _Printer:
    """An `ArticleSink`: prints each article once, as far as it has been read."""

    def __init__(self) -> None:
        self.waiting: dict[str, Article] = {}

    def put(self, articles: Sequence[Article]) -> None:
        for article in articles:
            if article.stage == "feed":
                self.waiting[article.canonical_url] = article
            else:
                for known_as in (article.canonical_url, *article.aliases):
                    self.waiting.pop(known_as, None)
                emit_json(article_record(article))

    def flush(self) -> None:
        """Print what is known from its feed alone."""
        for article in self.waiting.values():
            emit_json(article_record(article))


class _NoMemory:
    """A `CrawlMemory` in which everything is new."""

    def __init__(self) -> None:
        self.failed = 0

    def validators(self, source: str, url: str) -> FeedValidators:  # noqa: ARG002  the port's signature
        return FeedValidators()

    def novelty(self, source: str, titles: Mapping[str, str]) -> Mapping[str, Novelty]:  # noqa: ARG002
        return dict.fromkeys(titles, "new")

    def was_away(self, source: str, now: datetime) -> bool:  # noqa: ARG002
        return True

    def polled(self, outcome: PollOutcome) -> None:
        if outcome.error:
            self.failed += 1
            say(f"{outcome.source}: {outcome.error}.")
        else:
            noted = f"; {outcome.note}" if outcome.note else ""
            say(f"{outcome.source}: {outcome.entries} entries{noted}.")

    def page_read(self, outcome: PageOutcome) -> None:
        if outcome.error:
            say(f"{outcome.canonical_url}: {outcome.error}.")

    def robots(self, server: str) -> RobotsAnswer | None:  # noqa: ARG002
        return None

    def keep_robots(self, server: str, answer: RobotsAnswer) -> None: ...


def crawl_and_print(settings: Settings, sources: Sequence[Source]) -> int:
    """Crawl these sources, print their articles, and return the exit status."""
    printer, memory = _Printer(), _NoMemory()
    crawl(sources, [], printer, memory, politeness(settings, _BUDGET), clock.now)
    printer.flush()
    return 1 if memory.failed else 0
