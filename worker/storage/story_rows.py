"""Stories over the database: loads what a batch may repeat or tell again, saves what it adds."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select, update

from worker.storage import story_merging
from worker.storage.merging import Draft
from worker.storage.statements import chunks, listed, replace_rows, within
from worker.storage.tables import bands, happening_marks, happenings, sketches, tellings
from worker.stories.fingerprint import mark_key
from worker.stories.happenings import STORIES_OF_MARK, Happening
from worker.stories.index import WINDOW, Sighting, story_of
from worker.stories.placing import Placed, Stories


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article belongs. `telling` and `teller`, the newsroom whose words these are, are
    None for what was never compared."""

    story: str
    telling: str | None = None
    teller: str | None = None


@dataclass(frozen=True, slots=True)
class PlacedBatch:
    """The place of each article of a batch, and the rows that remember what it tells."""

    places: dict[str, Place]
    placed: list[tuple[Draft, Placed]] = field(default_factory=list)
    merged: dict[str, str] = field(default_factory=dict)
    """Stories that proved to be part of another one, which has no entry here."""

    def of(self, draft: Draft) -> Place:
        """The place of one of the batch's articles."""
        return self.places[draft.incoming.key]

    def save(self, conn: Connection, now: datetime) -> list[datetime]:
        """Write wordings, tellings and happenings; the articles must be written before, and the
        signals after. Returns the times whose counts a merge of stories may have changed."""
        for d, placed in self.placed:
            if d.stored is not None and d.stored.telling not in (None, placed.telling):
                moved = update(sketches).where(sketches.c.article == d.incoming.key)
                conn.execute(moved.values(telling=placed.telling))
        _save_wordings(conn, [pair for pair in self.placed if pair[1].wording.new_bands])
        _save_tellings(conn, [pair for pair in self.placed if pair[1].opened], self.merged)
        touched: list[datetime] = []
        for elder in sorted(set(self.merged.values())):
            younger = [gone for gone, kept in self.merged.items() if kept == elder]
            touched += story_merging.merge(conn, elder, younger, now)
        return touched


def place_all(conn: Connection, drafts: Sequence[Draft]) -> PlacedBatch:
    """Decide the stories of a batch, in the order of time. The caller holds the store's lock.

    Only relevant articles are compared: nothing counts the stories of the rest, which are nine in
    ten, so each of those stays a story of its own.
    """
    places = {
        d.incoming.key: Place(d.stored.story, d.stored.telling)
        if d.stored
        else Place(story_of(d.incoming.key))
        for d in drafts
    }
    compared = [d for d in drafts if d.incoming.classification.relevant]
    stories, tellers = _load(conn, compared)
    placed: list[tuple[Draft, Placed]] = []
    for d in sorted(compared, key=lambda d: (d.timing.at, d.incoming.key)):
        incoming = d.incoming
        one = stories.place(
            incoming.key,
            incoming.article.stage,
            d.timing.at,
            incoming.sketch,
            incoming.marks,
            d.stored.telling if d.stored else None,
        )
        teller = tellers.setdefault(one.telling, incoming.article.newsroom)
        places[incoming.key] = Place(one.story, one.telling, teller)
        placed.append((d, one))
    merged = stories.merged()
    for key, place in places.items():
        if place.story in merged:
            places[key] = replace(place, story=merged[place.story])
    return PlacedBatch(places, placed, merged)


def _load(conn: Connection, drafts: Sequence[Draft]) -> tuple[Stories, dict[str, str]]:
    """What a batch may belong to, and the newsroom whose words each of those tellings has."""
    stories, tellers = Stories(), dict[str, str]()
    if not drafts:
        return stories, tellers
    known = _load_wordings(conn, drafts, stories)
    known |= {d.stored.telling for d in drafts if d.stored and d.stored.telling}
    for some in chunks(sorted(known)):
        for row in conn.execute(select(tellings).where(within(conn, tellings.c.telling, some))):
            stories.know(row.telling, row.story)
            tellers[row.telling] = row.newsroom
    _load_happenings(conn, drafts, stories)
    return stories, tellers


def _load_wordings(conn: Connection, drafts: Sequence[Draft], stories: Stories) -> set[str]:
    """Wordings that share a band with the batch; the tellings that they are."""
    wanted = sorted({band for d in drafts for band in d.incoming.sketch.bands})
    since = min(d.timing.at for d in drafts) - WINDOW
    until = max(d.timing.at for d in drafts) + WINDOW
    found = [
        row
        for some in chunks(wanted)
        for row in conn.execute(
            select(bands.c.band, bands.c.telling, bands.c.article, bands.c.stage)
            .where(within(conn, bands.c.band, some), bands.c.at.between(since, until))
            .order_by(bands.c.at)
        )
    ]
    wordings = _wordings(conn, sorted({row.article for row in found}))
    for row in found:
        if (row.article, row.stage) in wordings:
            sighting, telling = wordings[row.article, row.stage]
            stories.wordings.know(row.band, row.telling, sighting, telling)
    return {telling for _, telling in wordings.values()}


