"""One mapping of a YAML file, read key by key; every fault is collected, none is guessed away."""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any, TypeVar
from unicodedata import category

from worker.profile.durations import parse_duration
from worker.profile.faults import Faults
from worker.profile.yaml_lines import KeyPath, YamlFile

T = TypeVar("T")


class WrongValue(ValueError):
    """A value that its key cannot have; the message is a sentence."""


def nearest(word: str, known: Collection[str]) -> str:
    """`; did you mean 'window'?`, or what is known where nothing is near."""
    close = get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    listed = sorted(known)
    shown = ", ".join(listed[:16]) + (", …" if len(listed) > 16 else "")
    return f"; known are: {shown}." if listed else "."


def sections(file: YamlFile, content: Any, faults: Faults, *place: str | int) -> list["Section"]:
    """The mappings of a list; anything else in it is a fault. None is an empty list."""
    if content is None:
        return []
    if not isinstance(content, list):
        faults.add(file.error(f"this must be a list, but it is {kind_of(content)}.", *place))
        return []
    return [
        section
        for index, entry in enumerate(content)
        if (section := section_of(file, entry, faults, *place, index)) is not None
    ]


def section_of(file: YamlFile, content: Any, faults: Faults, *place: str | int) -> "Section | None":
    """The mapping at `place`; None and a fault where it is something else."""
    if isinstance(content, dict):
        return Section(file, content, place, faults)
    faults.add(file.error(f"this must be a mapping, but it is {kind_of(content)}.", *place))
    return None


@dataclass(slots=True)
class Section:
    """Reads one mapping; a key that is missing, wrong or unknown goes to `faults` with its line.

    Every reader gives None for a key that is absent or wrong; `sound` tells whether all was well.
    """

    file: YamlFile
    content: Mapping[Any, Any]
    place: KeyPath
    faults: Faults
    sound: bool = field(default=True, init=False)

    def fault(self, sentence: str, *key: str | int) -> None:
        self.sound = False
        self.faults.add(self.file.error(sentence, *self.place, *key))

    def only(self, *known: str) -> None:
        """Every key that is not among `known` is a fault that names the nearest one."""
        for key in self.content:
            if not isinstance(key, str):
                self.fault(f"the key {key!r} is read as {kind_of(key)}; put it in quotes.")
            elif key not in known:
                self.fault(f"unknown key {key!r}{nearest(key, known)}", key)

    def has(self, key: str) -> bool:
        return self.content.get(key) is not None

    def require(self, *keys: str) -> None:
        for key in keys:
            if not self.has(key):
                self.fault(f"{key!r} is missing; add it.", *((key,) if key in self.content else ()))

    def text(self, key: str) -> str | None:
        return self._checked(key, _text)

    def texts(self, key: str) -> tuple[str, ...]:
        """One word, or a list of words; () where the key is absent or wrong."""
        value = self.content.get(key)
        if not isinstance(value, list):
            one = self.text(key)
            return () if one is None else (one,)
        words = []
        for index, entry in enumerate(value):
            try:
                words.append(_text(entry))
            except ValueError as error:
                self.fault(str(error), key, index)
        return tuple(words)

    def flag(self, key: str) -> bool | None:
        return self._checked(key, _flag)

    def whole(self, key: str, least: int, most: int) -> int | None:
        return self._checked(key, lambda value: _whole(value, least, most))

    def number(self, key: str, least: float, most: float) -> float | None:
        return self._checked(key, lambda value: _number(value, least, most))

    def duration(self, key: str, least: str, most: str | None = None) -> timedelta | None:
        return self._checked(key, lambda value: _duration(value, least, most))

    def choice(self, key: str, allowed: Collection[str]) -> str | None:
        return self._checked(key, lambda value: _choice(value, allowed))

    def section(self, key: str) -> "Section | None":
        if not self.has(key):
            return None
        inner = section_of(self.file, self.content[key], self.faults, *self.place, key)
        if inner is None:
            self.sound = False
        return inner

    def one_or_more(self, key: str) -> "list[Section]":
        """The mappings of a list, or the one mapping that stands there instead of it."""
        content = self.content.get(key)
        place = (*self.place, key)
        if isinstance(content, dict):
            return [Section(self.file, content, place, self.faults)]
        found = sections(self.file, content, self.faults, *place)
        if content is not None and (not isinstance(content, list) or len(found) < len(content)):
            self.sound = False
        return found

    def _checked(self, key: str, check: Callable[[Any], T]) -> T | None:
        if not self.has(key):
            return None
        try:
            return check(self.content[key])
        except ValueError as error:
            self.fault(str(error), key)
            return None


def kind_of(value: object) -> str:
    """What YAML made of a value, in words."""
    if isinstance(value, bool):
        return f"{str(value).lower()} (YAML reads yes, no, on and off so)"
    names: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (dict, "a mapping"),
        (list, "a list"),
        (str, "a word"),
        ((int, float), "a number"),
        (date, "a date"),
        (type(None), "empty"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "something else")


def _text(value: object) -> str:
    if not isinstance(value, str):
        remedy = "; put it in quotes." if isinstance(value, bool | int | float | date) else "."
        raise WrongValue(f"this must be a word, but it is {kind_of(value)}{remedy}")
    if not value.strip():
        raise WrongValue("this is empty; write a value or remove the key.")
    if any(category(letter) == "Cc" and letter not in "\n\t" for letter in value):
        raise WrongValue("this has a control character in it; remove it.")
    return value.strip()


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise WrongValue(f"this must be true or false, but it is {kind_of(value)}.")
    return value


def _whole(value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongValue(f"this must be a whole number, but it is {kind_of(value)}.")
    if not least <= value <= most:
        raise WrongValue(f"{value} is out of range; write {least} to {most}.")
    return value


def _number(value: object, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise WrongValue(f"this must be a number, but it is {kind_of(value)}.")
    if not least <= value <= most:
        raise WrongValue(f"{value} is out of range; write {least:g} to {most:g}.")
    return float(value)


def _duration(value: object, least: str, most: str | None) -> timedelta:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    duration = parse_duration(_text(value))
    if duration < parse_duration(least):
        raise WrongValue(f"{value} is too short; write at least {least}.")
    if most is not None and duration > parse_duration(most):
        raise WrongValue(f"{value} is too long; write at most {most}.")
    return duration


def _choice(value: object, allowed: Collection[str]) -> str:
    word = _text(value)
    if word not in allowed:
        raise WrongValue(f"{word!r} is not known here{nearest(word, allowed)}")
    return word
