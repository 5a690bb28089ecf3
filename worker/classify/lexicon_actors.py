"""The actors of the lexicon: who stands for which country, under which names."""

from collections.abc import Iterator, Sequence
from typing import Any

from worker.classify.lexicon import Actor, Cue
from worker.classify.lexicon_draft import Draft, add, draft_of
from worker.classify.strict import mapping, one_of, only, patterns, text, texts
from worker.profile.yaml_lines import KeyPath, YamlFile

_ACTOR = {"id", "kind", "side", "name", "note", "weight", "names", "adjectives"}
_KIND_WEIGHT = {
    "country": 1.0, "person": 0.8, "body": 0.9, "company": 0.7, "media": 0.4, "place": 0.7,
    "capital": 1.0, "diaspora": 0.8, "group": 0.8, "weapon": 0.9, "event": 0.8, "org": 0.0,
    "project": 0.3,
}  # fmt: skip


def actors_of(file: YamlFile, drafts: dict[str, Draft]) -> Iterator[Actor]:
    """The actors of one file, their names and adjectives compiled into the drafts."""
    for index, given in enumerate(file.content.get("actors") or []):
        at: KeyPath = ("actors", index)
        only(file, at, given, _ACTOR)
        kind = one_of(file, given.get("kind"), sorted(_KIND_WEIGHT), *at, "kind")
        side = given.get("side") or []
        actor = Actor(
            text(file, given.get("id"), *at, "id"),
            kind,
            (side,) if isinstance(side, str) else tuple(texts(file, side, *at, "side")),
            float(given.get("weight", _KIND_WEIGHT[kind])),
        )
        for language, place, pattern in _names(file, given, at, "names"):
            add(file, draft_of(file, drafts, language, *place), actor, pattern, *place)
        for language, place, pattern in _names(file, given, at, "adjectives"):
            draft = draft_of(file, drafts, language, *place)
            add(file, draft, actor, pattern, *place)
            add(file, draft, Cue("adjectives"), pattern, *place)
        yield actor


def _names(
    file: YamlFile, given: dict[str, Any], at: KeyPath, key: str
) -> Iterator[tuple[str, KeyPath, str]]:
    """Language, place and pattern of every name that an actor has under `key`."""
    for language, listed in mapping(file, given.get(key) or {}, *at, key).items():
        for place, pattern in patterns(file, listed, *at, key, language):
            yield language, place, pattern


def parties_of(files: Sequence[YamlFile], dyad: tuple[str, str]) -> dict[str, list[str]]:
    """By language, what the two countries and their capitals are called."""
    found: dict[str, list[str]] = {}
    for file in files:
        for index, given in enumerate(file.content.get("actors") or []):
            if (
                not isinstance(given, dict)
                or given.get("kind") not in ("country", "capital")
                or given.get("side") not in dyad
            ):
                continue  # another actor, or a fault that is told where actors are read
            for key in ("names", "adjectives"):
                for language, _, pattern in _names(file, given, ("actors", index), key):
                    found.setdefault(language, []).append(pattern)
    return found
