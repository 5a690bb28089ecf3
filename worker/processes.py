"""The processes of the service: `python -m worker.processes NAME [PARENT_FD]` runs one of them.

Celery's own command would put the current directory in front of the import path, where a user's
`worker` package could lie; this entry does not.
"""

import os
import signal
import sys
import threading
import warnings
from collections.abc import Sequence

# Billiard reads this when it is imported: SIGTERM then ends a worker within its soft time-out and
# gives back what it could not finish.
os.environ.setdefault("REMAP_SIGTERM", "SIGQUIT")

from celery import signals
from celery.platforms import SecurityWarning

from worker.app import BULK, CONTROL, CRAWL, DELIVER, INGEST, build_app
from worker.log import configure
from worker.settings import read_settings

#: A crawl mostly waits, so there may be more of them than cores; control must never wait for long.
_CRAWLS_AT_ONCE = 3
_CONTROL_AT_ONCE = 2
_DELIVERIES_AT_ONCE = 4

NAMES = ("ingest", "crawl", "control", "deliver", "beat")


def arguments(name: str) -> list[str]:
    """Celery's command line for the process of this name."""
    if name == "beat":
        return ["--quiet", "beat", "--loglevel", "WARNING", "--pidfile", ""]
    queues, options = {
        "ingest": (f"{INGEST},{BULK}", ["--concurrency", str(min(os.cpu_count() or 1, 8))]),
        # A process for each crawl: whatever a page does to it ends with the crawl.
        "crawl": (CRAWL, ["--concurrency", str(_CRAWLS_AT_ONCE), "--max-tasks-per-child", "1"]),
        "control": (CONTROL, ["--concurrency", str(_CONTROL_AT_ONCE)]),
        # Threads: sending is waiting, and each channel ends its own attempts in time.
        "deliver": (DELIVER, ["--pool", "threads", "--concurrency", str(_DELIVERIES_AT_ONCE)]),
    }[name]
    return [
        "--quiet",
        "worker",
        "--queues",
        queues,
        "--hostname",
        f"{name}@%h",
        "--loglevel",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
        *options,
    ]


def main(argv: Sequence[str]) -> None:
    """Run one process until it is told to stop."""
    # Whether to run as root is for whoever runs us; Celery would say so once for each process.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    name = argv[0]
    if len(argv) > 1:
        threading.Thread(target=_die_with_parent, args=(int(argv[1]),), daemon=True).start()
    signals.setup_logging.connect(_log)
    if name == "beat":
        app = build_app(read_settings())
    else:
        from worker.tasks import app  # the tasks, and what they need, are for workers alone
    app.start(arguments(name))


def _log(**_: object) -> None:
    configure()


def _die_with_parent(descriptor: int) -> None:
    """Stop when the supervisor is gone: its end of the pipe closes, however it died."""
    while os.read(descriptor, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1:])
