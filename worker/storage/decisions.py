"""What was decided of every message, by which stage and why: one row for as long as it is so."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from alerts.pipeline import Decision, Held
from worker.storage.desk_tables import decisions as table
from worker.storage.desk_tables import deliveries, outbox
from worker.storage.statements import upsert

#: The stage of what passed all of them, and of what delivery held back at the last moment.
PASSED, DELIVERY = "passed", "delivery"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What `stage` made of the message `key`, for the `reason` and with the `detail` given."""

    key: str
    episode: str
    channel: str
    stage: str
    reason: str
    detail: str
    recipient: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One line of what was sent, to whom and when, or held back and why; times are aware UTC.

    `at` is when it was decided first and `last_at` when last, `times` how often. `status` is that
    of the message in the outbox, None of one that was held before it came there; `attempts` and
    `error` are those of its delivery.
    """

    at: datetime
    last_at: datetime
    times: int
    key: str
    episode: str
    channel: str
    recipient: str | None
    stage: str
    reason: str
    detail: str
    status: str | None
    due_at: datetime | None
    sent_at: datetime | None
    attempts: int
    error: str | None


def note(
    conn: Connection,
    decided: Iterable[Decision],
    now: datetime,
    recipients: Mapping[str, str] | None = None,
) -> None:
    """Keep what was decided, passed or held; the same decision again is counted, not doubled.

    `recipients` says for a channel who reads it, in words.
    """
    known = recipients or {}
    keep(conn, (_ruling(one, known.get(one.candidate.channel)) for one in decided), now)


def keep(conn: Connection, rulings: Iterable[Ruling], now: datetime) -> None:
    """Keep these rulings; belongs in the transaction of what follows from them."""
    unique = {(one.key, one.stage, one.reason): one for one in rulings}
    for _, ruling in sorted(unique.items()):
        row = {name: getattr(ruling, name) for name in Ruling.__dataclass_fields__}
        statement = upsert(conn, table).values(**row, first_at=now, last_at=now, times=1)
        again = {
            "last_at": statement.excluded.last_at,
            "detail": statement.excluded.detail,
            "recipient": statement.excluded.recipient,
            "times": table.c.times + 1,
        }
        unchanged = ["key", "stage", "reason"]
        conn.execute(statement.on_conflict_do_update(index_elements=unchanged, set_=again))


def earlier(conn: Connection, episodes: Collection[str]) -> dict[str, set[str]]:
    """For each message of these episodes that was ever held: every reason."""
    chosen = select(table.c.key, table.c.reason).where(
        table.c.episode.in_(sorted(episodes)), table.c.stage != PASSED
    )
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key, reason in conn.execute(chosen):
        found[key].add(reason)
    return dict(found)


def listing(
    conn: Connection,
    since: datetime | None = None,
    until: datetime | None = None,
    episode: str | None = None,
    *,
    sent: bool | None = None,
    limit: int | None = None,
) -> Iterator[Told]:
    """What was sent, to whom and when, and what was held back and why, the newest first.

    One query over decisions, outbox and deliveries. What was decided last from `since` (inclusive)
    to `until` (exclusive); `sent` True: only what went to the outbox and was not taken back, False:
    only what was held. Messages that no stage saw (the operator's) are among what was sent.
    """
    last = (
        select(deliveries.c.key, func.max(deliveries.c.id).label("id"))
        .group_by(deliveries.c.key)
        .subquery()
    )
    decided = (
        select(
            table.c.first_at.label("at"),
            table.c.last_at,
            table.c.times,
            table.c.key,
            table.c.episode,
            table.c.channel,
            table.c.recipient,
            table.c.stage,
            table.c.reason,
            table.c.detail,
            *_of_outbox(),
        )
        .outerjoin(outbox, and_(outbox.c.key == table.c.key, table.c.stage == PASSED))
        .outerjoin(last, last.c.key == outbox.c.key)
        .outerjoin(deliveries, deliveries.c.id == last.c.id)
    )
    undecided = (
        select(
            outbox.c.created_at.label("at"),
            outbox.c.created_at.label("last_at"),
            literal(1).label("times"),
            outbox.c.key,
            outbox.c.episode,
            outbox.c.channel,
            null().label("recipient"),
            literal(PASSED).label("stage"),
            literal(PASSED).label("reason"),
            literal("").label("detail"),
            *_of_outbox(),
        )
        .outerjoin(last, last.c.key == outbox.c.key)
        .outerjoin(deliveries, deliveries.c.id == last.c.id)
        .where(~select(table.c.id).where(table.c.key == outbox.c.key).exists())
    )
    every = union_all(decided, undecided).subquery()
    wanted: list[ColumnElement[bool]] = []
    if since is not None:
        wanted.append(every.c.last_at >= since)
    if until is not None:
        wanted.append(every.c.last_at < until)
    if episode is not None:
        wanted.append(every.c.episode == episode)
    if sent is not None:
        went = and_(every.c.stage == PASSED, or_(every.c.status.in_(("due", "sent", "dead"))))
        wanted.append(went if sent else ~went)
    order = (every.c.last_at.desc(), every.c.key, every.c.stage)
    chosen = select(every).where(*wanted).order_by(*order).limit(limit)
    return map(_told, conn.execute(chosen).mappings().all())


def _of_outbox() -> Sequence[ColumnElement[object]]:
    return (
        outbox.c.status,
        outbox.c.due_at,
        outbox.c.sent_at,
        func.coalesce(outbox.c.attempts, 0).label("attempts"),
        func.coalesce(deliveries.c.error, outbox.c.error).label("error"),
    )


def _ruling(decision: Decision, recipient: str | None) -> Ruling:
    candidate, verdict = decision.candidate, decision.verdict
    if isinstance(verdict, Held):
        reason, detail = verdict.reason, verdict.detail
    else:
        reason, detail = PASSED, f"It leaves at {verdict.due_at:%Y-%m-%d %H:%M:%S} UTC."
    return Ruling(
        candidate.key,
        candidate.episode.id,
        candidate.channel,
        decision.stage,
        reason,
        detail,
        recipient,
    )


def _told(row: RowMapping) -> Told:
    return Told(**{name: row[name] for name in Told.__dataclass_fields__})
