"""The whole service for tests: real processes, a home of its own, loopback only."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from worker.storage.database import Database
from worker.storage.tables import articles

_STOP_SECONDS = 20.0


@dataclass
class Dyadwatch:
    """One installation: its home, its environment, and the commands that are run in it."""

    home: Path
    environ: dict[str, str] = field(default_factory=dict)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def command(
        self, *arguments: str, stdin: bytes | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run one command to its end."""
        return subprocess.run(
            [sys.executable, "-P", "-m", "worker", *arguments],
            env=self._environment(),
            input=stdin,
            capture_output=True,
            timeout=100,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one command and go on; it is ended with the test."""
        log = (self.home / "test.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "worker", *arguments],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        self.running.append(process)
        return process

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        """The rows that a listing command prints."""
        listed = self.command(*arguments, "--format", "jsonl")
        assert listed.returncode == 0, listed.stderr.decode()
        return [json.loads(line) for line in listed.stdout.splitlines()]

    def stored(self) -> int:
        """How many articles are stored: a look that costs the workers nothing."""
        url = self.environ.get("DYADWATCH_DATABASE_URL", f"sqlite:///{self.home / 'dyadwatch.db'}")
        database = Database(url)
        try:
            with database.read() as conn:
                return int(conn.execute(select(func.count()).select_from(articles)).scalar_one())
        except DBAPIError:  # before the first migration
            return 0
        finally:
            database.dispose()

    def log(self) -> str:
        """What the started commands have said so far."""
        path = self.home / "test.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def stop(self) -> None:
        """End what was started, kindly; whatever is left afterwards is ended by force."""
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for left in processes_of(self.home):
            left.kill()

    def _environment(self) -> Mapping[str, str]:
        ours = {k: v for k, v in os.environ.items() if not k.startswith("DYADWATCH_")}
        return {**ours, "DYADWATCH_HOME": str(self.home), **self.environ}


def processes_of(home: Path) -> list[psutil.Process]:
    """Every process of the service in this home: workers know it by environment, the broker by
    its arguments."""
    found = []
    for process in psutil.process_iter():
        try:
            ours = process.environ().get("DYADWATCH_HOME") == str(home)
            if ours or any(str(home) in part for part in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return [p for p in found if p.pid != os.getpid() and p.status() != psutil.STATUS_ZOMBIE]


def workers_of(home: Path) -> list[psutil.Process]:
    """The processes of the service in this home that do its work."""
    return [p for p in processes_of(home) if "worker.processes" in p.cmdline()]


def until(seen: Callable[[], Any], seconds: float, what: str) -> Any:
    """The first true answer of `seen`; a failure that says what did not come."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = seen()
        if answer:
            return answer
        time.sleep(0.2)
    pytest.fail(f"Waited {seconds:g} s for {what}.")


def reachable(port: int) -> bool:
    """Whether something listens on this port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
