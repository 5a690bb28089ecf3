"""Logs on standard error: JSON lines for machines, plain lines where a person watches.

What the service is built to live through (a broker or a database that is away, a killed process)
is told in one line without a traceback, and the same line at most once in a while.
"""

import logging
import sys
import time

import structlog
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy.exc import OperationalError as DatabaseError

from worker.trouble import Trouble

#: The same line again within this is not news.
_REPEAT_SECONDS = 30.0
#: Celery's remarks on every ordinary stop.
_CHATTER = ("Initiating Soft Shutdown", "Restoring %r unacknowledged message")
#: Nobody mends these by reading a traceback. Those of Celery, billiard and Redis
#: are known by name: importing billiard here would fix its reading of the environment too early.
_OUTSIDE = (ConnectionError, TimeoutError, BrokerError, DatabaseError, Trouble)
_OUTSIDE_NAMES = frozenset(
    {"ConnectionError", "TimeoutError", "WorkerLostError", "TimeLimitExceeded", "SchedulingError"}
)


def configure(level: int = logging.WARNING) -> None:
    """Send this process's log to standard error; safe to call twice."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    written: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if sys.stderr.isatty():
        written = structlog.dev.ConsoleRenderer()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                written,
            ],
        )
    )
    handler.addFilter(_Calm())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


class _Calm(logging.Filter):
    """Drops chatter and repetitions, and the tracebacks of what comes from outside."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith(_CHATTER):
            return False
        error = record.exc_info[1] if record.exc_info else None
        # What happened in another process comes wrapped in the text of its traceback.
        error = getattr(error, "exc", error)
        if error is None or not _from_outside(error):
            return True
        record.msg, record.args = _sentence(record, error), ()
        record.exc_info = record.exc_text = None
        return self._is_news(record)

    def _is_news(self, record: logging.LogRecord) -> bool:
        now, line = time.monotonic(), (record.name, str(record.msg))
        if now - self._told.get(line, -_REPEAT_SECONDS) < _REPEAT_SECONDS:
            return False
        if len(self._told) > 1000:
            self._told.clear()
        self._told[line] = now
        return True


def _from_outside(error: BaseException) -> bool:
    return isinstance(error, _OUTSIDE) or type(error).__name__ in _OUTSIDE_NAMES


def _sentence(record: logging.LogRecord, error: BaseException) -> str:
    """What happened, in one line."""
    cause = str(error).strip().splitlines()
    # Celery's tasks are named in the record; beat's errors name the task themselves.
    task = getattr(record, "data", None)
    name = f"{task['name']}: " if isinstance(task, dict) and "name" in task else ""
    return f"{name}{cause[0] if cause else type(error).__name__}"
