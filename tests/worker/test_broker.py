"""The embedded broker, for real: it starts, keeps what is queued, is taken over, and stops."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from worker.broker import BrokerUnavailable, EmbeddedBroker


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[EmbeddedBroker]:
    broker = EmbeddedBroker(tmp_path / "a home")
    yield broker
    broker.stop()


def client(broker: EmbeddedBroker) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(broker.socket), decode_responses=True)


def test_it_starts_once_and_stops(broker: EmbeddedBroker) -> None:
    assert not broker.answers()
    broker.start()
    broker.start()
    assert broker.answers()
    assert client(broker).config_get("appendonly") == {"appendonly": "yes"}
    assert broker.socket.parent.stat().st_mode & 0o077 == 0
    broker.stop()
    assert not broker.answers()


def test_what_is_queued_outlives_a_stop(broker: EmbeddedBroker) -> None:
    broker.start()
    client(broker).rpush("queue", "task")
    broker.stop()
    broker.start()
    assert client(broker).lrange("queue", 0, -1) == ["task"]


def test_the_next_start_takes_over_an_orphan(broker: EmbeddedBroker) -> None:
    script = (
        "import sys, time; from pathlib import Path; from worker.broker import EmbeddedBroker\n"
        "EmbeddedBroker(Path(sys.argv[1])).start(); print('up', flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(broker.directory.parent)], stdout=subprocess.PIPE
    )
    assert parent.stdout is not None and parent.stdout.readline() == b"up\n"
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert broker.answers()
    broker.start()
    broker.stop()
    assert not broker.answers()


def server_of(broker: EmbeddedBroker) -> int:
    return int(client(broker).info("server")["process_id"])


def test_a_killed_server_is_known_to_have_ended_and_starts_again(broker: EmbeddedBroker) -> None:
    assert broker.ended()
    broker.start()
    assert not broker.ended()
    os.kill(server_of(broker), signal.SIGKILL)
    until_ended(broker)
    broker.start()
    assert broker.answers() and not broker.ended()


def test_an_orphan_that_was_taken_over_and_killed_has_ended(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    broker.start()
    later = EmbeddedBroker(tmp_path / "a home")
    later.start()
    os.kill(server_of(broker), signal.SIGKILL)
    until_ended(broker)
    assert later.ended()


def test_a_server_that_is_only_slow_gets_no_rival(broker: EmbeddedBroker, tmp_path: Path) -> None:
    broker.start()
    pid = server_of(broker)
    os.kill(pid, signal.SIGSTOP)
    wake = threading.Timer(4, os.kill, (pid, signal.SIGCONT))
    wake.start()
    later = EmbeddedBroker(tmp_path / "a home")
    assert not later.ended()
    later.start()
    wake.join()
    assert server_of(later) == pid


def test_a_spoiled_file_is_set_aside(broker: EmbeddedBroker) -> None:
    broker.start()
    for number in range(50):
        client(broker).rpush("queue", f"task {number}")
    broker.stop()
    (file,) = (broker.directory / "appendonlydir").glob("*.incr.aof")
    content = file.read_bytes()
    file.write_bytes(content[:200] + b"nonsense" * 20 + content[400:])
    broker.start()
    assert client(broker).llen("queue") == 0
    assert (broker.directory / "appendonlydir.unreadable" / file.name).exists()


def until_ended(broker: EmbeddedBroker) -> None:
    deadline = time.monotonic() + 5
    while not broker.ended() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert broker.ended()


def test_a_long_home_gets_a_short_socket(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path / ("x" * 120))
    broker.start()
    try:
        assert broker.answers()
        assert len(str(broker.socket)) <= 100
    finally:
        broker.stop()


def test_a_server_in_the_directory_of_somebody_else_is_not_taken_over(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path / ("y" * 120))
    broker.start()
    try:
        try:
            os.lchown(broker.socket.parent, 12345, -1)
        except PermissionError:
            pytest.skip("only root can give a directory away")
        with pytest.raises(BrokerUnavailable, match="belongs to another user"):
            EmbeddedBroker(tmp_path / ("y" * 120)).start()
    finally:
        os.lchown(broker.socket.parent, os.getuid(), -1)
        broker.stop()
