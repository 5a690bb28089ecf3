"""Lines of a file or of standard input, as bytes, one at a time."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from worker.trouble import Trouble


class FileUnreadable(Trouble):
    """The file cannot be read; the message names it and says why."""


@contextmanager
def open_bytes(path: Path | None) -> Iterator[BinaryIO]:
    """The file, or standard input for None and `-`."""
    if path is None or str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {error.strerror}.") from None
    with file:
        yield file


def lines_of(stream: BinaryIO, longest: int) -> Iterator[bytes]:
    """Its lines; of one that is longer than `longest` bytes only so many and one more: a packed
    file of megabytes may hold a line of terabytes."""
    while line := stream.readline(longest + 1):
        yield line
        while line and not line.endswith(b"\n"):
            line = stream.readline(longest + 1)
