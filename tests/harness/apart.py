"""A function in a process of its own, which ends with it, whatever it did to its signals."""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")


def apart(function: Callable[..., T], *arguments: Any) -> T:
    """What the function returns there; EOFError when it died or raised, which it says itself."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, function, arguments))
    process.start()
    theirs.close()
    try:
        answer: T = ours.recv()
        return answer
    finally:
        # Not a pool's gentle end: Scrapy leaves a handler for SIGTERM behind, which does nothing.
        process.join(10)
        process.kill()
        process.join()


def _answer(pipe: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    pipe.send(function(*arguments))
    pipe.close()
    os._exit(0)
