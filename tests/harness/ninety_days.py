"""Ninety invented days of the press of two countries, as articles and as the truth about them.

Five crises; two peaks of cooperation; an outage of ten hours, after which everything comes at once;
a flood of 500 articles from one newsroom; an anniversary, on which all look back at a crash. About
it flows what always does: sport and harvests, trade of the two countries, and the quarrels and
measures that no week is without. Fifteen newsrooms of both sides and the world write in four
languages; all of them are invented, and every text says so. Everything depends on the seed.

    cd tests && ../.venv/bin/python -m harness.ninety_days DIRECTORY

writes `articles.jsonl` and `truth.csv`, for `dyadwatch backtest --articles … --truth …`.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harness.ninety_days_texts import Subject, tongue

from worker.demo.history import phrasebook

START = datetime(2025, 3, 3, tzinfo=UTC)  # a Monday
DAYS = 90
SEED = 90


@dataclass(frozen=True, slots=True)
class Room:
    """An invented newsroom; `busy` are its articles a day about nothing of the two countries."""

    id: str
    country: str
    language: str
    busy: float


ROOMS = (
    Room("volga-post", "RU", "ru", 6), Room("neva-bulletin", "RU", "ru", 5),
    Room("ural-line", "RU", "ru", 3), Room("capital-wire-ru", "RU", "ru", 9),
    Room("xezer-news", "AZ", "az", 6), Room("absheron-daily", "AZ", "az", 5),
    Room("qala-press", "AZ", "az", 3), Room("caspian-wire", "AZ", "en", 7),
    Room("baku-russkiy", "AZ", "ru", 4), Room("bosphorus-post", "TR", "tr", 5),
    Room("anatolia-line", "TR", "tr", 6), Room("thames-report", "GB", "en", 5),
    Room("potomac-review", "US", "en", 4), Room("rhine-dispatch", "DE", "en", 3),
    Room("tiflis-observer", "GE", "en", 3),
)  # fmt: skip
FLOODER = "qala-press"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that many newsrooms write about from `begins` on: `pieces` each, on average, half
    of them within `half` hours."""

    subject: str
    label: str
    begins: datetime
    pieces: float
    half: float


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return START + timedelta(days=day, hours=hour, minutes=minute)


CRISES = (
    Happening("raids", "Raids on Azerbaijanis in a Russian town", _at(27, 5, 10), 4.0, 9.0),
    Happening("expulsions", "Azerbaijan expels Russian diplomats", _at(43, 12, 30), 3.0, 7.0),
    Happening("plane", "An Azerbaijani airliner is hit over Russia", _at(55, 6, 40), 5.0, 9.0),
    Happening("arrests", "Azerbaijan arrests Russian journalists", _at(70, 10, 5), 3.5, 8.0),
    Happening("strike", "Russian drones strike an Azerbaijani oil depot", _at(83, 1, 20), 3.0, 8.0),
)
PEAKS = (
    Happening("summit", "The presidents meet and sign agreements", _at(34, 9), 6.0, 10.0),
    Happening("deal", "A railway and gas deal", _at(63, 8), 6.0, 10.0),
)
ANNIVERSARY = Happening("anniversary", "A year since a crash", _at(77, 4), 3.0, 7.0)
OUTAGE = (_at(38, 3), _at(38, 13))
FLOOD, FLOOD_ARTICLES, FLOOD_HOURS = _at(48, 9), 500, 6.0
CRISIS_DAYS = 3  # a crisis is true on the day it begins and on the next two
ROUTINE_A_DAY = 9.0  # articles about the two countries with nothing the matter
QUARRELS_A_DAY = 1.2
MEASURES_A_DAY = 0.35
ECHO = 0.35  # that one more newsroom takes up a small matter
REPRINTED = 0.15  # of a crisis's articles are word for word an earlier one of another newsroom


def articles(seed: int = SEED) -> list[dict[str, str]]:
    """The article records of all ninety days, in the order in which they were fetched."""
    return _Press(seed).records()


def truth() -> str:
    """The truth file: the five crises."""
    lines = ["start,end,label,direction"]
    for crisis in CRISES:
        last = crisis.begins + timedelta(days=CRISIS_DAYS - 1)
        lines.append(f"{crisis.begins:%Y-%m-%d},{last:%Y-%m-%d},{crisis.label},escalatory")
    return "\n".join(lines) + "\n"


