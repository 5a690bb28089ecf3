"""The parser process: reads requests from its standard input, and answers on its standard output.

Run as `python -m crawler.parser_child SECONDS MEBIBYTES PARENT`. A request is a pickled function
and its arguments; an answer is a `ParserAnswer`. It ends by itself: at the end of its
input, when its parent is gone, and when one request takes longer than SECONDS (the kernel's alarm
needs no help from a parser that is stuck in C).
"""

import contextlib
import importlib
import logging
import os
import pickle
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from crawler.parser_answer import ParserAnswer

#: A process that takes this much is replaced, so that one huge page is not paid for ever.
_RETIRES_AT_MIB = 400
_ORPHAN_CHECK_SECONDS = 5.0


def main(seconds: float, mebibytes: int, parent: int) -> None:
    """Serve until the parent is done."""
    requests, answers = _take_over_standard_streams()
    _leave_signals_to_the_parent()
    _prepare()
    _limit_memory(mebibytes)
    _send(answers, ParserAnswer())
    while _request_comes(requests, parent):
        try:
            function, arguments = pickle.load(requests)  # noqa: S301  our parent's
        except EOFError:
            return
        _alarm(seconds)
        answer = _answer(function, arguments)
        _alarm(0)
        _send(answers, answer)
        if answer.retires:
            return


def _take_over_standard_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The two pipes; whoever prints from now on prints to standard error."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    return requests, answers


def _leave_signals_to_the_parent() -> None:
    """Ctrl-C and a stop of the service go to the whole group; the parent decides what they mean."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    logging.disable()


def _prepare() -> None:
    """Import now what the first page would wait for."""
    with contextlib.suppress(Exception):  # the page itself will say it better
        from crawler.extract import extract

        importlib.import_module("crawler.spiders")

        extract(
            "<html><body><article><p>Warm.</p></article></body></html>", "https://warm.invalid/"
        )


def _limit_memory(mebibytes: int) -> None:
    """This much more address space than now, where the system has such a limit (macOS has none);
    and whoever runs out of memory takes this process first."""
    with contextlib.suppress(OSError, ValueError, ImportError):
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        taken = pages * resource.getpagesize()
        allowed = taken + mebibytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _request_comes(requests: IO[bytes], parent: int) -> bool:
    """Waits for the next request; False when the parent has died.

    The end of input alone does not tell: another child of the parent may hold the pipe open.
    """
    if sys.platform == "win32":
        return True
    while not select.select([requests], [], [], _ORPHAN_CHECK_SECONDS)[0]:
        if os.getppid() != parent:
            return False
    return True


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> ParserAnswer:
    try:
        return ParserAnswer(function(*arguments), retires=_is_bloated())
    except MemoryError:
        return ParserAnswer(raised=("MemoryError", ""), retires=True)
    except Exception as error:  # noqa: BLE001 - told to the parent, whose crawl goes on
        return ParserAnswer(raised=(type(error).__name__, str(error)[:300]), retires=_is_bloated())


def _is_bloated() -> bool:
    try:
        import resource
    except ImportError:
        return False
    try:
        # Not getrusage's peak: after a fork and an exec it begins with that of the parent.
        taken = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS
    return taken > _RETIRES_AT_MIB * 1024 * 1024


def _alarm(seconds: float) -> None:
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _send(answers: IO[bytes], answer: ParserAnswer) -> None:
    pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


if __name__ == "__main__":
    # As a module of its own name, so that what it pickles can be found by the parent.
    from crawler.parser_child import main as serve

    with contextlib.suppress(BrokenPipeError):
        serve(float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
