"""Local publishers: one HTTP server a newsroom, whose feed grows as the script moves on."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from threading import Lock
from typing import Self

from worker import clock
from worker.demo import pages
from worker.demo.loopback import Answer, LoopbackServer, Request
from worker.demo.script import Cue, Newsroom, Release

FEED_PATH = "/feed.xml"
_RELATED = 3


@dataclass(frozen=True, slots=True)
class Visits:
    """How often a publisher was asked for what; `unchanged` feeds were answered with 304."""

    robots: int = 0
    feeds: int = 0
    unchanged: int = 0
    pages: int = 0

    def __add__(self, other: "Visits") -> "Visits":
        return Visits(
            self.robots + other.robots,
            self.feeds + other.feeds,
            self.unchanged + other.unchanged,
            self.pages + other.pages,
        )


class Publisher:
    """One newsroom's site on a port of its own; it serves what is visible at the moment."""

    def __init__(self, newsroom: Newsroom, now: Callable[[], datetime] = clock.now) -> None:
        self.newsroom = newsroom
        self._now = now
        self._server = LoopbackServer(self.respond)
        self._lock = Lock()
        self._releases: dict[str, Release] = {}
        self._visits = Visits()

    def start(self) -> str:
        """Listens, and returns the site's address."""
        self._server.start()
        return self.base

    def stop(self) -> None:
        self._server.stop()

    @property
    def base(self) -> str:
        return f"http://{self.address}"

    @property
    def address(self) -> str:
        """Host and port, as `DYADWATCH_ALLOWED_PRIVATE_HOSTS` wants them."""
        return self._server.address

    @property
    def feed_url(self) -> str:
        return self.base + FEED_PATH

    @property
    def visits(self) -> Visits:
        with self._lock:
            return self._visits

    def publish(self, releases: Iterable[Release]) -> None:
        """Puts articles on the site, each to be seen from its own moment on."""
        with self._lock:
            self._releases.update({release.article.path: release for release in releases})

    def visible(self) -> dict[str, Release]:
        """What the site serves now, by path."""
        now = self._now()
        with self._lock:
            return {path: r for path, r in self._releases.items() if r.visible <= now}

    def respond(self, request: Request) -> Answer:
        """The site's answer to one request."""
        path, releases = request.path.partition("?")[0], self.visible()
        if request.method not in ("GET", "HEAD"):
            return Answer(405, b"This site is only read.")
        if path == "/robots.txt":
            self._count(Visits(robots=1))
            return Answer(200, pages.ROBOTS.encode())
        if path == FEED_PATH:
            return self._feed(request, releases)
        if path not in releases:
            return Answer(404, b"There is no such page.")
        self._count(Visits(pages=1))
        return self._page(path, releases)

    def _feed(self, request: Request, releases: Mapping[str, Release]) -> Answer:
        body = pages.feed(self.newsroom, list(releases.values()), self.base).encode()
        changed = max(
            (r.visible for r in releases.values()), default=datetime.fromtimestamp(0, UTC)
        )
        validators = {
            "ETag": f'"{sha256(body).hexdigest()[:16]}"',
            "Last-Modified": format_datetime(changed.replace(microsecond=0), usegmt=True),
            "Cache-Control": "no-cache",
        }
        if is_unchanged(request.headers, validators):
            self._count(Visits(feeds=1, unchanged=1))
            return Answer(304, headers=validators)
        self._count(Visits(feeds=1))
        kind = "atom" if self.newsroom.feed == "atom" else "rss"
        return Answer(200, body, f"application/{kind}+xml; charset=utf-8", validators)

    def _page(self, path: str, releases: Mapping[str, Release]) -> Answer:
        others = [release for other, release in releases.items() if other != path][:_RELATED]
        html = pages.page(self.newsroom, releases[path], others, self.base)
        return Answer(200, html.encode(), "text/html; charset=utf-8")

    def _count(self, visit: Visits) -> None:
        with self._lock:
            self._visits += visit


def is_unchanged(headers: Mapping[str, str], validators: Mapping[str, str]) -> bool:
    """Whether a conditional request gets 304; the ETag decides where both are given (RFC 9110)."""
    if "if-none-match" in headers:
        asked = {tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")}
        return "*" in asked or validators["ETag"] in asked
    try:
        since = parsedate_to_datetime(headers["if-modified-since"])
        return parsedate_to_datetime(validators["Last-Modified"]) <= since
    except (KeyError, ValueError, TypeError):
        return False


class Press:
    """All publishers of the demonstration together."""

    def __init__(
        self, newsrooms: Iterable[Newsroom], now: Callable[[], datetime] = clock.now
    ) -> None:
        self._now = now
        self._running = ExitStack()
        self.publishers = {room.id: Publisher(room, now) for room in newsrooms}

    def start(self) -> None:
        for publisher in self.publishers.values():
            publisher.start()
            self._running.callback(publisher.stop)

    def stop(self) -> None:
        self._running.close()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def publish(self, releases: Iterable[Release]) -> None:
        for release in releases:
            self.publishers[release.article.newsroom].publish([release])

    def break_out(self, cues: Iterable[Cue], after: timedelta = timedelta(0)) -> datetime:
        """Sets the crisis to appear from `after` now on; returns the moment of its outbreak."""
        outbreak = self._now() + after
        moments = [(cue.article, outbreak + cue.after) for cue in cues]
        self.publish(Release(article, moment, moment) for article, moment in moments)
        return outbreak

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(publisher.address for publisher in self.publishers.values())

    @property
    def visits(self) -> Visits:
        return sum((p.visits for p in self.publishers.values()), Visits())

    @property
    def polled(self) -> int:
        """How many of the publishers have had their feed read."""
        return sum(publisher.visits.feeds > 0 for publisher in self.publishers.values())
