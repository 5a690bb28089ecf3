"""`dyadwatch crawl --dry-run`: the real crawl; its sink prints, and its memory forgets."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from crawler.article import Article
from crawler.ports import FeedValidators, PollOutcome
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
                self.waiting.pop(article.canonical_url, None)
                emit_json(article_record(article))

    def flush(self) -> None:
        """Print what is known from its feed alone."""
        for article in self.waiting.values():
            emit_json(article_record(article))


class _NoMemory:
    """A `FeedMemory` in which everything is new."""

    def __init__(self) -> None:
        self.failed = 0

    def validators(self, source: str) -> FeedValidators:  # noqa: ARG002  the port's signature
        return FeedValidators()

    def unseen(self, source: str, canonical_urls: Collection[str]) -> frozenset[str]:  # noqa: ARG002
        return frozenset(canonical_urls)

    def was_away(self, source: str, now: datetime) -> bool:  # noqa: ARG002
        return True

    def polled(self, outcome: PollOutcome) -> None:
        if outcome.error:
            self.failed += 1
            say(f"{outcome.source}: {outcome.error}.")
        else:
            say(f"{outcome.source}: {outcome.entries} entries.")

    def page_read(self, canonical_url: str, error: str | None, permanent: bool) -> None:  # noqa: ARG002
        if error:
            say(f"{canonical_url}: {error}.")


def crawl_and_print(settings: Settings, sources: Sequence[Source]) -> int:
    """Crawl these sources, print their articles, and return the exit status."""
    printer, memory = _Printer(), _NoMemory()
    crawl(sources, [], printer, memory, politeness(settings, _BUDGET), clock.now)
    printer.flush()
    return 1 if memory.failed else 0
