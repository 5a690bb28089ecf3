"""Several processes crawl at once, as machines of one installation do: one host, one visitor."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.settings import Politeness
from crawler.urls import host_of
from worker import clock, leases
from worker.storage.database import Database
from worker.storage.hosts import lease_hosts, leased_hosts, release_hosts

RIVAL = Path(__file__).with_name("crawl_rival.py")
ROOT = Path(__file__).parents[2]
ROBOTS = "/robots.txt"
SECOND = timedelta(seconds=1)
#: Two processes take a moment to be told of each other's end.
DELAY = Politeness().delay - 0.05


@dataclass
class Publisher:
    """A server that notes when each request began and ended. `/hang` answers when all is over."""

    visits: list[tuple[float, float, str]] = field(default_factory=list)
    hanging: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                began = time.monotonic()
                publisher.answer(self)
                publisher.visits.append((began, time.monotonic(), self.path))

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        if asked.path == "/hang":
            self.hanging.set()
            self.over.wait(60)
            return
        known = asked.path != ROBOTS
        body = self.feed(asked.path).encode() if known else b""
        self.over.wait(0.1)
        asked.send_response(200 if known else 404)
        asked.send_header("Content-Type", "application/rss+xml")
        asked.send_header("Content-Length", str(len(body)))
        asked.end_headers()
        asked.wfile.write(body)

    def feed(self, path: str) -> str:
        link = f"http://127.0.0.1:{self.port}{path}/{len(self.visits)}"
        return (
            f"<rss version='2.0'><channel><title>{path}</title><item><title>The bridge at {path} "
            f"is closed until Monday</title><link>{link}</link></item></channel></rss>"
        )

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    made = Publisher()
    yield made
    made.close()


def crawling(
    database: Database, home: Path, publisher: Publisher, seconds: float, *paths: str
) -> subprocess.Popen[str]:
    path = os.pathsep.join(str(one) for one in (ROOT, ROOT / "tests", RIVAL.parent / "storage"))
    arguments = [database.url, str(home), str(publisher.port), str(seconds), *paths]
    return subprocess.Popen(
        [sys.executable, str(RIVAL), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path},
    )


def test_two_machines_never_visit_a_host_at_once_nor_one_right_after_the_other(
    database: Database, tmp_path: Path, publisher: Publisher
) -> None:
    # Both are told to read the same two feeds, and their pages, again and again.
    machines = [crawling(database, tmp_path, publisher, 14, "/a.xml", "/b.xml") for _ in range(2)]
    said = [machine.communicate(timeout=90)[0].split() for machine in machines]
    assert [machine.returncode for machine in machines] == [0, 0]
    for told in said:
        assert told[0] == "ready"
    assert sum(int(told) for machine in said for told in machine[1:]) >= 2
    visits = sorted(publisher.visits)
    assert len(visits) >= 4
    assert all(then[0] > before[1] for before, then in pairwise(visits)), "two at once"
    # What comes right after robots.txt is what it was asked for.
    starts = [then[0] - before[0] for before, then in pairwise(visits) if before[2] != ROBOTS]
    assert min(starts) >= DELAY, starts


def test_a_crawl_that_is_killed_leaves_its_hosts_free_within_half_a_minute(
    database: Database, tmp_path: Path, publisher: Publisher
) -> None:
    host = host_of(f"http://127.0.0.1:{publisher.port}/hang")
    victim = crawling(database, tmp_path, publisher, 5, "/hang")
    assert publisher.hanging.wait(60)
    now = clock.now()
    assert leased_hosts(database, now) == {host}
    assert lease_hosts(database, [host], "another", now + 60 * SECOND, now) == frozenset()
    victim.kill()
    victim.communicate()
    soon = clock.now() + leases.LASTS + SECOND
    assert lease_hosts(database, [host], "another", soon + 60 * SECOND, soon) == {host}


def test_a_lease_is_renewed_for_as_long_as_the_crawl_runs(database: Database) -> None:
    began = clock.now()
    lease_hosts(database, ["a.example"], "me", began + 5 * SECOND, began)
    with leases.kept_alive(database, "me", every=0.05):
        deadline = time.monotonic() + 20
        while not leased_hosts(database, began + 20 * SECOND) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert leased_hosts(database, began + 20 * SECOND) == {"a.example"}
    release_hosts(database, "me", clock.now())
    assert leased_hosts(database, clock.now()) == frozenset()
