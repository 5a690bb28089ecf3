"""A limit to the whole of an attempt, however slowly the other side speaks.

Socket time-outs start anew with every byte, so a receiver that sends one byte a second could hold
the only process that delivers alerts. The attempt runs in a thread that is left behind.
"""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

Returned = TypeVar("Returned")


def within(seconds: float, attempt: Callable[[], Returned]) -> Returned | None:
    """What `attempt` returns, or None where that took longer; what it raises is raised."""
    answers: SimpleQueue[tuple[Returned | None, Exception | None]] = SimpleQueue()

    def run() -> None:
        try:
            answers.put((attempt(), None))
        except Exception as error:  # noqa: BLE001 - carried over to the caller's thread
            answers.put((None, error))

    Thread(target=run, name="delivery", daemon=True).start()
    try:
        returned, error = answers.get(timeout=seconds)
    except Empty:
        return None
    if error is not None:
        raise error
    return returned
