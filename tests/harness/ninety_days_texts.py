"""The sentences that ninety invented days are made of, read from `ninety_days_texts/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

HOME = Path(__file__).parent / "ninety_days_texts"


@dataclass(frozen=True, slots=True)
class Subject:
    """What may be told of one subject: titles, first sentences and further ones, with places."""

    titles: tuple[str, ...]
    leads: tuple[str, ...]
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language: its subjects, towns of Russia, and the words by which a text says that it is
    invented."""

    mark: str
    towns: tuple[str, ...]
    subjects: Mapping[str, Subject]


@cache
def tongue(language: str) -> Tongue:
    """What is told in en, ru, az or tr."""
    content = yaml.safe_load((HOME / f"{language}.yaml").read_text(encoding="utf-8"))
    subjects = {
        name: Subject(*(tuple(parts[part]) for part in ("titles", "leads", "details")))
        for name, parts in content["subjects"].items()
    }
    return Tongue(content["mark"], tuple(content["towns"]), subjects)
