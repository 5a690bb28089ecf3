"""Which story an article belongs to: the one decision, used in memory and over the database."""

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
class Placement:
    """The story of an article, and those of its bands that are news to that story.

    `joined` is the article whose words it repeats, None when it opens a story or keeps its own.
    """

    story: str
    joined: str | None
    new_bands: tuple[int, ...]


def story_of(article_key: str) -> str:
    """The identifier of the story that an article opens, derived from the article's key alone."""
    return f"s{sha256(article_key.encode()).hexdigest()[:20]}"


class StoryIndex:
    """Sightings by band. What repeats a sighting leaves none of its own: a text that is reprinted
    five hundred times costs no more to compare with than one that is not, and a story cannot drift
    away from its first wording, reprint by reprint."""

    def __init__(self) -> None:
        self._by_band: dict[int, dict[str, Sighting]] = {}
        self._story_of_article: dict[str, str] = {}

    def know(self, band: int, filed_under: str, sighting: Sighting, story: str) -> None:
        """Load one stored band; `filed_under` is the story it was stored for, `story` the one that
        the sighting's article is in now."""
        self._by_band.setdefault(band, {}).setdefault(filed_under, sighting)
        self._story_of_article.setdefault(sighting.article, story)

    def place(
        self, article: str, stage: str, at: datetime, sketch: Sketch, current: str | None = None
    ) -> Placement:
        """Decide the story of an article and remember its wording.

        An article that has a story keeps it unless its words, read in full, are those of another
        story only: then it moves there.
        """
        matches = self._matches(article, at, sketch)
        if not matches:
            story = current or story_of(article)
            self._story_of_article[article] = story
            sighting = Sighting(article, stage, at, sketch.signature)
            return Placement(story, None, self._remember(sketch.bands, story, sighting))
        if current is not None and any(story == current for story, _ in matches):
            return Placement(current, None, ())
        story, joined = matches[0]
        self._story_of_article[article] = story
        return Placement(story, joined, ())

    def _matches(self, article: str, at: datetime, sketch: Sketch) -> list[tuple[str, str]]:
        """Stories of the same wording with the article that showed it, the likest first."""
        candidates = {
            sighting
            for band in sketch.bands
            for sighting in self._by_band.get(band, {}).values()
            if sighting.article != article and abs(sighting.at - at) <= WINDOW
        }
        scored = [(-similarity(sketch.signature, s.signature), s) for s in candidates]
        near = [(score, s) for score, s in scored if -score >= NEAR_DUPLICATE]
        near.sort(key=lambda match: (match[0], match[1].at, match[1].article))
        return [(self._story_of_article[s.article], s.article) for _, s in near]

    def _remember(self, bands: Iterable[int], story: str, sighting: Sighting) -> tuple[int, ...]:
        added = []
        for band in bands:
            filed = self._by_band.setdefault(band, {})
            stale = story in filed and abs(filed[story].at - sighting.at) > WINDOW
            if story not in filed or stale:
                filed[story] = sighting
                added.append(band)
        return tuple(added)
