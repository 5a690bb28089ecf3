"""A press whose feeds follow a simulated clock, and which notes who asks for what."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Literal

from harness.quick_server import answer, header

from crawler.source import Source

Fault = Literal["", "500", "404", "html", "reset", "outage", "retry-after", "frozen"]
Validator = Literal["etag", "modified", "none"]
XML = b"text/xml; charset=utf-8"
#: A server that is asked more often than this by a source of fault `retry-after` says 429.
PATIENCE = timedelta(minutes=20)


@dataclass
class SimulatedClock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Visit:
    """One request. `kind` is `robots`, `feed` or `page`."""

    at: datetime
    host: str
    source: str
    kind: str
    status: int


@dataclass
class Paper:
    """One source: its rhythm (articles a day), how many its feed shows, what is wrong with it."""

    id: str
    rate: float
    window: int
    validator: Validator
    fault: Fault
    dated: bool
    host: str = ""
    published: list[datetime] = field(default_factory=list)
    last_asked: datetime | None = None

    def visible(self, now: datetime) -> range:
        """The numbers of the articles in its feed, the oldest first."""
        count = sum(moment <= now for moment in self.published)
        return range(max(0, count - self.window), count)

    @property
    def works(self) -> bool:
        return self.fault in ("", "retry-after", "outage")

    @property
    def url(self) -> str:
        return f"http://{self.host}/{self.id}/rss"

    def link(self, number: int) -> str:
        return f"http://{self.host}/{self.id}/{number}"


def papers(count: int, start: datetime, days: float, seed: int = 7) -> list[Paper]:
    """A press like the real one: most are quiet, a few publish 300 a day, some are broken."""
    dice = random.Random(seed)
    faults: list[Fault] = [
        *["500"] * 8, *["404"] * 4, *["html"] * 3, *["reset"] * 3, *["outage"] * 6,
        *["retry-after"] * 8, *["frozen"] * 4,
    ]  # fmt: skip
    made = []
    for n in range(count):
        rate = min(300.0, max(1.0, dice.lognormvariate(2.9, 1.3)))
        paper = Paper(
            id=f"s{n:03d}",
            rate=rate,
            window=dice.choice((10, 15, 20, 20, 25, 30, 50)),
            validator=dice.choices(("etag", "modified", "none"), (45, 20, 35))[0],  # type: ignore[arg-type]
            fault=faults[n // 7] if n % 7 == 3 and n // 7 < len(faults) else "",
            dated=dice.random() > 0.04,
        )
        paper.published = _moments(dice, paper, start, days)
        made.append(paper)
    return made


def _moments(dice: random.Random, paper: Paper, start: datetime, days: float) -> list[datetime]:
    """When it publishes: at random, with a night's lull and a busy morning, local time UTC+4; some
    of it in bursts. A day before the start, so that its feed is full then."""
    moments = []
    at, end = start - timedelta(days=2), start + timedelta(days=days)
    while at < end and paper.fault != "frozen":
        busiest = paper.rate * 1.9
        at += timedelta(days=dice.expovariate(busiest))
        local = (at.hour + 4) % 24
        share = 0.12 if local < 6 else 1.0 if local < 9 or local >= 21 else 1.6
        if dice.random() < share / 1.9:
            moments.append(at)
            if dice.random() < 0.08:  # a round-up: several at once
                moments += [at] * dice.randint(1, 3)
    if paper.fault == "frozen":
        moments = [start - timedelta(days=30, hours=n) for n in range(10, 0, -1)]
    return sorted(m for m in moments if m < end)


class Press:
    """Answers for all papers, at the clock's time, and notes every visit."""

    def __init__(self, made: Sequence[Paper], clock: SimulatedClock, start: datetime) -> None:
        self.papers = {paper.id: paper for paper in made}
        self.visits: list[Visit] = []
        self._clock, self._start = clock, start
        self._outage = (start + timedelta(hours=11), start + timedelta(hours=14))

    def settle(self, hosts: Sequence[str]) -> None:
        """Give every paper a host: every eighth group of five shares one, the others have their
        own."""
        left = list(hosts)
        shared = ""
        for n, paper in enumerate(self.papers.values()):
            if n % 40 < 5:
                shared = left.pop() if n % 40 == 0 else shared
                paper.host = shared
            else:
                paper.host = left.pop()

    def sources(self) -> list[Source]:
        return [Source(p.id, "feed", p.url, p.id, p.id) for p in self.papers.values()]

    def respond(self, host: str, path: str, head: bytes) -> bytes:
        if path == "/robots.txt":
            self._note(host, "", "robots", 200)
            return answer(b"User-agent: *\nDisallow: /admin\n", b"text/plain")
        _, id, name = path.split("/", 2)
        paper = self.papers[id]
        if name != "rss":
            # The archive is gone: to read all of it at once takes minutes, and tells nothing.
            old = paper.published[int(name)] < self._start
            self._note(host, id, "page", 410 if old else 200)
            return answer(b"", status=410) if old else answer(_page(paper, int(name)))
        status, body, more = self._feed(paper, head)
        self._note(host, id, "feed", status)
        return b"" if status == 0 else answer(body, XML, status, more)

    def _note(self, host: str, source: str, kind: str, status: int) -> None:
        self.visits.append(Visit(self._clock.now, host, source, kind, status))

    def _feed(self, paper: Paper, head: bytes) -> tuple[int, bytes, bytes]:
        now = self._clock.now
        before, paper.last_asked = paper.last_asked, now
        match paper.fault:
            case "500" | "404":
                return int(paper.fault), b"", b""
            case "reset":
                return 0, b"", b""
            case "html":
                return 200, b"<html><body>We have moved.</body></html>", b""
            case "outage" if self._outage[0] <= now < self._outage[1]:
                return 503, b"", b""
            case "retry-after" if before and now - before < PATIENCE:
                return 429, b"", b"Retry-After: 1800\r\n"
        return self._good(paper, now, head)

    def _good(self, paper: Paper, now: datetime, head: bytes) -> tuple[int, bytes, bytes]:
        shown = paper.visible(now)
        newest = paper.published[shown[-1]] if shown else now - timedelta(days=30)
        etag = hashlib.sha256(f"{paper.id} {shown}".encode()).hexdigest()[:16]
        modified = format_datetime(newest.replace(microsecond=0).astimezone(UTC), usegmt=True)
        more = b""
        if paper.validator == "etag":
            if header(head, b"If-None-Match") == f'"{etag}"':
                return 304, b"", b""
            more = f'ETag: "{etag}"\r\n'.encode()
        elif paper.validator == "modified":
            if header(head, b"If-Modified-Since") == modified:
                return 304, b"", b""
            more = f"Last-Modified: {modified}\r\n".encode()
        return 200, _feed(paper, shown), more


def _feed(paper: Paper, shown: range) -> bytes:
    items = "".join(
        f"<item><title>{paper.id} reports item {n} of its day</title><link>{paper.link(n)}</link>"
        + (f"<pubDate>{format_datetime(paper.published[n])}</pubDate>" if paper.dated else "")
        + f"<description>What {paper.id} says about number {n}, in short.</description></item>"
        for n in reversed(shown)
    )
    return f'<rss version="2.0"><channel><title>{paper.id}</title>{items}</channel></rss>'.encode()


def _page(paper: Paper, number: int) -> bytes:
    text = f"<p>The harbour council heard report {number} of {paper.id} on Friday morning.</p>" * 8
    title = f"{paper.id} reports item {number} of its day"
    return (
        f'<html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>'
        f"{text}</article></body></html>"
    ).encode()
