"""What a file of articles is, told by its content and not by its name."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, cast

from worker.lines import open_bytes

Kind = Literal["lines", "warc"]

_GZIP = b"\x1f\x8b"


@contextmanager
def open_articles(path: Path | None) -> Iterator[tuple[Kind, BinaryIO]]:
    """The file (standard input for None and `-`), and what it is; lines come unpacked."""
    with open_bytes(path) as stream:
        head = stream.peek(512) if hasattr(stream, "peek") else b""
        if _unpacked(head).startswith(b"WARC/"):
            yield "warc", stream
        elif head.startswith(_GZIP):
            with gzip.GzipFile(fileobj=stream) as unpacked:
                yield "lines", cast(BinaryIO, unpacked)
        else:
            yield "lines", stream


def _unpacked(head: bytes) -> bytes:
    if not head.startswith(_GZIP):
        return head
    try:
        return zlib.decompressobj(31).decompress(head, 16)
    except zlib.error:
        return b""
