"""Takes a file's articles into the inbox, and tells what of it was none."""

from __future__ import annotations

import gzip
import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from worker import clock
from worker.file_kinds import open_articles
from worker.lines import lines_of
from worker.output import err, printable, say

if TYPE_CHECKING:
    from crawler.article import Article
    from worker.bootstrap import Services
    from worker.ingest import InboxSink

#: Articles that are put into the inbox in one transaction.
_BLOCK = 500


@dataclass
class Taking:
    """What was not taken: `faults` were told one by one, `passed` counts pages that hold no article
    by the reason."""

    faults: int = 0
    passed: Counter[str] = field(default_factory=Counter)

    def tell(self) -> None:
        """Say what was passed over, the most frequent reason first."""
        for reason, count in self.passed.most_common(20):
            say(f"{count} pages passed over: {printable(reason)}.")


def take_in(
    services: Services, sink: InboxSink, file: Path | None, keep_alive: Callable[[], None]
) -> Taking:
    """Put every article of a file of JSON lines, or a WARC file, into the inbox."""
    taking = Taking()
    name = str(file or "standard input")
    with open_articles(file) as (kind, stream), _progress(stream) as advance:
        read = _of_warc if kind == "warc" else _of_lines
        block: list[Article] = []
        for article in read(services, stream, name, taking):
            block.append(article)
            advance()
            if len(block) == _BLOCK:
                sink.put(block)
                block = []
                keep_alive()
        sink.put(block)
    return taking


def _of_lines(services: Services, stream: BinaryIO, name: str, taking: Taking) -> Iterator[Article]:
    from worker.article_lines import LONGEST_LINE, LineFault, read_articles

    sources = {one.id: one for one in services.profile.sources}
    lines = _whole(lines_of(stream, LONGEST_LINE), name, taking)
    for article in read_articles(lines, sources, clock.now()):
        if isinstance(article, LineFault):
            taking.faults += 1
            say(f"{name}, line {article.number}: {article.sentence}")
            continue
        yield article


def _whole(lines: Iterable[bytes], name: str, taking: Taking) -> Iterator[bytes]:
    try:
        yield from lines
    except (EOFError, zlib.error, gzip.BadGzipFile):
        taking.faults += 1
        say(f"{name} is damaged: it cannot be unpacked to its end; what came before was read.")


def _of_warc(services: Services, stream: BinaryIO, name: str, taking: Taking) -> Iterator[Article]:  # noqa: ARG001  the same signature as for lines
    from worker.warc_articles import articles_of
    from worker.warc_records import Passed, WarcFault, read_pages

    for taken in articles_of(read_pages(stream), clock.now()):
        if isinstance(taken, WarcFault):
            taking.faults += 1
            say(f"{name}, byte {taken.offset}: {taken.sentence}")
        elif isinstance(taken, Passed):
            if taken.reason is not None:
                taking.passed[taken.reason] += 1
        else:
            yield taken


@contextmanager
def _progress(stream: BinaryIO) -> Iterator[Callable[[], None]]:
    """How far a long file is read, for whoever watches; yields what to call after each article."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    size = _size(stream)
    with Progress(
        TextColumn("Reading"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[articles]} articles"),
        console=err,
        transient=True,
        disable=size is None or not err.is_terminal,
    ) as progress:
        bar = progress.add_task("", total=size, articles=0)
        count = 0

        def advance() -> None:
            nonlocal count
            count += 1
            if count % 50 == 0 and size is not None:
                progress.update(bar, completed=_position(stream), articles=count)

        yield advance


def _size(stream: BinaryIO) -> int | None:
    """In bytes on disk; None for what is no file."""
    try:
        return os.fstat(stream.fileno()).st_size if stream.seekable() else None
    except (OSError, ValueError, AttributeError):
        return None


def _position(stream: BinaryIO) -> int:
    return os.lseek(stream.fileno(), 0, os.SEEK_CUR)
