"""Hostile servers put into the four places where a crawl meets one: feed, page, robots, sitemap."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from harness.hostile import Behaviour, HostileServer
from harness.hostile_sites import NOW, Struck, lay, manners, source_of

from crawler.ports import PollOutcome
from crawler.run import crawl
from crawler.source import Source


@pytest.fixture
def server() -> Iterator[Callable[..., HostileServer]]:
    """Opens hostile servers, and closes them after the test."""
    opened: list[HostileServer] = []

    def open_one(*arguments: Any, **options: Any) -> HostileServer:
        opened.append(HostileServer(*arguments, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def strike(
    store: Any, server: Callable[..., HostileServer]
) -> Callable[..., tuple[dict[str, Struck], float]]:
    """Crawls one server a behaviour, all in one crawl; what came of each, and the seconds."""

    def run(
        where: str,
        behaviours: Mapping[str, Behaviour],
        **politeness: Any,
    ) -> tuple[dict[str, Struck], float]:
        servers = {name: lay(server(), where, b) for name, b in behaviours.items()}
        sources = [source_of(one, where, name) for name, one in servers.items()]
        started = time.monotonic()
        report = crawl(
            sources, [], store, store, manners(servers.values(), **politeness), lambda: NOW
        )
        took = time.monotonic() - started
        polls = {outcome.source: outcome for outcome in report.outcomes}
        return {
            name: Struck(
                one,
                polls[name],
                store.pages.get(one.url + "/a1"),
                [a for put in store.puts for a in put if a.source == name],
                where,
            )
            for name, one in servers.items()
        }, took

    return run


@pytest.fixture
def crawl_at(store: Any) -> Callable[..., PollOutcome]:
    """Polls one source at a moment that is so many hours after the first."""

    def run(
        source: Source, hours: float, *servers: HostileServer, **politeness: Any
    ) -> PollOutcome:
        moment = NOW + timedelta(hours=hours)
        report = crawl([source], [], store, store, manners(servers, **politeness), lambda: moment)
        return report.outcomes[0]

    return run


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Any]:
    """The whole way from the network into the tables, in this process, on SQLite."""
    from harness.pipeline import Pipeline  # the worker, which most of these tests do not need

    whole = Pipeline(tmp_path)
    yield whole
    whole.close()
