"""The processes of one machine: started in order, started again when they die, stopped in order."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType

#: What runs the process of a name, which follows, and the descriptor of the pipe.
PROCESSES = (sys.executable, "-P", "-m", "worker.processes")
#: A worker's soft shutdown takes up to 6 s; the whole stop must be done within 15 s.
_STOP_SECONDS = 8.0
_LONGEST_BACKOFF = 30.0
#: A process that lived this long was healthy: its next death starts the back-off anew.
_HEALTHY_SECONDS = 60.0


@dataclass
class _Child:
    name: str
    process: subprocess.Popen[bytes]
    started: float
    deaths: int = 0
    start_again_at: float | None = None


@dataclass
class Supervisor:
    """Runs `command NAME DESCRIPTOR` for each name; a context manager that cleans up.

    `say` takes sentences for the person who watches. Children get `environ`, a session of their
    own (so that Ctrl-C reaches the supervisor alone), and the reading end of a pipe whose other
    end dies with the supervisor. Stopping them takes `patience` seconds at most, and then force.
    """

    names: Sequence[str]
    environ: Mapping[str, str]
    say: Callable[[str], None]
    command: Sequence[str] = PROCESSES
    patience: float = _STOP_SECONDS
    _children: dict[str, _Child] = field(default_factory=dict)
    _pipe: tuple[int, int] | None = None

    def __enter__(self) -> "Supervisor":
        self._pipe = os.pipe()
        try:
            for name in self.names:
                self._children[name] = _Child(name, self._start(name), time.monotonic())
        except OSError:
            self.stop()  # `__exit__` is for those who entered
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def check(self) -> None:
        """Start again what has died; call it about once a second."""
        for child in self._children.values():
            status = child.process.poll()
            if status is None:
                continue
            now = time.monotonic()
            if child.start_again_at is None:
                lived = now - child.started
                child.deaths = 1 if lived > _HEALTHY_SECONDS else child.deaths + 1
                pause = min(0.5 * 2 ** (child.deaths - 1), _LONGEST_BACKOFF)
                child.start_again_at = now + pause
                _kill_group(child.process)
                self.say(f"The {child.name} process ended ({_told(status)}); starting it again.")
            elif now >= child.start_again_at:
                child.process = self._start(child.name)
                child.started, child.start_again_at = now, None

    def stop(self) -> None:
        """End every child: kindly, then by force; returns when none is left."""
        for child in self._children.values():
            with contextlib.suppress(ProcessLookupError):
                child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + self.patience
        for child in self._children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            _kill_group(child.process)
            child.process.wait()
        self._children.clear()
        if self._pipe is not None:
            for descriptor in self._pipe:
                os.close(descriptor)
            self._pipe = None

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        assert self._pipe is not None, "a supervisor is entered before it starts anything"  # noqa: S101
        reading = self._pipe[0]
        return subprocess.Popen(  # noqa: S603  our own interpreter and our own module
            [*self.command, name, str(reading)],
            stdin=subprocess.DEVNULL,
            # Celery talks there about Ctrl-C, which is not its business here; logs go to stderr.
            stdout=subprocess.DEVNULL,
            env=dict(self.environ),
            pass_fds=(reading,),
            start_new_session=True,
        )


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left of a child's session: pool processes outlive a killed parent."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _told(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"
