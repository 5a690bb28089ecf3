"""What a crawl needs from outside: somewhere to put articles, and a memory of what it has seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from crawler.article import Article


@dataclass(frozen=True, slots=True)
class FeedValidators:
    """What a conditional request sends back: the `ETag` and `Last-Modified` of the last 200."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class PageTask:
    """An article that is known from its source, and whose page has yet to be read."""

    article: Article
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What one poll of one source came to.

    `status` is the HTTP status of the first answer, or None where none came. `error` is a sentence
    for people, None when the poll went well. `retry_after` is the server's own wish in seconds.
    `not_modified` tells that every answer was a 304, from an empty feed. `validators` are those of
    this poll's answers, by requested address; an address that is missing keeps what it had.
    `changed` counts known entries whose title was edited. `newest` and `oldest` are the latest and
    the earliest date among the entries. `requests` counts every request that was made for it, those
    to robots.txt left out.
    `note` is a sentence about what was left unread of a poll that went well otherwise.
    """

    source: str
    started: datetime
    finished: datetime
    status: int | None
    entries: int = 0
    new: int = 0
    changed: int = 0
    not_modified: bool = False
    validators: Mapping[str, FeedValidators] | None = None
    newest: datetime | None = None
    oldest: datetime | None = None
    retry_after: float | None = None
    robots_denied: bool = False
    requests: int = 1
    error: str | None = None
    note: str | None = None


#: What became of a page: `wall` is a page that shows a paywall or a consent form instead of its
#: article, `no_text` one in which no article was found, `not_html` a picture or a PDF, `refused`
#: what robots.txt or our own guards forbid, `moved` one that another host has, which this crawl
#: may not visit, `gone` one that the server does not have (any more), `failed` everything else.
PageVerdict = Literal["read", "wall", "no_text", "not_html", "refused", "moved", "gone", "failed"]


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What reading one page came to. `canonical_url` is the one of its page task; `error` is a
    sentence, None when it was read or `moved`; `permanent` says that another attempt is pointless.
    `moved_to` is the address, on another host, that it is to be asked for from now on: its page
    task belongs to that host, and is due."""

    source: str
    canonical_url: str
    verdict: PageVerdict
    error: str | None = None
    permanent: bool = False
    retry_after: float | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What one server last said of /robots.txt, to be asked again when it has aged.

    `text` are the rules ("" allows everything), None where they never could be had. `unreachable`
    is in words why they could not be had the last time, after so many `failures` in a row; `text`
    is then the copy that was had before.
    """

    fetched: datetime
    text: str | None = None
    unreachable: str | None = None
    failures: int = 0


#: `changed`: known from this very source, which now gives it another title.
Novelty = Literal["new", "changed"]


class ArticleSink(Protocol):
    """Takes articles; when `put` returns they are durable, and the same article twice is one."""

    def put(self, articles: Sequence[Article]) -> None: ...


class FeedMemory(Protocol):
    """Remembers sources across restarts; every method is called from the crawl's own thread."""

    def validators(self, source: str, url: str) -> FeedValidators:
        """Those of the last good answer of this address, for this source."""
        ...

    def novelty(self, source: str, titles: Mapping[str, str]) -> Mapping[str, Novelty]:
        """What is new among these titles by canonical URL; what is known is left out.

        New is what has never been taken from any source, under this address or as an alias.
        """
        ...

    def was_away(self, source: str, now: datetime) -> bool:
        """Whether this source was never polled well before, or not for so long that what it
        serves now is a backlog."""
        ...

    def polled(self, outcome: PollOutcome) -> None: ...


class PageMemory(Protocol):
    """Remembers which pages were read."""

    def page_read(self, outcome: PageOutcome) -> None:
        """The page of a `PageTask` was read, or could not be."""
        ...


class RobotsMemory(Protocol):
    """Keeps what servers said in /robots.txt from one crawl to the next."""

    def robots(self, server: str) -> RobotsAnswer | None:
        """The last answer of a server (`crawler.urls.authority`), whatever its age."""
        ...

    def keep_robots(self, server: str, answer: RobotsAnswer) -> None: ...


class CrawlMemory(FeedMemory, PageMemory, RobotsMemory, Protocol):
    """All that a crawl remembers."""
