"""Labels: what somebody says that an article's classification should be (pure).

As JSON lines they are flat: the article's keys, and those of `FIELDS` that somebody has spoken of.
A label that nobody gave is absent; `"initiator": null` says that it is nobody's act.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard, get_args

from worker.article_lines import LONGEST_LINE, LineFault
from worker.classify.record import Direction
from worker.keys import digest

FIELDS = ("relevant", "direction", "severity", "initiator", "categories")
DIRECTIONS: tuple[str, ...] = get_args(Direction)
#: The most severe.
WORST = 4

#: `dyadwatch labels --json` writes these, too; they are passed over when it is read back.
REMARKS = ("newsroom", "labelled_at", "labelled_by", "note", "edited_since")
_ARTICLE = ("id", "url", "title", "text", "language", "topical", "story")

#: What may be said of an article that is not relevant.
_NOTHING: Mapping[str, Sequence[Any]] = {
    "direction": ("neutral", None),
    "severity": (0, None),
    "initiator": (None,),
    "categories": ((), None),
}

Value = bool | int | str | tuple[str, ...] | None
Labels = Mapping[str, Value]


class LabelError(ValueError):
    """A label that cannot be; the message is a sentence that names the field."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article in the words in which it was labelled, with the last word on each field.

    `language` is what the page declared. `story` is None where it was never stored.
    """

    id: str
    title: str
    text: str
    language: str | None = None
    topical: bool = False
    url: str | None = None
    story: str | None = None
    labels: Labels = field(default_factory=dict)

    @property
    def relevant(self) -> bool | None:
        """Whether it is about the dyad: what was said of it, or what any other label takes for
        granted; None where nothing was said."""
        said = self.labels.get("relevant")
        return said if isinstance(said, bool) else (True if self.labels else None)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What labels may say in one profile."""

    dyad: tuple[str, str]
    categories: Collection[str]


def checked(given: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Value]:
    """These labels, if a profile with this vocabulary can mean them, else a `LabelError`."""
    labels = {name: _value(name, given[name], vocabulary) for name in FIELDS if name in given}
    if labels.get("relevant") is False:
        # Files may well say that nothing follows from it; what says more contradicts itself.
        for name, nothing in _NOTHING.items():
            if labels.get(name) not in nothing:
                raise LabelError(f"{name}: an article that is not relevant has none.")
        return {"relevant": False}
    return labels


def settled(words: Iterable[tuple[str, Value]]) -> Labels:
    """The last word on each field, of words in the order in which they were said.

    Who says that an article is not relevant takes back what was said of it before; who says more
    of it afterwards than that nothing happened takes it for relevant again.
    """
    last: dict[str, Value] = {}
    for name, value in words:
        if name == "relevant" and value is False:
            last = {}
        elif last.get("relevant") is False and value not in _NOTHING.get(name, ()):
            del last["relevant"]
        last[name] = value
    return {"relevant": False} if last.get("relevant") is False else last


def read_labelled(lines: Iterable[bytes], vocabulary: Vocabulary) -> Iterator[Labelled | LineFault]:
    """One labelled article or fault for each line that is not blank, in order."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _labelled(_parsed(line), vocabulary)
        except LabelError as fault:
            yield LineFault(number, str(fault))


def labelled_record(one: Labelled) -> dict[str, Any]:
    """The line of one labelled article: what was not said is absent."""
    record: dict[str, Any] = {name: getattr(one, name) for name in _ARTICLE}
    said = {name: one.labels[name] for name in FIELDS if name in one.labels}
    return record | {k: list(v) if isinstance(v, tuple) else v for k, v in said.items()}


def _parsed(line: bytes) -> Mapping[str, Any]:
    if len(line) > LONGEST_LINE:
        raise LabelError("this line is too long for one article.")
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise LabelError("this is not a JSON object in UTF-8.") from None
    if not isinstance(record, dict):
        raise LabelError("this is not a JSON object; a labelled article is written as {…}.")
    known = (*_ARTICLE, *FIELDS, *REMARKS)
    if unknown := sorted(set(record) - set(known)):
        named = ", ".join(map(repr, unknown))
        raise LabelError(f"unknown key {named}; known are {', '.join(known)}.")
    return record


def _labelled(record: Mapping[str, Any], vocabulary: Vocabulary) -> Labelled:
    texts = {name: record.get(name) for name in _ARTICLE if name != "topical"}
    for name, value in texts.items():
        if value is not None and not isinstance(value, str):
            raise LabelError(f"{name}: {value!r} is not a text; write it in quotes.")
    topical = record.get("topical", False)
    if not isinstance(topical, bool):
        raise LabelError(f"topical: {topical!r} cannot be; write true or false.")
    title, text = texts["title"] or "", texts["text"] or ""
    if not title.strip() and not text.strip():
        raise LabelError("title, text: one of them is needed.")
    labels = checked(record, vocabulary)
    if not labels:
        raise LabelError(f"there is no label; give one of {', '.join(FIELDS)}.")
    identity = texts["id"] or texts["url"] or digest(title, text)
    return Labelled(
        identity, title, text, texts["language"], topical, texts["url"],
        texts["story"], labels,
    )  # fmt: skip


def _value(name: str, given: object, vocabulary: Vocabulary) -> Value:
    match name:
        case "relevant" if isinstance(given, bool):
            return given
        case "direction" if given in DIRECTIONS:
            return str(given)
        case "severity" if isinstance(given, int) and not isinstance(given, bool):
            if 0 <= given <= WORST:
                return given
        case "initiator" if given is None or given in (*vocabulary.dyad, "both", "other"):
            return None if given is None else str(given)
        case "categories" if _are_texts(given):
            if unknown := [one for one in given if one not in vocabulary.categories]:
                known = ", ".join(sorted(vocabulary.categories))
                raise LabelError(f"categories: there is no {unknown[0]!r}; known are {known}.")
            return tuple(sorted(set(given)))
    raise LabelError(f"{name}: {given!r} cannot be; write {_expected(name, vocabulary)}.")


def _are_texts(given: object) -> TypeGuard[Sequence[str]]:
    return isinstance(given, list | tuple) and all(isinstance(one, str) for one in given)


def _expected(name: str, vocabulary: Vocabulary) -> str:
    return {
        "relevant": "true or false",
        "direction": ", ".join(DIRECTIONS),
        "severity": f"0 to {WORST}",
        "initiator": f"{', '.join(vocabulary.dyad)}, both, other or null",
        "categories": "a list of categories",
    }[name]
