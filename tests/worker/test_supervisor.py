"""The supervisor with real child processes: started, started again, stopped, never left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from harness.service import until

from worker.supervisor import Supervisor

#: Writes its process's number into the file of its name, and does as its name says.
CHILD = """
import os, signal, subprocess, sys, time
from pathlib import Path
name, home = sys.argv[1], Path(os.environ["TEST_HOME"])
if name == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if name == "parent":
    pool = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (home / "pool").write_text(str(pool.pid))
with (home / name).open("a") as file:
    file.write(f"{os.getpid()}\\n")
if name == "orphan":
    os.read(int(sys.argv[2]), 1)
    sys.exit(0)
time.sleep(60)
"""

FOREMAN = """
import os, sys, time
from worker.supervisor import Supervisor
with Supervisor(["orphan"], os.environ, print, command=[sys.executable, sys.argv[1]]):
    time.sleep(60)
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "child.py"
    path.write_text(CHILD)
    return path


def supervisor(script: Path, *names: str, patience: float = 5.0) -> tuple[Supervisor, list[str]]:
    told: list[str] = []
    environ = {**os.environ, "TEST_HOME": str(script.parent)}
    made = Supervisor(
        names, environ, told.append, command=[sys.executable, str(script)], patience=patience
    )
    return made, told


def pids(script: Path, name: str, count: int = 1) -> list[int]:
    """The numbers of the processes of this name so far, once there are so many."""

    def written() -> list[int]:
        path = script.with_name(name)
        lines = path.read_text().split() if path.exists() else []
        return [int(line) for line in lines] if len(lines) >= count else []

    numbers: list[int] = until(written, 20, f"{count} processes called {name}")
    return numbers


def ended(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_all_run_at_once_and_none_is_left(script: Path) -> None:
    watched, told = supervisor(script, "one", "two")
    with watched:
        children = pids(script, "one") + pids(script, "two")
        assert not any(ended(pid) for pid in children)
        watched.check()
    assert all(ended(pid) for pid in children)
    assert told == []


def test_one_that_dies_is_started_again_after_a_pause(script: Path) -> None:
    watched, told = supervisor(script, "one", "two")
    with watched:
        (first,) = pids(script, "one")
        (other,) = pids(script, "two")
        os.kill(first, signal.SIGKILL)
        until(lambda: watched.check() or told, 10, "word of the death")
        assert told == ["The one process ended (signal 9); starting it again."]
        watched.check()
        assert len(pids(script, "one")) == 1  # the pause is not over
        time.sleep(0.6)
        watched.check()
        second = pids(script, "one", 2)[1]
        assert not ended(second) and pids(script, "two") == [other]


def test_what_a_dead_child_had_started_ends_with_it(script: Path) -> None:
    watched, told = supervisor(script, "parent")
    with watched:
        (parent,), (pool,) = pids(script, "parent"), pids(script, "pool")
        os.kill(parent, signal.SIGKILL)
        until(lambda: watched.check() or told, 10, "word of the death")
        until(lambda: ended(pool), 5, "the end of the pool's process")


def test_one_that_will_not_stop_is_ended_by_force(script: Path) -> None:
    watched, _ = supervisor(script, "stubborn", "one", patience=1.0)
    with watched:
        children = pids(script, "stubborn") + pids(script, "one")
        begun = time.monotonic()
    assert time.monotonic() - begun < 4
    assert all(ended(pid) for pid in children)


def test_a_command_that_cannot_be_started_leaves_nothing_behind(script: Path) -> None:
    watched, _ = supervisor(script, "one")
    watched.command = [str(script.with_name("missing"))]
    with pytest.raises(FileNotFoundError), watched:
        pytest.fail("it cannot have started")
    assert watched._pipe is None


def test_the_pipe_tells_children_that_their_supervisor_was_killed(script: Path) -> None:
    foreman = subprocess.Popen(
        [sys.executable, "-P", "-c", FOREMAN, str(script)],
        env={**os.environ, "TEST_HOME": str(script.parent)},
    )
    (orphan,) = pids(script, "orphan")
    foreman.kill()
    foreman.wait()
    until(lambda: ended(orphan), 10, "the orphan's end")
