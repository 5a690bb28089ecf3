"""Frozen dataclasses to JSON and back, driven by their fields and type hints."""

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from crawler.article import ARTICLE_VERSION, Article
from worker.storage.columns import clean

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
T = TypeVar("T")


class Undecodable(ValueError):
    """A stored payload that this version cannot read; the message names class and field."""


def encode(record: object) -> str:
    """JSON of a dataclass, or of a tuple of such, whose fields are str, int, float, bool, None,
    datetime, date, timedelta, Literal, tuple, dict by str, or such a dataclass.

    Texts are cleaned on the way.
    """
    return json.dumps(to_json(record), ensure_ascii=False, separators=(",", ":"))


def decode(kind: type[T], payload: str) -> T:
    """The dataclass that `encode` wrote. A field that is missing takes its default; an unknown one
    is left out, so that a version may read what its successor wrote."""
    return from_json(kind, json.loads(payload))


def encode_article(article: Article) -> str:
    """An article as a versioned payload; a bare date stays one."""
    return encode(article)


def decode_article(payload: str) -> Article:
    """The article of a payload; one from a newer version than ours is `Undecodable`."""
    article = decode(Article, payload)
    if article.version > ARTICLE_VERSION:
        raise Undecodable(
            f"This article has version {article.version} and we read up to {ARTICLE_VERSION}: "
            "upgrade this machine's dyadwatch."
        )
    return article


def to_json(value: object) -> Json:
    """The value as plain JSON types; durations are seconds."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, tuple | list | set | frozenset):
        return [to_json(member) for member in value]
    if isinstance(value, Mapping):
        return {str(key): to_json(member) for key, member in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: to_json(getattr(value, name)) for name, _, _ in _shape(type(value))}
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON")


def from_json(kind: type[T], stored: object) -> T:
    """A dataclass from plain JSON types."""
    if not isinstance(stored, dict):
        raise Undecodable(f"A stored {kind.__name__} is not an object.")
    arguments: dict[str, object] = {}
    for name, hint, required in _shape(kind):
        if name in stored:
            arguments[name] = _value(hint, stored[name], f"{kind.__name__}.{name}")
        elif required:
            raise Undecodable(f"A stored {kind.__name__} lacks {name}.")
    return kind(**arguments)


_SHAPES: dict[type, tuple[tuple[str, object, bool], ...]] = {}


def _shape(kind: type) -> tuple[tuple[str, object, bool], ...]:
    """Name, type and whether it must be there, of each field; worked out once a class."""
    if kind not in _SHAPES:
        if not is_dataclass(kind):
            raise TypeError(f"{kind.__name__} is not a dataclass")
        hints = get_type_hints(kind)
        _SHAPES[kind] = tuple(
            (f.name, hints[f.name], f.default is MISSING and f.default_factory is MISSING)
            for f in fields(kind)
            if f.init
        )
    return _SHAPES[kind]


def _value(hint: object, stored: object, where: str) -> object:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _of_union(arguments, stored, where)
    if origin is Literal:
        return stored
    if origin in (tuple, list, frozenset, set):
        return _sequence(origin, arguments, stored, where)
    if origin in (dict, Mapping) or hint is dict:
        return _mapping(arguments, stored, where)
    if isinstance(hint, type):
        return _scalar(hint, stored, where)
    return stored


def _of_union(members: tuple[object, ...], stored: object, where: str) -> object:
    if stored is None and type(None) in members:
        return None
    candidates = [member for member in members if member is not type(None)]
    if datetime in candidates and date in candidates and isinstance(stored, str):
        return _scalar(datetime if "T" in stored else date, stored, where)
    for member in candidates:
        try:
            return _value(member, stored, where)
        except (TypeError, ValueError):
            continue
    raise Undecodable(f"{where} is stored as {stored!r:.60}, which none of its types can read.")


def _sequence(origin: type, arguments: tuple[object, ...], stored: object, where: str) -> object:
    if not isinstance(stored, list):
        raise Undecodable(f"{where} is not stored as a list.")
    if origin is tuple and arguments and Ellipsis not in arguments:
        return tuple(_value(h, s, where) for h, s in zip(arguments, stored, strict=True))
    member = arguments[0] if arguments else object
    return origin(_value(member, s, where) for s in stored)


def _mapping(arguments: tuple[object, ...], stored: object, where: str) -> dict[str, object]:
    if not isinstance(stored, dict):
        raise Undecodable(f"{where} is not stored as an object.")
    member = arguments[1] if arguments else object
    return {str(key): _value(member, s, where) for key, s in stored.items()}


def _scalar(kind: type, stored: object, where: str) -> object:
    if is_dataclass(kind):
        return from_json(kind, stored)
    if kind is object:
        return stored
    try:
        if kind is datetime and isinstance(stored, str):
            return datetime.fromisoformat(stored)
        if kind is date and isinstance(stored, str):
            return date.fromisoformat(stored)
    except ValueError:
        raise Undecodable(f"{where} is stored as {stored!r:.60}, which is no time.") from None
    if kind is timedelta and isinstance(stored, int | float):
        return timedelta(seconds=stored)
    if kind is float and isinstance(stored, int) and not isinstance(stored, bool):
        return float(stored)
    if isinstance(stored, kind) and not (kind in (int, float) and isinstance(stored, bool)):
        return stored
    raise Undecodable(f"{where} is stored as {stored!r:.60}, which is no {kind.__name__}.")
