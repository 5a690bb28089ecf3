"""Publishers on loopback, and a sink with a memory that really works."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from crawler.article import Article
from crawler.ports import (
    FeedValidators,
    Novelty,
    PageOutcome,
    PageTask,
    PollOutcome,
    RobotsAnswer,
)
from crawler.run import CrawlReport, crawl
from crawler.settings import Politeness
from crawler.source import Source

NOW = datetime(2025, 6, 28, 12, 0, tzinfo=UTC)


@dataclass
class Answer:
    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0  # seconds before each byte of the body


class Publisher:
    """A web server on loopback: what each path answers, and who asked for it when."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = {}
        self.hits: list[tuple[str, float]] = []
        self.headers: list[dict[str, str]] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                publisher.serve(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """A crawler that hangs up is what many of these tests want."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.authority = f"127.0.0.1:{self._server.server_port}"
        self.url = f"{'https' if tls else 'http'}://{self.authority}"

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        self.hits.append((handler.path, time.monotonic()))
        self.headers.append(dict(handler.headers.items()))
        answer = self.answers.get(handler.path, Answer(status=404))
        if callable(answer):
            answer = answer(self.headers[-1])
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        try:
            if not answer.drip:
                handler.wfile.write(body)
                return
            for byte in body:
                time.sleep(answer.drip)
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
        except OSError:
            handler.close_connection = True

    def paths(self) -> list[str]:
        return [path for path, _ in self.hits]

    def feed(self, path: str, *entries: dict[str, str], **answer: Any) -> None:
        items = "".join(
            "<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in entry.items()) + "</item>"
            for entry in entries
        )
        xml = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
        self.answers[path] = Answer(xml, headers={"Content-Type": "text/xml"}, **answer)

    def page(self, path: str, title: str, *paragraphs: str) -> None:
        words = (
            paragraphs or (f"The report about {title} says what was seen by witnesses. " * 4,) * 3
        )
        body = "".join(f"<p>{p}</p>" for p in words)
        self.answers[path] = Answer(
            f'<html lang="en"><head><title>{title} | Paper</title></head>'
            f"<body><article><h1>{title}</h1>{body}</article></body></html>",
            headers={"Content-Type": "text/html; charset=utf-8"},
        )

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Store:
    """Sink and memory in one, as a database would be; insists on being used from one thread."""

    def __init__(self) -> None:
        self.puts: list[list[Article]] = []
        self.seen: set[str] = set()
        self.titles: dict[str, tuple[str, str]] = {}
        self.kept_validators: dict[tuple[str, str], FeedValidators] = {}
        self.kept_robots: dict[str, RobotsAnswer] = {}
        self.outcomes: list[PollOutcome] = []
        self.pages: dict[str, PageOutcome] = {}
        self.away = False
        self.threads: set[int] = set()

    def put(self, articles: Sequence[Article]) -> None:
        self.threads.add(threading.get_ident())
        self.puts.append(list(articles))
        for article in articles:
            self.seen.update((article.canonical_url, *article.aliases))
            if article.stage == "feed":
                self.titles[article.canonical_url] = (article.source, article.title)

    def validators(self, source: str, url: str) -> FeedValidators:
        self.threads.add(threading.get_ident())
        return self.kept_validators.get((source, url), FeedValidators())

    def novelty(self, source: str, titles: Mapping[str, str]) -> Mapping[str, Novelty]:
        self.threads.add(threading.get_ident())
        found: dict[str, Novelty] = {}
        for url, title in titles.items():
            if url not in self.seen:
                found[url] = "new"
            elif (known := self.titles.get(url)) and known[0] == source and known[1] != title:
                found[url] = "changed"
        return found

    def was_away(self, source: str, now: datetime) -> bool:
        return self.away

    def polled(self, outcome: PollOutcome) -> None:
        self.threads.add(threading.get_ident())
        self.outcomes.append(outcome)
        for url, validators in (outcome.validators or {}).items():
            self.kept_validators[outcome.source, url] = validators

    def page_read(self, outcome: PageOutcome) -> None:
        self.pages[outcome.canonical_url] = outcome

    def robots(self, server: str) -> RobotsAnswer | None:
        return self.kept_robots.get(server)

    def keep_robots(self, server: str, answer: RobotsAnswer) -> None:
        self.kept_robots[server] = answer

    def articles(self, stage: str) -> list[Article]:
        return [a for put in self.puts for a in put if a.stage == stage]


@pytest.fixture
def publish() -> Iterator[Callable[..., Publisher]]:
    """Opens publishers, and closes them after the test."""
    opened: list[Publisher] = []

    def open_one(tls: ssl.SSLContext | None = None) -> Publisher:
        opened.append(Publisher(tls))
        return opened[-1]

    yield open_one
    for publisher in opened:
        publisher.close()


@pytest.fixture
def publisher(publish: Callable[[], Publisher]) -> Publisher:
    return publish()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def run(store: Store) -> Callable[..., CrawlReport]:
    """Crawls publishers (their loopback addresses allowed) into the store."""

    def run_crawl(
        *sources: Source,
        allow: Sequence[Publisher] = (),
        pages: Sequence[PageTask] = (),
        since: datetime | None = None,
        hosts: Sequence[str] | None = None,
        **politeness: Any,
    ) -> CrawlReport:
        manners = Politeness(
            **{
                "delay": 0.05,
                "timeout": 5.0,
                "budget": 30.0,
                "allowed_private_hosts": frozenset(p.authority for p in allow),
                **politeness,
            }
        )
        return crawl(sources, pages, store, store, manners, lambda: NOW, since, hosts)

    return run_crawl


@pytest.fixture
def answer() -> type[Answer]:
    return Answer


@pytest.fixture
def source() -> Callable[..., Source]:
    def make(url: str, id: str = "paper", kind: Any = "feed", **rest: Any) -> Source:
        return Source(id=id, kind=kind, url=url, name=id, newsroom=f"{id}-house", **rest)

    return make


@pytest.fixture
def feed_article() -> Callable[..., Article]:
    def make(published: Any) -> Article:
        return Article(
            url="https://paper.example/news/7",
            canonical_url="https://paper.example/news/7",
            source="paper",
            newsroom="paper-house",
            fetched=NOW,
            title="From the feed",
            published=published,
            published_from="feed",
            stage="feed",
        )

    return make