def write(directory: Path, seed: int = SEED) -> tuple[Path, Path]:
    """Writes `articles.jsonl` and `truth.csv`; returns their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    file, known = directory / "articles.jsonl", directory / "truth.csv"
    lines = (json.dumps(record, ensure_ascii=False) for record in articles(seed))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    known.write_text(truth(), encoding="utf-8")
    return file, known


@dataclass(frozen=True, slots=True)
class _Written:
    room: Room
    published: datetime
    title: str
    text: str


class _Press:
    """Writes the articles; one draw of the dice after the other."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.written: list[_Written] = []

    def records(self) -> list[dict[str, str]]:
        for day in range(DAYS):
            self._ordinary_day(START + timedelta(days=day))
        for happening in (*CRISES, *PEAKS, ANNIVERSARY):
            self._happening(happening)
        self._flood()
        made = [self._record(number, one) for number, one in enumerate(self.written)]
        return sorted(made, key=lambda record: record["fetched"])

    # -- what is written ---------------------------------------------------------------------

    def _ordinary_day(self, day: datetime) -> None:
        quiet = 0.6 if day.weekday() >= 5 else 1.0
        for room in ROOMS:
            for _ in range(self._about(room.busy * quiet)):
                self._write(room, self._moment(day), tongue(room.language).subjects["elsewhere"])
        for _ in range(self._about(ROUTINE_A_DAY * quiet)):
            self._routine(self._moment(day), "neutral", 1)
        for _ in range(self._about(MEASURES_A_DAY * quiet)):
            self._routine(self._moment(day), "friction", self._echo())
        for _ in range(self._about(QUARRELS_A_DAY * quiet)):
            moment = self._moment(day)
            for room in self.dice.sample(ROOMS, self._echo()):
                self._write(room, moment, tongue(room.language).subjects["words"])
                moment += timedelta(hours=self.dice.expovariate(0.5))

    def _echo(self) -> int:
        """How many newsrooms take a small matter up: mostly one, now and then four."""
        number = 1
        while number < 4 and self.dice.random() < ECHO:
            number += 1
        return number

    def _routine(self, moment: datetime, tone: str, rooms: int) -> None:
        """A matter of the demonstration's quiet month, told by so many newsrooms."""
        for room in self.dice.sample(ROOMS, rooms):
            book = phrasebook(room.language)
            beat = self.dice.choice([beat for beat in book.beats if beat.tone == tone])
            words = {kind: self.dice.choice(choices) for kind, choices in book.words.items()}
            few, many = self.dice.randint(3, 19), self.dice.randint(21, 989)
            filled = Subject(beat.titles, beat.leads, beat.details)
            self._write(room, moment, filled, words | {"few": str(few), "many": str(many)})
            moment += timedelta(hours=self.dice.expovariate(0.5))

    def _happening(self, happening: Happening) -> None:
        """Every newsroom comes to it in its own time; the first within minutes."""
        begun = len(self.written)
        town = self.dice.randrange(5)
        for room in ROOMS:
            pieces = self._about(happening.pieces)
            first = self.dice.expovariate(1.0 / 2.0)
            for piece in range(pieces):
                later = first if piece == 0 else first + self.dice.expovariate(0.7 / happening.half)
                moment = happening.begins + timedelta(hours=later)
                told = tongue(room.language).subjects[happening.subject]
                self._write(room, moment, told, town=town)
        fresh = sorted(self.written[begun:], key=lambda one: one.published)
        self.written[begun:] = list(self._with_reprints(fresh))

    def _with_reprints(self, fresh: list[_Written]) -> Iterator[_Written]:
        """Some take the words of another newsroom of their language that was first."""
        for number, one in enumerate(fresh):
            earlier = [o for o in fresh[:number] if o.room.language == one.room.language]
            if earlier and self.dice.random() < REPRINTED:
                copied = self.dice.choice(earlier)
                yield _Written(one.room, one.published, copied.title, copied.text)
            else:
                yield one

    def _flood(self) -> None:
        room = next(room for room in ROOMS if room.id == FLOODER)
        for _ in range(FLOOD_ARTICLES):
            subject = self.dice.choice(["raids", "arrests", "strike"])
            moment = FLOOD + timedelta(hours=self.dice.uniform(0.0, FLOOD_HOURS))
            self._write(room, moment, tongue(room.language).subjects[subject])

    def _write(
        self, room: Room, moment: datetime, subject: Subject,
        words: dict[str, str] | None = None, town: int | None = None,
    ) -> None:  # fmt: skip
        dice, language = self.dice, tongue(room.language)
        place = language.towns[dice.randrange(5) if town is None else town]
        small, large = str(dice.randint(3, 9)), str(dice.randint(21, 68))
        filled = {"town": place, "n": small, "m": large, **(words or {})}
        title = dice.choice(subject.titles).format_map(filled)
        details = dice.sample(subject.details, min(3, len(subject.details)))
        sentences = [dice.choice(subject.leads), *details]
        text = " ".join([*(s.format_map(filled) for s in sentences), language.mark])
        self.written.append(_Written(room, moment, title[0].upper() + title[1:], text))

    # -- when --------------------------------------------------------------------------------

    def _about(self, mean: float) -> int:
        """A Poisson number with this mean."""
        number, left = 0, self.dice.expovariate(1.0)
        while left < mean:
            number += 1
            left += self.dice.expovariate(1.0)
        return number

    def _moment(self, day: datetime) -> datetime:
        """A moment of the day, more often in working hours than at night (UTC+4)."""
        while True:
            hour = self.dice.uniform(0.0, 24.0)
            if self.dice.random() < (1.0 if 4.0 <= hour < 18.0 else 0.25):
                return day + timedelta(hours=hour)

    def _record(self, number: int, one: _Written) -> dict[str, str]:
        fetched = one.published + timedelta(minutes=self.dice.uniform(1.0, 9.0))
        if OUTAGE[0] <= fetched < OUTAGE[1]:
            fetched = OUTAGE[1] + timedelta(seconds=self.dice.uniform(0.0, 240.0))
        return {
            "id": f"d{number:05d}",
            "url": f"https://{one.room.id}.example/{number}",
            "source": f"{one.room.id}-feed",
            "newsroom": one.room.id,
            "country": one.room.country,
            "title": one.title,
            "text": one.text,
            "language": one.room.language,
            "published": _stamp(one.published),
            "fetched": _stamp(fetched),
        }


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


if __name__ == "__main__":
    for path in write(Path(sys.argv[1])):
        print(path)
