"""Episodes: state that changes by compare-and-set, one active episode a rule.

An evaluation and a person may change the same episode at the same moment. Whoever will write takes
the rows first (`for_update`), so that the other waits and then sees what was done; SQLite's write
lock does that by itself. The version is compared all the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Select, and_, func, select, update
from sqlalchemy.exc import IntegrityError

from alerts.episode import Episode
from worker.storage.codec import decode, encode
from worker.storage.desk_tables import episodes as table
from worker.storage.statements import affected, upsert
from worker.storage.story_merging import present_names


def current(conn: Connection, *, for_update: bool = False) -> dict[str, Episode]:
    """The newest episode of each rule that ever had one, open or resolved: what `advance` wants.

    With `for_update` nobody else changes them until the transaction ends.
    """
    newest = (
        select(table.c.rule, func.max(table.c.opened_at).label("opened_at"))
        .group_by(table.c.rule)
        .subquery()
    )
    same = and_(table.c.rule == newest.c.rule, table.c.opened_at == newest.c.opened_at)
    chosen = select(table.c.body).join(newest, same).order_by(table.c.id)
    if for_update:
        chosen = chosen.with_for_update(of=table)
    found = list(_episodes(conn, chosen))
    told = {story for one in found for story in (*one.burst, *one.last.story_ids)}
    names = present_names(conn, told)
    return {one.rule: _with_present_names(one, names) if names else one for one in found}


def _with_present_names(episode: Episode, names: Mapping[str, str]) -> Episode:
    """The episode by the names that its stories have by now: some were merged into others."""

    def renamed(stories: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(names.get(story, story) for story in stories))

    last = replace(episode.last, story_ids=renamed(episode.last.story_ids))
    arrivals = tuple(replace(one, stories=renamed(one.stories)) for one in episode.arrivals)
    return replace(episode, burst=renamed(episode.burst), last=last, arrivals=arrivals)


def get(conn: Connection, id: str, *, for_update: bool = False) -> Episode | None:
    """The episode of this identifier; with `for_update` nobody else changes it until the
    transaction ends."""
    mine = select(table.c.body).where(table.c.id == id)
    return next(_episodes(conn, mine.with_for_update() if for_update else mine), None)


def later_of_rule(conn: Connection, episode: Episode) -> str | None:
    """The newest episode that the same rule has opened after this one, None if it is the newest."""
    after = and_(table.c.rule == episode.rule, table.c.opened_at > episode.opened_at)
    chosen = select(table.c.id).where(after).order_by(table.c.opened_at.desc()).limit(1)
    return conn.execute(chosen).scalar()


def ids(conn: Connection) -> list[str]:
    """The identifiers of all episodes, the newest first."""
    return list(conn.execute(select(table.c.id).order_by(table.c.opened_at.desc())).scalars())


def listing(
    conn: Connection,
    since: datetime | None = None,
    until: datetime | None = None,
    state: str | None = None,
    limit: int | None = None,
) -> list[Episode]:
    """Episodes that were opened from `since` (inclusive) to `until` (exclusive), newest first."""
    chosen = select(table.c.body).order_by(table.c.opened_at.desc(), table.c.id)
    if since is not None:
        chosen = chosen.where(table.c.opened_at >= since)
    if until is not None:
        chosen = chosen.where(table.c.opened_at < until)
    if state is not None:
        chosen = chosen.where(table.c.state == state)
    return list(_episodes(conn, chosen.limit(limit)))


def save(
    conn: Connection, episode: Episode, expected_version: int | None
) -> Literal["saved", "overtaken"]:
    """Write an episode over the version that it was made from; None: it is new.

    "overtaken" means that another evaluation was faster (it changed this episode, or opened one of
    the same rule): roll back and do nothing, it has told already.
    """
    row = {
        "id": episode.id,
        "rule": episode.rule,
        "state": episode.state,
        "severity": episode.severity,
        "opened_at": episode.opened_at,
        "updated_at": episode.updated_at,
        "resolved_at": episode.resolved_at,
        "version": episode.version,
        "body": encode(episode),
    }
    try:
        with conn.begin_nested():
            written = _written(conn, row, expected_version)
    except IntegrityError:  # reopened, while another evaluation opened the rule's next episode
        return "overtaken"
    return "saved" if written else "overtaken"


def _written(conn: Connection, row: dict[str, object], expected_version: int | None) -> bool:
    if expected_version is None:
        # Without a target: the identifier and the one active episode a rule are both guarded.
        new = upsert(conn, table).values(row).on_conflict_do_nothing().returning(table.c.id)
        return conn.execute(new).first() is not None
    mine = and_(table.c.id == row["id"], table.c.version == expected_version)
    return affected(conn, update(table).where(mine).values(row)) == 1


def _episodes(conn: Connection, chosen: Select[str]) -> Iterator[Episode]:
    return (decode(Episode, body) for body in conn.execute(chosen).scalars())
