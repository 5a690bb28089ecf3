"""The story index over the database: loads what a batch may repeat, saves what it adds."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select, update

from worker.storage.merging import Draft
from worker.storage.statements import chunks, replace_rows, within
from worker.storage.tables import bands, sketches
from worker.stories.index import WINDOW, Placement, Sighting, StoryIndex, story_of


@dataclass(frozen=True, slots=True)
class Stories:
    """The story of each article of a batch, and the rows that remember its wording."""

    by_article: dict[str, str]
    placed: list[tuple[Draft, Placement]] = field(default_factory=list)

    def save(self, conn: Connection) -> None:
        """Write wordings and bands; the articles must be written before."""
        for d, placement in self.placed:
            if d.stored is not None and d.stored.story != placement.story:
                moved = update(sketches).where(sketches.c.article == d.incoming.key)
                conn.execute(moved.values(story=placement.story))
        new = [(d, placement) for d, placement in self.placed if placement.new_bands]
        if not new:
            return
        replace_rows(conn, sketches, ["article", "stage"], [_sketch_row(d, p) for d, p in new])
        rows = [row for d, p in new for row in _band_rows(d, p)]
        replace_rows(
            conn, bands, ["band", "story"], sorted(rows, key=lambda r: (r["band"], r["story"]))
        )


def place_all(conn: Connection, drafts: Sequence[Draft]) -> Stories:
    """Decide the stories of a batch, in the order of time. The caller holds the store's lock.

    Only relevant articles are compared: nothing counts the stories of the rest, which are nine in
    ten, so each of those stays a story of its own.
    """
    by_article = {
        d.incoming.key: d.stored.story if d.stored else story_of(d.incoming.key) for d in drafts
    }
    compared = [d for d in drafts if d.incoming.classification.relevant and d.incoming.sketch.bands]
    index = _load(conn, compared)
    placed = []
    for d in sorted(compared, key=lambda d: (d.timing.at, d.incoming.key)):
        key, current = d.incoming.key, d.stored.story if d.stored else None
        placement = index.place(
            key, d.incoming.article.stage, d.timing.at, d.incoming.sketch, current
        )
        by_article[key] = placement.story
        placed.append((d, placement))
    return Stories(by_article, placed)


def _load(conn: Connection, drafts: Sequence[Draft]) -> StoryIndex:
    index = StoryIndex()
    if not drafts:
        return index
    wanted = sorted({band for d in drafts for band in d.incoming.sketch.bands})
    since = min(d.timing.at for d in drafts) - WINDOW
    until = max(d.timing.at for d in drafts) + WINDOW
    found = [
        row
        for some in chunks(wanted)
        for row in conn.execute(
            select(bands.c.band, bands.c.story, bands.c.article, bands.c.stage)
            .where(within(conn, bands.c.band, some), bands.c.at.between(since, until))
            .order_by(bands.c.at)
        )
    ]
    wordings = _wordings(conn, sorted({row.article for row in found}))
    for row in found:
        if (row.article, row.stage) in wordings:
            sighting, story = wordings[row.article, row.stage]
            index.know(row.band, row.story, sighting, story)
    return index


def _wordings(conn: Connection, keys: Sequence[str]) -> dict[tuple[str, str], tuple[Sighting, str]]:
    return {
        (row.article, row.stage): (
            Sighting(row.article, row.stage, row.at, row.signature),
            row.story,
        )
        for some in chunks(keys)
        for row in conn.execute(select(sketches).where(within(conn, sketches.c.article, some)))
    }


def _sketch_row(d: Draft, placement: Placement) -> dict[str, object]:
    return {
        "article": d.incoming.key,
        "stage": d.incoming.article.stage,
        "story": placement.story,
        "at": d.timing.at,
        "signature": d.incoming.sketch.signature,
    }


def _band_rows(d: Draft, placement: Placement) -> list[dict[str, object]]:
    return [
        {
            "band": band,
            "story": placement.story,
            "article": d.incoming.key,
            "stage": d.incoming.article.stage,
            "at": d.timing.at,
        }
        for band in placement.new_bands
    ]
