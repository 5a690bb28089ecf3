"""The demonstration's script: its newsrooms and the articles of its crisis, read from `crisis/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

#: Every text of the demonstration says in its own language that it is one.
MARKS: Mapping[str, str] = {
    "az": "dyadwatch nümayiş mətnidir, xəbər deyil.",
    "en": "Demonstration text by dyadwatch, not news.",
    "ru": "Демонстрационный текст dyadwatch, не новость.",
    "tr": "dyadwatch gösterim metnidir, haber değildir.",
}

#: No author of the demonstration is a person.
BYLINES: Mapping[str, str] = {
    "az": "Nümayiş redaksiyası",
    "en": "Demonstration desk",
    "ru": "Демонстрационная редакция",
    "tr": "Gösterim masası",
}

FeedFormat = Literal["rss", "atom"]


@dataclass(frozen=True, slots=True)
class Newsroom:
    """An invented publisher; `country` is alpha-2, the first of `languages` is its own."""

    id: str
    name: str
    country: str
    stance: str
    languages: tuple[str, ...]
    feed: FeedFormat


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One text of one newsroom, without a date; its last paragraph is the demonstration's mark.

    `wire` names the copy that it reprints: texts with the same `wire` are one story.
    """

    slug: str
    newsroom: str
    language: str
    title: str
    paragraphs: tuple[str, ...]
    wire: str | None = None

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)

    @property
    def summary(self) -> str:
        """What a feed says of it: the first two paragraphs, and the mark."""
        return " ".join((*self.paragraphs[:2], self.paragraphs[-1]))

    @property
    def path(self) -> str:
        return f"/{self.language}/{self.slug}.html"


@dataclass(frozen=True, slots=True)
class Cue:
    """An article of the crisis, and how long after its outbreak it appears."""

    article: DemoArticle
    after: timedelta


@dataclass(frozen=True, slots=True)
class Release:
    """An article with its date of publication, and the moment from which its newsroom serves it."""

    article: DemoArticle
    published: datetime
    visible: datetime


def marked(paragraphs: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The paragraphs, ending in the demonstration's mark."""
    return (*paragraphs, MARKS[language])


def read_yaml(name: str) -> object:
    """One file of `crisis/`."""
    source = files("worker.demo").joinpath("crisis", name)
    content: object = yaml.safe_load(source.read_text(encoding="utf-8"))
    return content


def mappings(content: object) -> list[dict[str, object]]:
    """The content as a list of mappings; the bundled files are held to it by tests."""
    if not isinstance(content, list) or not all(isinstance(entry, dict) for entry in content):
        raise TypeError("A file of the demonstration's crisis is not a list of mappings.")
    return content


def strings(content: object) -> tuple[str, ...]:
    """A list of sentences, with the line breaks of the file undone."""
    if not isinstance(content, list):
        raise TypeError("A file of the demonstration's crisis lacks a list of sentences.")
    return tuple(" ".join(str(sentence).split()) for sentence in content)


@cache
def newsrooms() -> tuple[Newsroom, ...]:
    """The invented publishers, in the order of the file."""
    return tuple(
        Newsroom(
            id=str(entry["id"]),
            name=str(entry["name"]),
            country=str(entry["country"]),
            stance=str(entry["stance"]),
            languages=strings(entry["languages"]),
            feed="atom" if entry["feed"] == "atom" else "rss",
        )
        for entry in mappings(read_yaml("newsrooms.yaml"))
    )


@cache
def burst() -> tuple[Cue, ...]:
    """The crisis, in the order of its appearance; a wire copy gives one cue for each reprint."""
    cues = [cue for entry in mappings(read_yaml("burst.yaml")) for cue in _cues(entry)]
    return tuple(sorted(cues, key=lambda cue: (cue.after, cue.article.slug)))


def _cues(entry: dict[str, object]) -> list[Cue]:
    language, slug = str(entry["language"]), str(entry["slug"])
    outlets = strings(entry["newsrooms"]) if "newsrooms" in entry else (str(entry["newsroom"]),)
    after = timedelta(seconds=float(str(entry["after"])))
    return [
        Cue(
            DemoArticle(
                slug=slug,
                newsroom=outlet,
                language=language,
                title=str(entry["title"]),
                paragraphs=marked(strings(entry["paragraphs"]), language),
                wire=slug if len(outlets) > 1 else None,
            ),
            after,
        )
        for outlet in outlets
    ]
