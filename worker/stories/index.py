"""Which telling an article belongs to: one decision, used in memory and over the database.

A telling is one wording with its reprints; what makes a story of tellings is in happenings.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from worker.stories.sketch import Sketch, similarity

#: Above it two texts are the same text, reprinted.
NEAR_DUPLICATE = 0.7
#: A reprint later than this is a new happening, or a formula.
WINDOW = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A wording that was seen: the article that carried it, and when that article counts."""

    article: str
    stage: str
    at: datetime
    signature: bytes


@dataclass(frozen=True, slots=True)
class Wording:
    """The telling of an article, and those of its bands that are news to that telling."""

    telling: str
    new_bands: tuple[int, ...]


def story_of(article_key: str) -> str:
    """The identifier of the telling, and story, that an article opens: from its key alone."""
    return f"s{sha256(article_key.encode()).hexdigest()[:20]}"


class TellingIndex:
    """Sightings by band. What repeats a sighting leaves none of its own: a text that is reprinted
    five hundred times costs no more to compare with than one that is not, and a telling cannot
    drift away from its first wording, reprint by reprint."""

    def __init__(self) -> None:
        self._by_band: dict[int, dict[str, Sighting]] = {}
        self._telling_of_article: dict[str, str] = {}

    def know(self, band: int, filed_under: str, sighting: Sighting, telling: str) -> None:
        """Load one stored band; `filed_under` is the telling it was stored for, `telling` the one
        that the sighting's article is in now."""
        self._by_band.setdefault(band, {}).setdefault(filed_under, sighting)
        self._telling_of_article.setdefault(sighting.article, telling)

    def place(
        self, article: str, stage: str, at: datetime, sketch: Sketch, current: str | None = None
    ) -> Wording:
        """Decide the telling of an article and remember its wording.

        An article that has a telling keeps it unless its words, read in full, are those of another
        one only: then it moves there.
        """
        matches = self._matches(article, at, sketch)
        if not matches:
            telling = current or story_of(article)
            self._telling_of_article[article] = telling
            sighting = Sighting(article, stage, at, sketch.signature)
            return Wording(telling, self._remember(sketch.bands, telling, sighting))
        if current in matches:
            return Wording(current, ())
        self._telling_of_article[article] = matches[0]
        return Wording(matches[0], ())

    def _matches(self, article: str, at: datetime, sketch: Sketch) -> list[str]:
        """The tellings of the same wording, the likest first."""
        candidates = {
            sighting
            for band in sketch.bands
            for sighting in self._by_band.get(band, {}).values()
            if sighting.article != article and abs(sighting.at - at) <= WINDOW
        }
        scored = [(-similarity(sketch.signature, s.signature), s) for s in candidates]
        near = [(score, s) for score, s in scored if -score >= NEAR_DUPLICATE]
        near.sort(key=lambda match: (match[0], match[1].at, match[1].article))
        return [self._telling_of_article[s.article] for _, s in near]

    def _remember(self, bands: Iterable[int], telling: str, sighting: Sighting) -> tuple[int, ...]:
        added = []
        for band in bands:
            filed = self._by_band.setdefault(band, {})
            stale = telling in filed and abs(filed[telling].at - sighting.at) > WINDOW
            if telling not in filed or stale:
                filed[telling] = sighting
                added.append(band)
        return tuple(added)
