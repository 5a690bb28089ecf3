"""Values of a YAML file, each checked where it is read; a wrong one is a `ProfileError`."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from worker.profile.yaml_lines import KeyPath, YamlFile

T = TypeVar("T")


def only(file: YamlFile, place: KeyPath, given: object, known: Iterable[str]) -> None:
    """Refuse a key that is not `known`, and anything but a mapping."""
    allowed = sorted(known)
    if not isinstance(given, dict):
        raise file.error(f"a mapping with the keys {', '.join(allowed)} is expected here.", *place)
    for key in given:
        if key not in allowed:
            raise file.error(
                f"`{key}` is no key of this place; use {', '.join(allowed)}.", *place, key
            )


def mapping(file: YamlFile, given: object, *place: str | int) -> dict[str, Any]:
    """`given`, if it is a mapping."""
    if not isinstance(given, dict):
        raise file.error("a mapping is expected here.", *place)
    return given


def text(file: YamlFile, given: object, *place: str | int) -> str:
    """`given`, if it is a text with something in it."""
    if not isinstance(given, str) or not given.strip():
        raise file.error("a text is expected here; put it in quotes.", *place)
    return given


def texts(file: YamlFile, given: object, *place: str | int) -> list[str]:
    """`given`, if it is a list of texts."""
    if not isinstance(given, list):
        raise file.error("a list is expected here.", *place)
    return [text(file, one, *place, index) for index, one in enumerate(given)]


def patterns(
    file: YamlFile, given: object, *place: str | int
) -> list[tuple[tuple[str | int, ...], str]]:
    """The patterns of a list, or the one pattern that stands alone, each with its place."""
    if isinstance(given, str):
        return [(place, given)]
    return [((*place, index), one) for index, one in enumerate(texts(file, given, *place))]


def one_of(file: YamlFile, given: object, allowed: Sequence[T], *place: str | int) -> T:
    """The one of `allowed` that `given` is."""
    for value in allowed:
        if given == value and not isinstance(given, bool):
            return value
    choices = ", ".join(str(value) for value in allowed)
    raise file.error(f"`{given}` is not one of {choices}.", *place)
