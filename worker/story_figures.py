"""A story in figures, and who tells whose words in it (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.countries import alpha_3
from worker.stories.index import story_of

#: The side of whatever is of neither country of the dyad, or of no country that is known.
ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Told:
    """One article of a story, without its text. `at` is when it counts, `telling` its wording."""

    key: str
    story: str
    telling: str | None
    at: datetime
    newsroom: str
    country: str | None
    language: str
    relevant: bool
    direction: str
    severity: int
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Side:
    """What one side's press has of a story: how many newsrooms, and the article that speaks for it,
    None where it is silent. `name` is a country of the dyad (alpha-3) or `ELSEWHERE`."""

    name: str
    newsrooms: int
    first: Told | None


@dataclass(frozen=True, slots=True)
class StoryFigures:
    """A story as a line of a list. `sides` are the dyad's two, in its order, and then the rest.

    `severity` is the highest of any article, and `direction` that of the main happening: of the
    articles of that severity, the direction in which most newsrooms see it.
    """

    id: str
    first_at: datetime
    last_at: datetime
    articles: int
    tellings: int
    newsrooms: int
    sides: tuple[Side, ...]
    languages: tuple[str, ...]
    severity: int
    direction: str


@dataclass(frozen=True, slots=True)
class Version:
    """An article of a story beside the one whose words it repeats; None: the words are its own."""

    told: Told
    reprint_of: Told | None


def figures(told: Sequence[Told], dyad: tuple[str, str]) -> StoryFigures:
    """The figures of a story from all its articles, which come in the order of time."""
    severity = max(one.severity for one in told)
    return StoryFigures(
        id=told[0].story,
        first_at=told[0].at,
        last_at=told[-1].at,
        articles=len(told),
        tellings=len({one.telling or one.key for one in told}),
        newsrooms=len({one.newsroom for one in told}),
        sides=tuple(_side(name, told, dyad) for name in (*dyad, ELSEWHERE)),
        languages=tuple(sorted({one.language for one in told})),
        severity=severity,
        direction=_direction([one for one in told if one.severity == severity]),
    )


def versions(told: Sequence[Told]) -> tuple[Version, ...]:
    """Who repeats whom, from all articles of a story in the order of time."""
    originals = _originals(told)
    return tuple(
        Version(one, original if (original := originals.get(one.telling)) != one else None)
        for one in told
    )


def _side(name: str, told: Sequence[Told], dyad: tuple[str, str]) -> Side:
    own = [one for one in told if _side_of(one, dyad) == name]
    titled = (one for one in own if one.title.strip())
    return Side(name, len({one.newsroom for one in own}), next(titled, own[0] if own else None))


def _side_of(one: Told, dyad: tuple[str, str]) -> str:
    country = alpha_3(one.country)
    return country if country in dyad else ELSEWHERE


def _direction(worst: Sequence[Told]) -> str:
    """As most newsrooms see it; where they are as many, as it was seen first."""
    seen: dict[str, set[str]] = {}
    for one in worst:
        seen.setdefault(one.direction, set()).add(one.newsroom)
    return max(seen, key=lambda direction: len(seen[direction]))


def _originals(told: Sequence[Told]) -> dict[str | None, Told]:
    """The article that opened each telling; the earliest that is left where that one is gone."""
    found: dict[str | None, Told] = {}
    for one in told:
        if one.telling and (one.telling not in found or story_of(one.key) == one.telling):
            found[one.telling] = one
    return found
