"""One service for each home: a lock file that says who holds it, and lets go when they die.

HomeInUse   somebody else holds the home; the message names the process
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from worker.trouble import Trouble

_MOMENT = 0.5


class HomeInUse(Trouble):
    """The home is held by another process; the message names it."""


@contextmanager
def hold(
    home: Path, purpose: str, wait_for: Callable[[str], bool] = lambda _holder: False
) -> Iterator[None]:
    """Hold the home for `purpose` (a command's name) while the block runs.

    When somebody holds it, `wait_for` is asked now and then whether to go on waiting for
    that holder, else it is a `HomeInUse`. The kernel drops the lock when the process ends,
    however it ends.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / "run.lock").open("a+", encoding="utf-8") as file:
        first_try = time.monotonic()
        while not _taken(file):
            holder = _holder(file)
            # Whoever only asks (`held_for`) has the lock for a moment.
            if time.monotonic() - first_try > _MOMENT and not wait_for(holder):
                raise HomeInUse(
                    f"{home} is in use by {holder}: stop it first, "
                    "or set DYADWATCH_HOME to another directory."
                )
            time.sleep(0.2)
        file.truncate(0)
        file.write(f"{purpose} {os.getpid()}")
        file.flush()
        yield
        file.truncate(0)


def held_for(home: Path) -> str | None:
    """The purpose for which the home is held right now, or None when nobody holds it."""
    path = home / "run.lock"
    if not path.exists():
        return None
    with path.open("a+", encoding="utf-8") as file:
        if _taken(file):
            return None
        file.seek(0)
        return file.read().rpartition(" ")[0] or "another command"


def _taken(file: TextIO) -> bool:
    """Take the lock if it is free; it is given back when the file is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file: TextIO) -> str:
    file.seek(0)
    # A purpose may have more than one word: `run --once` is not `run`.
    purpose, _, pid = file.read().rpartition(" ")
    return f"'dyadwatch {purpose}' (process {pid})" if purpose else "another process"
