"""The story of an article: reprints by their wording, other tellings by what they tell.

Two layers. A *telling* is one wording with its reprints; a *story* is one happening in all its
tellings. A reprint belongs to its telling's story and adds nothing to it, so that a text printed
five hundred times neither costs more nor weighs more than one that is not.
"""

from dataclasses import dataclass
from datetime import datetime

from worker.stories.fingerprint import Fingerprint
from worker.stories.happenings import Happening, HappeningIndex
from worker.stories.index import TellingIndex, Wording
from worker.stories.sketch import Sketch


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article belongs. `opened` where its telling is new; `happening` is the story as that
    telling left it, None where nothing was added; `merged` are younger stories that it showed to be
    the same one."""

    wording: Wording
    story: str
    opened: bool
    happening: Happening | None = None
    merged: tuple[str, ...] = ()

    @property
    def telling(self) -> str:
        return self.wording.telling


class Stories:
    """Tellings and happenings together; in memory, or as much of a database as a batch needs."""

    def __init__(self) -> None:
        self.wordings = TellingIndex()
        self.happenings = HappeningIndex()
        self._story_of: dict[str, str] = {}
        self._became: dict[str, str] = {}

    def know(self, telling: str, story: str) -> None:
        """Load the story of a telling."""
        self._story_of[telling] = story

    def place(
        self,
        article: str,
        stage: str,
        at: datetime,
        sketch: Sketch,
        marks: Fingerprint,
        current: str | None = None,
    ) -> Placed:
        """Decide the story of an article and remember what it tells; `current` is the telling that
        it belongs to already, with which it keeps its story."""
        wording = self.wordings.place(article, stage, at, sketch, current)
        if wording.telling in self._story_of:
            return Placed(wording, self.story_of(wording.telling), opened=False)
        matches = self.happenings.matches(marks, at)
        story = matches[0].story if matches else wording.telling
        happening = self.happenings.add(story, marks, at)
        merged = []
        for match in matches[1:]:
            if pair := self.happenings.one(story, match.story):
                story, younger = pair
                happening = self.happenings.merge(story, younger)
                self._became[younger] = story
                merged.append(younger)
        self._story_of[wording.telling] = story
        return Placed(wording, story, True, happening, tuple(merged))

    def story_of(self, telling: str) -> str:
        """The story that a telling belongs to by now."""
        story = self._present(self._story_of[telling])
        self._story_of[telling] = story
        return story

    def merged(self) -> dict[str, str]:
        """The stories that proved to be part of another one, each with that one."""
        return {younger: self._present(younger) for younger in self._became}

    def _present(self, story: str) -> str:
        while story in self._became:
            story = self._became[story]
        return story
