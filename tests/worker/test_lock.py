"""The home's lock: who holds it, who must wait, and who is told so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from worker.lock import HomeInUse, held_for, hold

HOLDER = (
    "import sys; from pathlib import Path; from worker.lock import hold\n"
    "with hold(Path(sys.argv[1]), sys.argv[2]): print('held', flush=True); sys.stdin.read()"
)


def another_process(home: Path, purpose: str) -> "subprocess.Popen[bytes]":
    """A process that holds the home until its standard input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", HOLDER, str(home), purpose],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stdout.readline() == b"held\n"
    return process


def test_a_home_that_nobody_holds_is_free_before_and_after(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert held_for(home) is None
    with hold(home, "run"):
        assert held_for(home) == "run"
    assert held_for(home) is None
    assert home.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("purpose", ["run", "run --once", "ingest"])
def test_the_holder_is_told_by_its_whole_purpose_and_its_process(
    tmp_path: Path, purpose: str
) -> None:
    holder = another_process(tmp_path, purpose)
    try:
        assert held_for(tmp_path) == purpose
        told = rf"'dyadwatch {purpose}' \(process {holder.pid}\)"
        with pytest.raises(HomeInUse, match=told), hold(tmp_path, "crawl"):
            pytest.fail("two held one home")
    finally:
        holder.communicate()


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    holder = another_process(tmp_path, "run")
    holder.kill()
    holder.communicate()
    with hold(tmp_path, "run"):
        assert (tmp_path / "run.lock").read_text() == f"run {os.getpid()}"


def test_whoever_waits_gets_the_home_when_its_holder_ends(tmp_path: Path) -> None:
    holder = another_process(tmp_path, "ingest")
    asked: list[str] = []

    def wait_for(told: str) -> bool:
        if not asked:
            assert holder.stdin is not None
            holder.stdin.close()
        asked.append(told)
        return True

    with hold(tmp_path, "run", wait_for):
        assert asked[0] == f"'dyadwatch ingest' (process {holder.pid})"
    holder.wait()
