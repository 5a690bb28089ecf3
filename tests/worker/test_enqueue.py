"""Telling the workers: a broker that is away costs one try, not one for each batch."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

from crawler.article import Article
from worker.bootstrap import Services, build
from worker.broker import EmbeddedBroker
from worker.ingest import InboxSink, enqueue_all, send
from worker.settings import read_settings


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    services = build(read_settings({"DYADWATCH_HOME": str(tmp_path)}))
    services.database.upgrade()
    yield services
    services.celery.close()


def test_a_broker_that_is_away_is_asked_once(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    assert enqueue_all(services, [[1], [2], [3]]) == "broker_away"
    assert len([r for r in caplog.records if r.name == "worker.ingest"]) == 1


def test_a_sink_leaves_a_broker_that_is_away_alone(services: Services) -> None:
    sink = InboxSink(services, "ingest")
    article = Article(
        url="https://a.example/1",
        canonical_url="https://a.example/1",
        source="a",
        newsroom="a",
        title="Something",
        fetched=datetime.now(UTC),
    )
    sink.put([article])
    began = time.monotonic()
    sink.put([article])
    assert time.monotonic() - began < 1
    assert len(sink.taken) == 2


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_a_broker_that_hangs_is_given_up_and_taken_again(services: Services) -> None:
    broker = EmbeddedBroker(services.settings.home)
    broker.start()
    try:
        assert send(services, "dyadwatch.nothing") == "sent"
        pid = int(redis.Redis(unix_socket_path=str(broker.socket)).info("server")["process_id"])
        os.kill(pid, signal.SIGSTOP)
        assert send(services, "dyadwatch.nothing") == "broker_away"
        os.kill(pid, signal.SIGCONT)
        assert send(services, "dyadwatch.nothing") == "sent"
    finally:
        broker.stop()
