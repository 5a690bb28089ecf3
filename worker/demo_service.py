"""The real service for the demonstration: `dyadwatch run` as a child process, and a look inside."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import func, select

from worker.demo.view import Tallies
from worker.settings import sqlite_url
from worker.storage.database import Database
from worker.storage.desk_tables import episodes
from worker.storage.tables import articles

_STOP_SECONDS = 20.0

#: Everything that is stored was classified in the same transaction.
_STORED = select(
    func.count(),
    func.count().filter(articles.c.relevant),
    func.count(articles.c.story.distinct()),
).select_from(articles)
_OPENED = select(func.count()).select_from(episodes)


class RunningService:
    """`dyadwatch run` in a home of its own; implements `worker.demo.view.DemoService`."""

    def __init__(self, home: Path, profile: Path, environ: Mapping[str, str]) -> None:
        home.mkdir(parents=True, exist_ok=True)
        ours = {k: v for k, v in os.environ.items() if not k.startswith("DYADWATCH_")}
        self._environ = {
            **ours,
            **environ,
            "DYADWATCH_HOME": str(home),
            "DYADWATCH_PROFILE": str(profile),
            "DYADWATCH_OCCASION": "demo",
        }
        self._log = home / "demo" / "service.log"
        self._database = Database(sqlite_url(home))
        self._process = self._command("run")
        self._backfill: subprocess.Popen[bytes] | None = None

    def backfill(self, path: Path) -> None:
        """Hand history over to the service; returns at once."""
        self._backfill = self._command("ingest", "--backfill", str(path))

    def tallies(self) -> Tallies:
        """What the database holds; zeros before there is one."""
        try:
            with self._database.read() as conn:
                stored, relevant, stories = conn.execute(_STORED).one()
                opened = conn.execute(_OPENED).scalar_one()
        except Exception:  # noqa: BLE001  before the first migration there is nothing to count
            return Tallies()
        return Tallies(stored, stored, relevant, stories, opened)

    def problem(self) -> str | None:
        """Why the demonstration cannot go on; None while it can."""
        if self._process.poll() is not None:
            return f"The service ended by itself; {self._log} says why."
        if self._backfill is not None and self._backfill.poll() not in (None, 0):
            return f"The history was not taken in; {self._log} says why."
        return None

    def stop(self) -> None:
        """End the service and wait for it."""
        for process in filter(None, (self._backfill, self._process)):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._database.dispose()

    def _command(self, *arguments: str) -> subprocess.Popen[bytes]:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603  our own interpreter and our own module
                [sys.executable, "-P", "-m", "worker", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environ,
                # Ctrl-C reaches the demonstration alone, which stops us in order.
                start_new_session=True,
            )


def start(home: Path, profile: Path, environ: Mapping[str, str]) -> RunningService:
    """Start the service; `backfill` may be called at once: it waits for the service's home."""
    return RunningService(home, profile, environ)
