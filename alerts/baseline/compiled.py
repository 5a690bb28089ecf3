"""Compiling the arithmetic: once for all, and kept on disk where some directory can be written."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


_ARITHMETIC = (
    "compiled", "dispersion", "expectation", "exposed", "kernel", "layout", "record", "scan",
    "setting", "surprise", "tail",
)  # fmt: skip


def _digest() -> str:
    """Of the sources that machine code is made of: a function kept on disk knows only when its own
    file has changed, but it holds the constants and the functions of others."""
    here = Path(__file__).parent
    sources = [here / f"{name}.py" for name in _ARITHMETIC]
    return f"{zlib.crc32(b''.join(source.read_bytes() for source in sources)):08x}"


_VERSION = _digest()


def compiled(function: Function) -> Function:
    """The function as machine code, which is made at its first call.

    It is kept beside the module, else in the user's cache directory (or in NUMBA_CACHE_DIR).
    Where none of them can be written, every process compiles anew.
    """
    function.__qualname__ = f"{function.__name__}_{_VERSION}"
    try:
        made = njit(cache=True)(function)
    except RuntimeError:  # "cannot cache function: no locator available"
        made = njit(function)
    return cast(Function, made)
