"""Reads a file of articles into a history: JSON lines, packed or not, or a WARC file."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from crawler.article import Article
from crawler.source import Source
from worker import clock
from worker.article_lines import LONGEST_LINE, LineFault, read_articles
from worker.backtest.arriving import NEVER, NoTime, clocked, history_of, understand
from worker.backtest.history import History
from worker.classify import Classifier
from worker.file_kinds import open_articles
from worker.lines import lines_of
from worker.output import printable, say

Advance = Callable[[], None]


@dataclass
class Loading:
    """Reads files for a back-test; `faults` counts what was named and left out."""

    classifier: Classifier
    sources: Sequence[Source]
    faults: int = 0
    passed: Counter[str] = field(default_factory=Counter)

    def history(
        self, file: Path | None, until: datetime | None = None, advance: Advance = lambda: None
    ) -> History:
        """The history that a file holds, up to `until`; `advance` is called after each article."""
        with open_articles(file) as (kind, stream):
            name = str(file or "standard input")
            read = self._warc(stream, name) if kind == "warc" else self._lines(stream, name)
            wanted = (one for one in read if until is None or one.fetched < until)
            understood = []
            for one in understand(wanted, self.classifier, self.sources):
                understood.append(one)
                advance()
        for reason, count in self.passed.most_common(20):
            say(f"{count} pages passed over: {printable(reason)}.")
        return history_of(understood, self.sources)

    def _lines(self, stream: BinaryIO, name: str) -> Iterator[Article]:
        sources = {one.id: one for one in self.sources}
        lines = _Numbered(self._whole(lines_of(stream, LONGEST_LINE), name))
        for article in read_articles(lines, sources, NEVER):
            if isinstance(article, LineFault):
                self._fault(f"{name}, line {article.number}: {article.sentence}")
                continue
            try:
                yield clocked(article)
            except NoTime as wrong:
                self._fault(f"{name}, line {lines.number} ({printable(article.url)}): {wrong}")

    def _warc(self, stream: BinaryIO, name: str) -> Iterator[Article]:
        from worker.warc_articles import articles_of
        from worker.warc_records import Passed, WarcFault, read_pages

        for taken in articles_of(read_pages(stream), clock.now()):
            if isinstance(taken, WarcFault):
                self._fault(f"{name}, byte {taken.offset}: {taken.sentence}")
            elif isinstance(taken, Passed):
                if taken.reason is not None:
                    self.passed[taken.reason] += 1
            else:
                yield taken

    def _whole(self, lines: Iterator[bytes], name: str) -> Iterator[bytes]:
        try:
            yield from lines
        except (EOFError, zlib.error, gzip.BadGzipFile):
            self._fault(
                f"{name} is damaged: it cannot be unpacked to its end; what came before was read."
            )

    def _fault(self, sentence: str) -> None:
        self.faults += 1
        say(sentence)


class _Numbered:
    """Lines, and the number of the one that was read last."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.number = 0
        self._lines = lines

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.number += 1
            yield line
