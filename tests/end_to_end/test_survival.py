"""What must not be lost: articles when workers die, order when everything is told to stop."""

import json
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from harness.service import Dyadwatch, processes_of, until, workers_of
from harness.stacks import Stack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

COUNT = 2000


def write_articles(path: Path, count: int = COUNT) -> Path:
    """Articles of our own, each with words of its own, about nothing that alerts."""
    now = datetime.now(UTC).isoformat()
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            record = {
                "id": f"a{number}",
                "url": f"https://newsroom{number % 40}.example/{number}",
                "title": f"Baku and Moscow talk about freight train number {number}",
                "text": f"Azerbaijan and Russia agreed on tariff {number}. " * 20,
                "published": now,
            }
            file.write(json.dumps(record) + "\n")
    return path


# One broker serves all stacks of its kind: these tests never run beside each other.
@pytest.mark.xdist_group("brokers")
def test_a_killed_worker_loses_and_doubles_nothing(installation: Dyadwatch, stack: Stack) -> None:
    installation.environ = stack.environ
    service = installation.start("run")
    until(lambda: workers_of(installation.home), 30, "the workers")
    path = write_articles(installation.home.parent / "articles.jsonl")
    queued = installation.command("ingest", "--no-wait", str(path))
    assert queued.returncode == 0, queued.stderr.decode()

    until(installation.stored, 60, "the first stored article")
    for process in workers_of(installation.home):
        process.kill()

    until(lambda: installation.stored() >= COUNT, 120, f"all {COUNT} articles")
    stored = installation.rows("articles")
    assert len(stored) == COUNT
    assert len({row["id"] for row in stored}) == COUNT
    assert service.poll() is None


def test_a_killed_service_goes_on_after_a_restart(installation: Dyadwatch) -> None:
    installation.start("run")
    until(lambda: workers_of(installation.home), 30, "the workers")
    path = write_articles(installation.home.parent / "articles.jsonl")
    assert installation.command("ingest", "--no-wait", str(path)).returncode == 0
    until(installation.stored, 60, "the first stored article")
    for process in processes_of(installation.home):
        process.kill()

    installation.start("run")
    until(lambda: installation.stored() >= COUNT, 120, f"all {COUNT} articles")
    assert len({row["id"] for row in installation.rows("articles")}) == COUNT


def test_a_killed_broker_is_started_again(installation: Dyadwatch) -> None:
    service = installation.start("run")
    until(lambda: len(workers_of(installation.home)) >= 4, 30, "the workers")
    path = write_articles(installation.home.parent / "articles.jsonl")
    assert installation.command("ingest", "--no-wait", str(path)).returncode == 0
    (broker,) = (
        p
        for p in processes_of(installation.home)
        if "server" in p.name() and p.ppid() == service.pid
    )
    broker.kill()
    until(lambda: installation.stored() >= COUNT, 90, f"all {COUNT} articles")
    assert len({row["id"] for row in installation.rows("articles")}) == COUNT
    assert service.poll() is None


def test_sigterm_ends_everything_in_time(installation: Dyadwatch) -> None:
    service = installation.start("run")
    until(lambda: len(workers_of(installation.home)) >= 4, 30, "the processes")
    path = write_articles(installation.home.parent / "articles.jsonl")
    assert installation.command("ingest", "--no-wait", str(path)).returncode == 0
    started = datetime.now(UTC)
    os.kill(service.pid, signal.SIGTERM)
    assert service.wait(15) == 0
    print(f"\nSIGTERM to the end: {(datetime.now(UTC) - started).total_seconds():.1f} s")
    assert processes_of(installation.home) == []


def test_children_end_with_a_killed_supervisor(installation: Dyadwatch) -> None:
    service = installation.start("run")
    until(lambda: len(workers_of(installation.home)) >= 4, 30, "the processes")
    service.kill()
    service.wait()
    until(lambda: not workers_of(installation.home), 30, "the workers to end")


def test_one_home_holds_one_service(installation: Dyadwatch) -> None:
    installation.start("run")
    until(lambda: workers_of(installation.home), 30, "the workers")
    second = installation.command("run")
    assert second.returncode == 1
    assert b"is in use by 'dyadwatch run'" in second.stderr
    assert b"Traceback" not in second.stderr
