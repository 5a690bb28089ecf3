"""Bodies that are small on the wire and gigabytes unpacked; none is ever held unpacked here."""

import gzip
import zlib
from functools import cache

import brotli

GIGABYTE = 1_000_000_000
_PIECE = b"\0" * 1_000_000


@cache
def gzip_bomb(gigabytes: int = 10) -> bytes:
    """About 1 MB a gigabyte: members one after the other, as gzip allows."""
    return gzip.compress(_PIECE * 100, compresslevel=6) * (10 * gigabytes)


@cache
def nested_gzip_bomb(gigabytes: int = 10) -> bytes:
    """The same, packed once more: a few kilobytes for `Content-Encoding: gzip, gzip`."""
    return gzip.compress(gzip_bomb(gigabytes), compresslevel=9)


@cache
def deflate_bomb(tenths: int = 2) -> bytes:
    packer = zlib.compressobj(9)
    pieces = [packer.compress(_PIECE) for _ in range(tenths * 100)]
    return b"".join(pieces) + packer.flush()


@cache
def brotli_bomb(gigabytes: int = 1) -> bytes:
    packer = brotli.Compressor(quality=1)
    pieces = [packer.process(_PIECE) for _ in range(1_000 * gigabytes)]
    return b"".join(pieces) + bytes(packer.finish())


@cache
def zstd_bomb(gigabytes: int = 10) -> bytes:
    """Frames one after the other, as zstd allows."""
    return zstd_frame(_PIECE * 100) * (10 * gigabytes)


def zstd_frame(data: bytes) -> bytes:
    """Zeros as one frame of run-length blocks, written by hand: the standard library of Python
    3.11 has no zstd (RFC 8878, 3.1.1)."""
    assert not any(data[:1]), "only zeros can be written here"
    header = b"\x28\xb5\x2f\xfd" + b"\xa0" + len(data).to_bytes(4, "little")
    blocks, left = [], len(data)
    while left:
        size = min(left, 128 * 1024)
        left -= size
        blocks.append((int(left == 0) | 1 << 1 | size << 3).to_bytes(3, "little") + b"\0")
    return header + b"".join(blocks)
