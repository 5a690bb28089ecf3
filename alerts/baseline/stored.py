"""A baseline as text: a short head, then the memory as it is."""

from __future__ import annotations

import base64
import struct

import numpy as np

from alerts.baseline.layout import END, offsets
from alerts.baseline.setting import Floats, Setting, setting

FORMAT = 3  # rises with every change of the arithmetic or of the layout
_HEAD = struct.Struct("<HH?11s")
_OTHER = "this baseline was stored in another format: rebuild it from its counts"


def to_text(size: Setting, memory: Floats, settled: bool) -> str:
    """The memory of one series; `settled`: its prior knows what kind of exposure it gets."""
    head = _HEAD.pack(FORMAT, len(memory), settled, size.name.encode())
    return base64.b64encode(head + memory.astype("<f8").tobytes()).decode()


def from_text(text: str) -> tuple[Setting, Floats, bool]:
    """What `to_text` was given; a ValueError if this is of another format."""
    try:
        raw = base64.b64decode(text, validate=True)
        number, length, settled, name = _HEAD.unpack_from(raw)
    except (ValueError, struct.error) as broken:
        raise ValueError(_OTHER) from broken
    if number != FORMAT or len(raw) != _HEAD.size + 8 * length:
        raise ValueError(_OTHER)
    size = setting(name.rstrip(b"\0").decode())
    if length != offsets(size)[END]:
        raise ValueError(_OTHER)
    return size, np.frombuffer(raw, dtype="<f8", offset=_HEAD.size).astype(np.float64), settled