def _wordings(conn: Connection, keys: Sequence[str]) -> dict[tuple[str, str], tuple[Sighting, str]]:
    return {
        (row.article, row.stage): (
            Sighting(row.article, row.stage, row.at, row.signature),
            row.telling,
        )
        for some in chunks(keys)
        for row in conn.execute(select(sketches).where(within(conn, sketches.c.article, some)))
    }


def _load_happenings(conn: Connection, drafts: Sequence[Draft], stories: Stories) -> None:
    """Stories that share marks with the batch: their marks first, then those worth weighing."""
    names = {mark_key(mark): mark for d in drafts for mark, _ in d.incoming.marks}
    since = min(d.timing.at for d in drafts) - WINDOW
    until = max(d.timing.at for d in drafts) + WINDOW
    for some in chunks(sorted(names)):
        for row in conn.execute(_newest(conn, some, since, until, counted=True)):
            stories.happenings.reckon(names[row.mark], row.stories)
    rarest = {mark for d in drafts for mark in stories.happenings.rarest(d.incoming.marks)}
    for some in chunks(sorted(mark_key(mark) for mark in rarest)):
        for row in conn.execute(_newest(conn, some, since, until, counted=False)):
            stories.happenings.file(row.story, [names[row.mark]])
    alike = {story for d in drafts for story in stories.happenings.candidates(d.incoming.marks)}
    for few in chunks(sorted(alike)):
        for row in conn.execute(select(happenings).where(within(conn, happenings.c.story, few))):
            marks = {mark: (weight, rarity) for mark, weight, rarity in json.loads(row.marks)}
            stories.happenings.know(
                row.story, Happening(row.first_at, row.last_at, row.tellings, marks)
            )


def _newest(
    conn: Connection, keys: Sequence[int], since: datetime, until: datetime, *, counted: bool
) -> Select[Any]:
    """The newest stories of each of these marks, or how many those are: what is common is read no
    further than it is remembered."""
    marks, filed = listed(conn, keys), happening_marks.alias()
    last = (
        select(filed.c.at)
        .where(filed.c.mark == marks.c.value, filed.c.at.between(since, until))
        .order_by(filed.c.at.desc())
        .limit(1)
        .offset(STORIES_OF_MARK - 1)
        .scalar_subquery()
    )
    # With an OFFSET it stays a table of its own: PostgreSQL would find `last` anew for every row.
    wanted = select(marks.c.value, func.coalesce(last, since).label("since")).offset(0).subquery()
    table = happening_marks
    here = and_(table.c.mark == wanted.c.value, table.c.at.between(wanted.c.since, until))
    if counted:
        number = func.count().label("stories")
        return select(table.c.mark, number).join_from(wanted, table, here).group_by(table.c.mark)
    found = select(table.c.mark, table.c.story).join_from(wanted, table, here)
    return found.order_by(table.c.at, table.c.story)


def _save_wordings(conn: Connection, new: Sequence[tuple[Draft, Placed]]) -> None:
    replace_rows(
        conn,
        sketches,
        ["article", "stage"],
        [
            {
                "article": d.incoming.key,
                "stage": d.incoming.article.stage,
                "telling": placed.telling,
                "at": d.timing.at,
                "signature": d.incoming.sketch.signature,
            }
            for d, placed in new
        ],
    )
    rows = [
        {
            "band": band,
            "telling": placed.telling,
            "article": d.incoming.key,
            "stage": d.incoming.article.stage,
            "at": d.timing.at,
        }
        for d, placed in new
        for band in placed.wording.new_bands
    ]
    rows.sort(key=lambda row: (row["band"], row["telling"]))
    replace_rows(conn, bands, ["band", "telling"], rows)


def _save_tellings(
    conn: Connection, opened: Sequence[tuple[Draft, Placed]], merged: Mapping[str, str]
) -> None:
    """Write what new tellings added; a story that was merged on the way under its present name."""
    rows: dict[str, dict[str, object]] = {}
    told: dict[str, Happening] = {}
    marks: dict[tuple[int, str], datetime] = {}
    for d, placed in opened:
        story = merged.get(placed.story, placed.story)
        rows[placed.telling] = {
            "telling": placed.telling,
            "story": story,
            "newsroom": d.incoming.article.newsroom,
            "at": d.timing.at,
        }
        if placed.happening is None:
            continue
        if story == placed.story:
            told[story] = placed.happening
        # A merged story's own rows go with its name: all its marks are the elder's now.
        news = placed.happening.marks if placed.merged else dict(d.incoming.marks)
        marks |= {(mark_key(mark), story): d.timing.at for mark in news}
    replace_rows(conn, tellings, ["telling"], [rows[telling] for telling in sorted(rows)])
    happened = [_happening_row(story, told[story]) for story in sorted(told)]
    replace_rows(conn, happenings, ["story"], happened)
    filed = [
        {"mark": mark, "story": story, "at": marks[mark, story]} for mark, story in sorted(marks)
    ]
    replace_rows(conn, happening_marks, ["mark", "story"], filed)


def _happening_row(story: str, told: Happening) -> dict[str, object]:
    marks = [(mark, round(w, 2), round(r, 3)) for mark, (w, r) in sorted(told.marks.items())]
    return {
        "story": story,
        "first_at": told.first,
        "last_at": told.last,
        "tellings": told.tellings,
        "marks": json.dumps(marks, ensure_ascii=False, separators=(",", ":")),
    }
