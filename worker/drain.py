"""Waiting until what was taken in is stored, with something to look at meanwhile."""

import time
from collections.abc import Callable, Collection

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from worker import clock, ingest
from worker.bootstrap import Services
from worker.output import err, say
from worker.storage import inbox

_LOOK_SECONDS = 0.2
#: Nothing at all moved for so long: whoever waits is told, and sees for themselves.
_STUCK_SECONDS = 60.0


def wait(services: Services, ids: Collection[int] | None, keep_alive: Callable[[], None]) -> int:
    """Wait until these inbox rows (None: all that are there now) are done or set aside.

    Returns how many of them were set aside; `keep_alive` is called all the time.
    """
    total = len(ids) if ids is not None else inbox.counts(services.database).pending
    first = min(ids, default=0) if ids is not None else 0
    # What a service that goes on crawling puts in meanwhile is not waited for.
    last = max(ids, default=0) if ids is not None else inbox.newest(services.database)
    with Progress(
        TextColumn("Classifying and storing"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as progress:
        bar = progress.add_task("", total=total)
        seen, moved = total, time.monotonic()
        while left := inbox.waiting(services.database, first, last):
            keep_alive()
            ingest.reconcile(services, clock.now())
            progress.update(bar, completed=total - left)
            if left != seen:
                seen, moved = left, time.monotonic()
            elif time.monotonic() - moved > _STUCK_SECONDS:
                say(f"{left} articles still wait; `dyadwatch doctor` says what may be wrong.")
                moved = time.monotonic()
            time.sleep(_LOOK_SECONDS)
    return inbox.set_aside(services.database, first, last)
