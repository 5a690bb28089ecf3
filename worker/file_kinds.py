"""What a file of articles is, told by its content and not by its name."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, cast

from crawler.charsets import is_binary
from worker.lines import FileUnreadable, open_bytes

Kind = Literal["lines", "warc"]

_GZIP = b"\x1f\x8b"


@contextmanager
def open_articles(path: Path | None) -> Iterator[tuple[Kind, BinaryIO]]:
    """The file (standard input for None and `-`), and what it is; lines come unpacked."""
    with open_bytes(path) as stream:
        head = stream.peek(512) if hasattr(stream, "peek") else b""
        if _unpacked(head).startswith(b"WARC/"):
            yield "warc", stream
        elif is_binary(_unpacked(head)):
            name = path if path and str(path) != "-" else "Standard input"
            raise FileUnreadable(f"{name} holds no articles: neither JSON lines nor WARC.")
        elif head.startswith(_GZIP):
            with gzip.GzipFile(fileobj=stream) as unpacked:
                yield "lines", cast(BinaryIO, unpacked)
        else:
            yield "lines", stream


def _unpacked(head: bytes) -> bytes:
    if not head.startswith(_GZIP):
        return head
    try:
        return zlib.decompressobj(31).decompress(head, 512)
    except zlib.error:
        return b""
