"""The whole way of an article for tests: real crawl, real inbox, real classifier, real tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from harness.services import services
from sqlalchemy import select

from crawler.run import CrawlReport, crawl
from crawler.settings import Politeness
from crawler.source import Source
from worker import ingest
from worker.ingest import InboxSink
from worker.storage import archive
from worker.storage.archive import StoredArticle
from worker.storage.database import Database
from worker.storage.feed_memory import SqlFeedMemory
from worker.storage.tables import inbox as rows


@dataclass
class Pipeline:
    """An installation in one process. `now` is what its crawls take for the present; it stands
    still until it is set."""

    home: Path
    allowed: set[str] = field(default_factory=set)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.database = Database(f"sqlite:///{self.home / 'dyadwatch.db'}")
        self.database.upgrade()
        self.services = services(self.database, self.home)

    def crawl(self, *sources: Source, **politeness: Any) -> CrawlReport:
        """Poll these sources, read their pages, and store all of it."""
        manners = {"delay": 0.0, "timeout": 5.0, "budget": 30.0, **politeness}
        report = crawl(
            sources,
            [],
            InboxSink(self.services, "crawl"),
            SqlFeedMemory(self.database, lambda: self.now),
            Politeness(allowed_private_hosts=frozenset(self.allowed), **manners),
            lambda: self.now,
        )
        self.store()
        return report

    def store(self) -> None:
        """Classify and store what waits in the inbox."""
        with self.database.read() as conn:
            waiting: Sequence[int] = conn.execute(select(rows.c.id)).scalars().all()
        ingest.process(self.services, waiting)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def articles(self) -> list[StoredArticle]:
        return list(archive.articles(self.database))

    def close(self) -> None:
        self.database.dispose()
