"""What a crawl needs from outside: somewhere to put articles, and a memory of what it has seen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crawler.article import Article


@dataclass(frozen=True, slots=True)
class FeedValidators:
    """What a conditional request sends back: the `ETag` and `Last-Modified` of the last 200."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class PageTask:
    """An article that is known from its feed, and whose page has yet to be read."""

    article: Article
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What one poll of one source came to.

    `status` is the HTTP status, or None where no answer came. `error` is a sentence for people,
    None when the poll went well. `retry_after` is the server's own wish in seconds.
    `not_modified` tells a 304 from an empty feed. `newest` is the latest date among the entries.
    """

    source: str
    started: datetime
    finished: datetime
    status: int | None
    entries: int = 0
    new: int = 0
    not_modified: bool = False
    validators: FeedValidators = FeedValidators()
    newest: datetime | None = None
    retry_after: float | None = None
    robots_denied: bool = False
    error: str | None = None


class ArticleSink(Protocol):
    """Takes articles; when `put` returns they are durable, and the same article twice is one."""

    def put(self, articles: Sequence[Article]) -> None: ...


class FeedMemory(Protocol):
    """Remembers across restarts; every method is called from the crawl's own thread."""

    def validators(self, source: str) -> FeedValidators: ...

    def unseen(self, source: str, canonical_urls: Collection[str]) -> frozenset[str]:
        """The addresses among these that have never been taken from any source."""
        ...

    def was_away(self, source: str, now: datetime) -> bool:
        """Whether this source was never polled well before, or not for so long that what it
        serves now is a backlog."""
        ...

    def polled(self, outcome: PollOutcome) -> None: ...

    def page_read(self, canonical_url: str, error: str | None, permanent: bool) -> None:
        """The page of a `PageTask` was read (error None) or could not be."""
        ...
