"""Pages out of a WARC file: one at a time, in bounded memory, past what is broken.

warcio frames the records. The payloads are decoded here: it would inflate them without a limit.
"""

import io
import zlib
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from crawler.dates import as_instant, stated_time

#: A page that is larger than this, encoded or not, is no article.
LARGEST_PAGE = 10 * 1024 * 1024

_GZIP = b"\x1f\x8b\x08"
_BLOCK = 1024 * 1024
_CUT = "the file ends, or is damaged, in the middle of this record."
_HTML = ("text/html", "application/xhtml+xml")
# Whatever a broken file makes of warcio, this file is broken and not we.
_BROKEN = (ArchiveLoadFailed, EOFError, OSError, ValueError, AttributeError, TypeError,
           AssertionError, zlib.error)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WarcPage:
    """One answer with status 200 that is HTML; `fetched` is aware UTC, None where it is unknown."""

    offset: int
    url: str
    fetched: datetime | None
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that holds no page, and why in a few words; None where none was to be expected."""

    reason: str | None


@dataclass(frozen=True, slots=True)
class WarcFault:
    """A record that cannot be read: where it begins, and what is wrong, as a sentence."""

    offset: int
    sentence: str
    last: bool = False  # nothing after it can be read either


Found = WarcPage | Passed | WarcFault


def read_pages(stream: BinaryIO) -> Iterator[Found]:
    """Every record of a WARC stream, gzip'd or not, in order.

    After a broken record it goes on with the next one that it finds; in a stream that cannot be
    sought it ends there.
    """
    start: int | None = stream.tell() if stream.seekable() else 0
    while start is not None:
        fault: WarcFault | None = None
        for found in _until_broken(stream, start):
            yield found
            if isinstance(found, WarcFault):
                fault = found
        if fault is None or fault.last:
            return
        start = _next_record(stream, fault.offset + 1) if stream.seekable() else None
        if start is not None:
            stream.seek(start)


def _until_broken(stream: BinaryIO, start: int) -> Iterator[Found]:
    """Records up to the first fault, which is the last thing it yields."""
    offset = start
    records = ArchiveIterator(stream)
    while True:
        try:
            # It tells what it makes of broken bytes by writing them to the terminal.
            with redirect_stderr(io.StringIO()):
                record = next(records, None)
                if record is None:
                    break
                found: Found = _read(record, offset)
                records.read_to_end()
                if not record.rec_headers.get_header("Content-Length") or (
                    getattr(record.raw_stream, "limit", 0) > 0
                ):
                    found = WarcFault(offset, _CUT)
                # Where the file is packed as a whole, what it counts runs backwards.
                offset = max(offset, records.offset)
        except _BROKEN as error:
            yield _fault(offset, error)
            return
        yield found
        if isinstance(found, WarcFault):
            return
    # Of a record whose head is cut off it says nothing.
    if stream.seekable() and _is_left(stream, offset):
        yield WarcFault(offset, _CUT)


def _is_left(stream: BinaryIO, offset: int) -> bool:
    stream.seek(offset)
    return bool(stream.read(_BLOCK).strip(b"\r\n\0"))


def _fault(offset: int, error: Exception) -> WarcFault:
    if "non-chunked gzip" in str(error):
        sentence = (
            "the records are compressed together, not each for itself; unpack the file first."
        )
        return WarcFault(offset, sentence, last=True)
    return WarcFault(offset, "this is not a complete WARC record.")


def _read(record: Any, offset: int) -> WarcPage | Passed:
    if record.rec_type != "response":
        return Passed(None)
    if record.http_headers is None:
        return Passed("no HTTP answer")
    status = record.http_headers.get_statuscode()
    if status != "200":
        return Passed(f"status {status:.10}")
    content_type = record.http_headers.get_header("Content-Type") or "text/html"
    if content_type.partition(";")[0].strip().lower() not in _HTML:
        return Passed("not HTML")
    raw = record.raw_stream.read(LARGEST_PAGE + 1)
    body = _decoded(raw, record.http_headers)
    if body is None:
        return Passed("an unknown or damaged encoding")
    if len(body) > LARGEST_PAGE or len(raw) > LARGEST_PAGE:
        return Passed(f"larger than {LARGEST_PAGE // 1024**2} MiB")
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    fetched = as_instant(stated_time(record.rec_headers.get_header("WARC-Date") or ""))
    moment = fetched if isinstance(fetched, datetime) else None
    return WarcPage(offset, url, moment, content_type, body)


def _decoded(raw: bytes, headers: Any) -> bytes | None:
    """The body as the server meant it, up to a byte more than the largest page; None when it is
    encoded in a way that we do not know."""
    if "chunked" in (headers.get_header("Transfer-Encoding") or "").lower():
        raw = _joined(raw)
    encoding = (headers.get_header("Content-Encoding") or "identity").strip().lower()
    if encoding in ("gzip", "x-gzip"):
        # Many archives keep the header and store the page unpacked.
        return _inflated(raw, 31) if raw.startswith(_GZIP) else raw
    if encoding == "deflate":
        unpacked = _inflated(raw, 15)
        return unpacked if unpacked is not None else _inflated(raw, -15)
    return raw if encoding in ("identity", "", "utf-8") else None


def _joined(raw: bytes) -> bytes:
    """A chunked body in one piece; itself where the archive has joined it before."""
    pieces: list[bytes] = []
    position = 0
    while True:
        end = raw.find(b"\r\n", position, position + 64)
        try:
            size = int(raw[position:end].partition(b";")[0], 16) if end >= 0 else -1
        except ValueError:
            size = -1
        if size < 0:
            return b"".join(pieces) if pieces else raw
        if size == 0:
            return b"".join(pieces)
        pieces.append(raw[end + 2 : end + 2 + size])
        position = end + 2 + size + 2


def _inflated(raw: bytes, kind: int) -> bytes | None:
    inflater = zlib.decompressobj(kind)
    try:
        return inflater.decompress(raw, LARGEST_PAGE + 1)
    except zlib.error:
        return None


def _next_record(stream: BinaryIO, after: int) -> int | None:
    """Where the next record begins, from this offset on; None when there is none."""
    stream.seek(0)
    packed = stream.read(len(_GZIP)) == _GZIP
    mark = _GZIP if packed else b"\nWARC/"
    for place in _places(stream, mark, after - (0 if packed else 1)):
        if not packed:
            return place + 1
        stream.seek(place)
        if _begins_a_record(stream.read(512)):
            return place
    return None


def _places(stream: BinaryIO, mark: bytes, after: int) -> Iterator[int]:
    position, kept = max(0, after), b""
    while True:
        stream.seek(position)
        block = stream.read(_BLOCK)
        if not block:
            return
        window, begins = kept + block, position - len(kept)
        found = window.find(mark)
        while found >= 0:
            yield begins + found
            found = window.find(mark, found + 1)
        kept = window[-(len(mark) - 1) :]
        position += len(block)


def _begins_a_record(head: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(head, 5) == b"WARC/"
    except zlib.error:
        return False
