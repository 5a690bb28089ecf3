"""The quiet month before the crisis: composed from sentences of `crisis/`, the same for a seed.

A beat is a subject that newsrooms return to. Its sentences have places for towns, goods and
numbers, so that a month of them reads as different articles; within one article a place keeps its
word, save those of `FLEETING`. A text whose wording comes too close to an earlier one is thrown
away and composed anew.
"""

import json
import random
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from worker.demo.script import (
    DemoArticle,
    Newsroom,
    Release,
    mappings,
    marked,
    newsrooms,
    read_yaml,
    strings,
)

DAYS = 30
PER_DAY = (8, 11)
#: About one report of friction in this many days: press relations are never free of it.
FRICTION_EVERY_DAYS = 1.5
SEED = 20241225

#: The most that two texts may share of their word triples.
MOST_ALIKE = 0.35
_ATTEMPTS = 400
#: No article of the past is younger than this when the demonstration starts.
_MARGIN = timedelta(hours=1)
_FETCHED_AFTER = timedelta(minutes=4)
_BODY_SENTENCES = 3

#: Places that are filled anew in every sentence.
FLEETING = frozenset({"few", "many", "day", "weekday", "month", "monthloc", "monthgen"})

Tone = Literal["neutral", "friction"]


@dataclass(frozen=True, slots=True)
class Beat:
    """A subject in one language: titles, first sentences and further ones, with named places."""

    id: str
    tone: Tone
    titles: tuple[str, ...]
    leads: tuple[str, ...]
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All beats of one language, and what may stand in their places."""

    language: str
    words: Mapping[str, tuple[str, ...]]
    beats: tuple[Beat, ...]


@cache
def phrasebook(language: str) -> Phrasebook:
    """The phrasebook of a language of the demonstration."""
    content = read_yaml(f"history.{language}.yaml")
    if not isinstance(content, dict):
        raise TypeError(f"The phrasebook of {language!r} is not a mapping.")
    return Phrasebook(
        language=language,
        words={name: strings(words) for name, words in content["words"].items()},
        beats=tuple(
            Beat(
                id=str(entry["id"]),
                tone="friction" if entry.get("tone") == "friction" else "neutral",
                titles=strings(entry["titles"]),
                leads=strings(entry["leads"]),
                details=strings(entry["details"]),
            )
            for entry in mappings(content["beats"])
        ),
    )


def word_triples(text: str) -> frozenset[tuple[str, ...]]:
    """The text's runs of three words, without punctuation: what near-duplicates share."""
    words = [word.strip(string.punctuation + "«»“”").lower() for word in text.split()]
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def alikeness(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """The share of word triples that two texts have in common, 0 to 1 (Jaccard)."""
    return len(one & other) / (len(one | other) or 1)


class Composer:
    """Composes texts that differ from all that it composed before; the seed decides everything."""

    def __init__(self, seed: int = SEED) -> None:
        self._random = random.Random(seed)  # noqa: S311 - it composes texts, it guards nothing
        self._written: dict[str, list[frozenset[tuple[str, ...]]]] = {}
        self._used: dict[tuple[str, str], int] = {}

    def compose(self, newsroom: Newsroom, tone: Tone) -> DemoArticle:
        """One more text for a newsroom, in its own language."""
        language = newsroom.languages[0]
        written = self._written.setdefault(language, [])
        for _ in range(_ATTEMPTS):
            beat = self._next_beat(phrasebook(language), tone)
            article = self._draft(beat, newsroom, language, len(written))
            triples = word_triples(f"{article.title} {article.text}")
            if all(alikeness(triples, earlier) <= MOST_ALIKE for earlier in written):
                written.append(triples)
                self._used[language, beat.id] = self._used.get((language, beat.id), 0) + 1
                return article
        raise RuntimeError(
            f"The phrasebook of {language!r} has no new text left after {len(written)}; "
            f"give crisis/history.{language}.yaml more sentences."
        )

    def days(self, until: datetime, rooms: Sequence[Newsroom], days: int) -> Iterator[Release]:
        """The articles of the days before `until`, in order."""
        for day in range(days, 0, -1):
            begin = until - timedelta(days=day)
            yield from sorted(self._day(begin, rooms), key=lambda release: release.published)

    def _day(self, begin: datetime, rooms: Sequence[Newsroom]) -> Iterator[Release]:
        count = self._random.randint(*PER_DAY)
        friction = self._random.random() < 1 / FRICTION_EVERY_DAYS
        for number, room in enumerate(self._random.sample(list(rooms) * 2, count)):
            article = self.compose(room, "friction" if friction and number == 0 else "neutral")
            moment = begin + timedelta(minutes=self._random.randint(0, 24 * 60 - 1))
            yield Release(article, moment, moment)

    def _next_beat(self, book: Phrasebook, tone: Tone) -> Beat:
        beats = [beat for beat in book.beats if beat.tone == tone]
        weights = [2.0 ** -self._used.get((book.language, beat.id), 0) + 0.01 for beat in beats]
        return self._random.choices(beats, weights)[0]

    def _draft(self, beat: Beat, newsroom: Newsroom, language: str, number: int) -> DemoArticle:
        draw, words = self._random, phrasebook(language).words
        # Places whose names begin alike (azloc, azgen) are cases of one town: one draw for both.
        draws = {kind[:2]: draw.randrange(1000) for kind in words}
        kept = {kind: choices[draws[kind[:2]] % len(choices)] for kind, choices in words.items()}

        def fill(template: str) -> str:
            fleeting = {kind: draw.choice(words[kind]) for kind in words if kind in FLEETING}
            numbers = {"few": str(draw.randint(3, 19)), "many": str(draw.randint(21, 989))}
            return capitalised(template.format_map(kept | fleeting | numbers), language)

        title, lead = fill(draw.choice(beat.titles)), fill(draw.choice(beat.leads))
        details = [fill(detail) for detail in draw.sample(beat.details, _BODY_SENTENCES)]
        return DemoArticle(
            slug=f"{beat.id}-{number}",
            newsroom=newsroom.id,
            language=language,
            title=title,
            paragraphs=marked((lead, f"{details[0]} {details[1]}", details[2]), language),
        )


def capitalised(sentence: str, language: str) -> str:
    """The sentence with a capital first letter, by the language's own rule for i."""
    first = "İ" if language in ("az", "tr") and sentence[0] == "i" else sentence[0].upper()
    return first + sentence[1:]


def compose_history(
    until: datetime, *, days: int = DAYS, seed: int = SEED
) -> tuple[tuple[Release, ...], tuple[Release, ...]]:
    """The quiet month up to an hour before `until`, and one fresh article for each newsroom.

    The fresh ones are what the feeds show when they are first polled; all texts differ.
    """
    composer, rooms = Composer(seed), newsrooms()
    past = tuple(composer.days(until - _MARGIN, rooms, days))
    fresh = []
    for number, room in enumerate(rooms):
        moment = until - timedelta(minutes=50 - 4 * number)
        fresh.append(Release(composer.compose(room, "neutral"), moment, moment))
    return past, tuple(fresh)


def as_record(release: Release, newsroom: Newsroom) -> dict[str, str]:
    """The contract's article record; addresses end in the reserved `.example`."""
    article = release.article
    return {
        "id": f"demo-{article.newsroom}-{article.slug}",
        "url": f"https://{article.newsroom}.example{article.path}",
        "source": article.newsroom,
        "newsroom": article.newsroom,
        "country": newsroom.country,
        "title": article.title,
        "text": article.text,
        "language": article.language,
        "published": _stamp(release.published),
        "fetched": _stamp(release.published + _FETCHED_AFTER),
    }


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def write_history(releases: Iterable[Release], path: Path) -> int:
    """Writes JSON lines for `dyadwatch ingest --backfill`; returns how many."""
    rooms = {room.id: room for room in newsrooms()}
    lines = [
        json.dumps(as_record(release, rooms[release.article.newsroom]), ensure_ascii=False)
        for release in releases
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)
