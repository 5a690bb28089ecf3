"""Being told to stop while everything is still being imported."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from worker.entry import exit_status


@pytest.mark.parametrize("slow", ["worker.cli", "worker.service"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_an_early_stop_is_a_stop(tmp_path: Path, number: int, slow: str) -> None:
    script = (
        "import sys, os; sys.argv = ['dyadwatch', 'run']\n"
        "import worker.entry as entry\n"
        "class Slow:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {slow!r}:\n"
        "            print('importing', flush=True)\n"
        "            import time; time.sleep(30)\n"
        "sys.meta_path.insert(0, Slow())\n"
        "entry.main()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", script],
        env={**os.environ, "DYADWATCH_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stdout.readline() == b"importing\n"
    began = time.monotonic()
    process.send_signal(number)
    time.sleep(0.05)
    process.send_signal(number)
    try:
        _, said = process.communicate(timeout=10)
    finally:  # one that did not hear it would go on to serve
        process.kill()
    assert process.returncode == 0
    assert time.monotonic() - began < 5
    assert said == b""


def test_only_the_endless_command_ends_well_when_it_is_stopped() -> None:
    assert exit_status(["run"], signal.SIGTERM) == 0
    assert exit_status(["run", "--once"], signal.SIGTERM) == 143
    assert exit_status(["ingest", "a.jsonl"], signal.SIGINT) == 130
