"""Parsing in another process, with limits: what a hostile page can take down is one process, once.

A thread cannot be killed, and a parser that is stuck in C hears nothing. So feeds and pages are
parsed by `crawler.parser_child`, which lives on from page to page and from crawl to crawl, and is
killed when a page takes too long. A plain child process and not a pool of `multiprocessing`: that
imports the caller's main module again in each child, may not start from a daemon, and leaves its
children behind when the parent is killed.
"""

import asyncio
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, TypeVar, cast

from crawler.errors import ParserFailed
from crawler.parser_answer import ParserAnswer, read_parser_answer

T = TypeVar("T")

#: Address space that a parser may take beyond what it has when it is ready.
MEMORY_MIB = 768
_START_SECONDS = 60.0
#: The child's own alarm rings later than the parent's, who can say more about it.
_ALARM_LATER = 2.0
# What a parser of hostile bytes has no business with stays here: settings, secrets.
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT",
                "COVERAGE_PROCESS_START")  # fmt: skip


class Parser:
    """One parser process. Its methods block, and are called from one thread at a time, save
    `kill`, which ends whatever another thread waits for."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._owner = os.getpid()
        self._ready = False
        self._retired = False
        self._process = subprocess.Popen(  # noqa: S603  nothing of it comes from outside
            [sys.executable, "-P", "-m", "crawler.parser_child",
             str(seconds + _ALARM_LATER), str(MEMORY_MIB), str(self._owner)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
        )  # fmt: skip
        self._requests = cast(IO[bytes], self._process.stdin)
        self._answers = cast(IO[bytes], self._process.stdout)

    @property
    def usable(self) -> bool:
        """Whether it can be asked, by this process: one that was forked must not."""
        here = self._owner == os.getpid()
        return here and not self._retired and self._process.poll() is None

    def wait_until_ready(self) -> None:
        if not self._ready:
            self._answer()
            self._ready = True

    def ask(self, function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        """What the function returns there. Raises ParserFailed when it raises or dies."""
        try:
            pickle.dump((function, arguments), self._requests, pickle.HIGHEST_PROTOCOL)
            self._requests.flush()
        except OSError as error:
            raise ParserFailed("the parser process has died") from error
        answer = self._answer()
        self._retired = answer.retires
        match answer.raised:
            case None:
                value: T = answer.value
                return value
            case ("MemoryError", _):
                raise ParserFailed("reading the answer takes too much memory", permanent=True)
            case (name, words):
                raise ParserFailed(f"the answer cannot be parsed ({name}: {words})", permanent=True)

    def kill(self) -> None:
        """End it now."""
        self._retired = True
        if self._owner == os.getpid():
            self._process.kill()
            self._process.wait()

    def _answer(self) -> ParserAnswer:
        try:
            return read_parser_answer(self._answers)
        except (OSError, EOFError) as error:
            self.kill()
            status = self._process.returncode
            raise ParserFailed(f"the parser process died of it (status {status})") from error
        except ParserFailed:  # whatever has become of it, it is not asked again
            self.kill()
            raise


class Parsers:
    """The parser processes of one crawl: taken over from the crawl before, and left to the next."""

    def __init__(self, count: int, seconds: float) -> None:
        self._seconds = seconds
        self._free: asyncio.LifoQueue[Parser | None] = asyncio.LifoQueue()
        for _ in range(count):
            self._free.put_nowait(None)
        # One more than parsers: a thread whose parser was killed needs a moment to hear of it.
        self._threads = ThreadPoolExecutor(count + 1, thread_name_prefix="crawl-parse")

    def start(self) -> None:
        """Have one parser begin to start, while the first answers are still on their way."""
        self._free.get_nowait()
        self._free.put_nowait(_taken(self._seconds))

    async def run(self, function: Callable[..., T], *arguments: Any) -> T:
        """Calls a function of a module in a parser process; all must pickle.

        Raises ParserFailed when it raises, takes more time or memory than allowed, or crashes.
        """
        parser = await self._free.get()
        try:
            if parser is None or not parser.usable:
                parser = _taken(self._seconds)
            return await self._asked(parser, function, arguments)
        finally:
            self._free.put_nowait(parser)

    def close(self) -> None:
        """Leave the parsers to the next crawl of this process."""
        while not self._free.empty():
            parser = self._free.get_nowait()
            if parser and parser.usable:
                with _lock:
                    _idle.append(parser)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _asked(self, parser: Parser, function: Callable[..., T], arguments: Any) -> T:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_START_SECONDS):
                await loop.run_in_executor(self._threads, parser.wait_until_ready)
            async with asyncio.timeout(self._seconds):
                return await loop.run_in_executor(self._threads, parser.ask, function, arguments)
        except TimeoutError as error:
            parser.kill()
            raise ParserFailed(
                f"reading the answer took longer than {self._seconds:g} s", permanent=True
            ) from error
        except asyncio.CancelledError:
            parser.kill()
            raise


#: Parsers between two crawls of this process.
_idle: list[Parser] = []
_lock = threading.Lock()


def _taken(seconds: float) -> Parser:
    with _lock:
        for parser in [parser for parser in _idle if parser.seconds == seconds]:
            _idle.remove(parser)
            if parser.usable:
                return parser
    return Parser(seconds)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
