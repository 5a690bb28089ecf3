"""A command that works for a while is told to stop: nothing that it started stays behind."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.service import Dyadwatch, processes_of, until

from worker import clock
from worker.storage.database import Database
from worker.storage.hosts import leased_hosts

PROFILE = "name: Slow\ndyad: [RUS, AZE]\nlanguages: [en]\nextends: russia_azerbaijan\n"
SOURCE = (
    "- {{id: slow, kind: feed, url: 'http://127.0.0.1:{port}/rss', name: Slow, newsroom: slow,"
    " country: AZ, stance: official, language: en}}\n"
)


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(60)
        yield listening


@pytest.fixture
def waiting(installation: Dyadwatch, tmp_path: Path, silent: socket.socket) -> Dyadwatch:
    """An installation whose only source is that server."""
    port = silent.getsockname()[1]
    profile = tmp_path / "profile"
    (profile / "sources").mkdir(parents=True)
    (profile / "profile.yaml").write_text(PROFILE)
    (profile / "sources" / "slow.yaml").write_text(SOURCE.format(port=port))
    installation.environ["DYADWATCH_PROFILE"] = str(profile)
    installation.environ["DYADWATCH_ALLOWED_PRIVATE_HOSTS"] = f"127.0.0.1:{port}"
    return installation


@pytest.mark.slow
def test_a_single_round_that_is_terminated_leaves_nothing_behind(
    waiting: Dyadwatch, silent: socket.socket
) -> None:
    process = waiting.start("run", "--once")
    connection, _ = silent.accept()  # the crawl has begun, and waits for us
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 128 + signal.SIGTERM
    until(lambda: not processes_of(waiting.home), 5, "the end of every process")
    connection.close()
    database = Database(f"sqlite:///{waiting.home / 'dyadwatch.db'}")
    assert leased_hosts(database, clock.now()) == frozenset()
    database.dispose()
