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
