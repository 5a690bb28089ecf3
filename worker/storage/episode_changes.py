"""The history of episodes: every change, by its rule or by a person, with the numbers it was made
on. Rows are added and never changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, select

from alerts.episode import GREW, Episode, Transition
from alerts.handling import Deed
from worker.storage.codec import decode, encode
from worker.storage.desk_tables import episode_changes as table
from worker.storage.statements import insert_rows


@dataclass(frozen=True, slots=True)
class Numbers:
    """What stood behind a change: the episode's `severity` after it and the highest that it has
    had, and what its rule saw last. `ladder` is the gravest severity of events, 0 to 4."""

    severity: str
    worst: str
    count: int
    unit: str
    expected: float | None
    upper: float | None
    probability: float | None
    articles: int
    stories: int
    newsrooms: int
    ladder: int | None = None
    flapping: bool = False


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a deed says besides: until when an episode is snoozed, whom it is given."""

    until: datetime | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class EpisodeChange:
    """One change. `change` is an `alerts.episode.Change` or an `alerts.handling.Deed`; `by` is the
    person, None where it was the rule; `reason` a constant of `alerts`, or a person's words."""

    episode: str
    at: datetime
    change: str
    by: str | None
    reason: str
    version: int
    numbers: Numbers
    particulars: Particulars = Particulars()


@dataclass(frozen=True, slots=True)
class _Body:
    numbers: Numbers
    particulars: Particulars = Particulars()


def is_kept(transition: Transition) -> bool:
    """Whether a transition belongs into the history: an open episode is updated by every look, and
    only a new highest count is a change of it."""
    return transition.change not in ("unchanged", "updated") or transition.reason == GREW


def note(conn: Connection, transitions: Iterable[Transition], now: datetime) -> None:
    """Keep what rules did to episodes at `now`; belongs in the transaction that stores it."""
    rows = [
        _row(one.episode, one.change, None, one.reason, now, Particulars())
        for one in transitions
        if one.episode is not None and is_kept(one)
    ]
    insert_rows(conn, table, rows)


def note_deed(
    conn: Connection,
    episode: Episode,
    deed: Deed,
    by: str,
    words: str | None,
    now: datetime,
    particulars: Particulars = Particulars(),
) -> None:
    """Keep what a person did; `episode` is as the deed left it."""
    insert_rows(conn, table, [_row(episode, deed, by, words or "", now, particulars)])


def of(conn: Connection, episode: str) -> list[EpisodeChange]:
    """All changes of this episode, the oldest first."""
    mine = select(table).where(table.c.episode == episode)
    return _read(conn, mine.order_by(table.c.at, table.c.id))


def listing(
    conn: Connection, since: datetime | None = None, until: datetime | None = None
) -> list[EpisodeChange]:
    """Changes of all episodes from `since` (inclusive) to `until` (exclusive), the oldest first."""
    chosen = select(table).order_by(table.c.at, table.c.id)
    if since is not None:
        chosen = chosen.where(table.c.at >= since)
    if until is not None:
        chosen = chosen.where(table.c.at < until)
    return _read(conn, chosen)


def numbers(episode: Episode) -> Numbers:
    """The numbers of an episode as it stands."""
    last = episode.last
    return Numbers(
        severity=episode.severity,
        worst=episode.worst or episode.severity,
        count=last.count,
        unit=last.unit,
        expected=last.expected,
        upper=last.upper,
        probability=last.probability,
        articles=last.articles,
        stories=last.stories,
        newsrooms=last.newsrooms,
        ladder=last.ladder,
        flapping=episode.flapping_since is not None,
    )


def _row(
    episode: Episode,
    change: str,
    by: str | None,
    reason: str,
    now: datetime,
    particulars: Particulars,
) -> dict[str, object]:
    return {
        "episode": episode.id,
        "at": now,
        "change": change,
        "by": by,
        "reason": reason,
        "version": episode.version,
        "body": encode(_Body(numbers(episode), particulars)),
    }


def _read(conn: Connection, chosen: Select[tuple[object, ...]]) -> list[EpisodeChange]:
    return [_change(row) for row in conn.execute(chosen)]


def _change(row: Row[tuple[object, ...]]) -> EpisodeChange:
    body = decode(_Body, row.body)
    return EpisodeChange(
        row.episode, row.at, row.change, row.by, row.reason, row.version, body.numbers,
        body.particulars,
    )  # fmt: skip
