"""One way to write a record down, so that its hash can be worked out again by anybody (pure).

JSON in UTF-8 without spaces: keys sorted, texts in Unicode's composed form (NFC), times in UTC to
the microsecond, durations in seconds. What a number cannot be in JSON (infinite, no number) is
null.
"""

import json
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def canonical(record: object) -> str:
    """The record, a dataclass or plain values, as canonical JSON."""
    return json.dumps(
        _plain(record), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def fingerprint(text: str) -> str:
    """The SHA-256 of a text in hexadecimal, 64 digits."""
    return sha256(text.encode("utf-8")).hexdigest()


def composed(text: str) -> str:
    """The text in its composed form, without halves of pairs, which no encoding can write."""
    return unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())


def _plain(value: object) -> Json:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return composed(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    if isinstance(value, Mapping):
        return {composed(str(key)): _plain(member) for key, member in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no canonical form")
