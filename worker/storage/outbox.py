"""The outbox: messages leave from here, each under a key, so that a crash between deciding and
sending neither loses nor doubles one. Send, then mark."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import Connection, RowMapping, and_, func, insert, or_, select, update

from alerts.notification import MessageChange
from alerts.pipeline import Said, Told
from worker.storage.codec import decode, encode
from worker.storage.database import Database
from worker.storage.desk_tables import deliveries
from worker.storage.desk_tables import outbox as table
from worker.storage.statements import upsert

DUE, SENT, DEAD, REPLACED, HELD = "due", "sent", "dead", "replaced", "held"

#: The payload of a message on an episode, which is written when it leaves; any other payload is the
#: JSON of a `Notice`, which says everything by itself.
OF_EPISODE = "{}"

Noted = Literal["noted", "settled_already"]


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message to one channel. `attempts` counts claims, this one included; `payload` is
    `OF_EPISODE` or a notice; `status` is `due`, `sent`, `dead`, `replaced` or `held` (it had become
    untrue before it left). `change`, `severity` and `said` are what it says of its episode,
    `reference` is what the receiver calls it."""

    key: str
    channel: str
    episode: str
    number: int
    status: str
    created_at: datetime
    due_at: datetime
    attempts: int
    sent_at: datetime | None
    error: str | None
    payload: str
    change: str | None = None
    severity: str | None = None
    reference: str | None = None
    said: Said | None = None

    @property
    def about(self) -> MessageChange:
        """What it tells of its episode."""
        return cast(MessageChange, self.change) if self.change else _about(self.number)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to send a message: `sent`, `failed` (again later) or `dead` (given up)."""

    key: str
    channel: str
    at: datetime
    outcome: str
    error: str | None


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """`oldest_due` is when the message that waits longest should have left, None if none does."""

    due: int
    dead: int
    oldest_due: datetime | None


def add(
    conn: Connection,
    key: str,
    channel: str,
    episode: str,
    payload: str,
    due_at: datetime,
    *,
    now: datetime,
    number: int = 0,
    change: MessageChange | None = None,
    severity: str | None = None,
    said: Said | None = None,
) -> Literal["added", "told_already"]:
    """Put a message in, in the transaction of the decision; the same key is the same message. One
    that was held or replaced before it left may be told after all."""
    row = {
        "key": key,
        "channel": channel,
        "episode": episode,
        "number": number,
        "status": DUE,
        "created_at": now,
        "due_at": due_at,
        "planned_at": due_at,
        "attempts": 0,
        "payload": payload,
        "change": change,
        "severity": severity,
        "said": None if said is None else encode(said),
        "error": None,
    }
    written = (
        upsert(conn, table)
        .values(row)
        .on_conflict_do_update(
            index_elements=["key"], set_=row, where=table.c.status.in_((HELD, REPLACED))
        )
        .returning(table.c.key)
    )
    return "added" if conn.execute(written).first() else "told_already"


def known(conn: Connection, key: str) -> bool:
    """Whether this message was ever put in."""
    return conn.execute(select(table.c.key).where(table.c.key == key)).first() is not None


def replace(conn: Connection, key: str, by: str) -> Literal["replaced", "left_already"]:
    """Take a message back that nobody has tried to send, because `by` says more; belongs in the
    transaction that puts `by` in."""
    waits = and_(table.c.status == DUE, table.c.attempts == 0)
    taken = update(table).where(table.c.key == key, waits)
    taken = taken.values(status=REPLACED, error=f"{by} took its place.")
    found = conn.execute(taken.returning(table.c.key)).first()
    return "replaced" if found else "left_already"


def claim(
    db: Database, now: datetime, lease: timedelta = timedelta(seconds=60), limit: int = 20
) -> list[OutboxRow]:
    """Take messages that are due; nobody else gets them until the lease ends.

    The longest due come first. Mark each of them within the lease.
    """

    def take(conn: Connection) -> list[OutboxRow]:
        free = or_(table.c.claimed_until.is_(None), table.c.claimed_until <= now)
        due = (
            select(table.c.key)
            .where(table.c.status == DUE, table.c.due_at <= now, free)
            .order_by(table.c.due_at, table.c.key)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        taken = (
            update(table)
            .where(table.c.key.in_(due.scalar_subquery()))
            .values(claimed_until=now + lease, attempts=table.c.attempts + 1)
            .returning(*table.c)
        )
        rows = [_row(row) for row in conn.execute(taken).mappings()]
        return sorted(rows, key=lambda row: (row.due_at, row.key))

    return db.retrying(take)


def next_due(db: Database, now: datetime) -> datetime | None:
    """When the next message is due that nobody is sending; None where none waits."""
    free = or_(table.c.claimed_until.is_(None), table.c.claimed_until <= now)
    with db.read() as conn:
        return conn.execute(
            select(table.c.due_at)
            .where(table.c.status == DUE, free)
            .order_by(table.c.due_at)
            .limit(1)
        ).scalar()


def sent(
    db: Database,
    key: str,
    now: datetime,
    reference: str | None = None,
    severity: str | None = None,
    said: Said | None = None,
) -> Noted:
    """The receiver has it, and calls it `reference`; `severity` and `said` are what it said at
    last, which may be more than when it was decided."""
    changed: dict[str, object] = {"status": SENT, "sent_at": now, "error": None}
    if reference is not None:
        changed["reference"] = reference
    if severity is not None:
        changed["severity"] = severity
    if said is not None:
        changed["said"] = encode(said)
    return _settle(db, key, now, SENT, None, changed)


def failed(db: Database, key: str, error: str, next_try: datetime, now: datetime) -> Noted:
    """It was not taken, and is due again at `next_try`; `error` is a sentence without secrets."""
    return _settle(db, key, now, "failed", error, {"due_at": next_try, "error": error})


def dead(db: Database, key: str, error: str, now: datetime) -> Noted:
    """It was not taken and never will be; it stays here to be looked at."""
    return _settle(db, key, now, DEAD, error, {"status": DEAD, "error": error})


def hold(conn: Connection, key: str, why: str) -> Literal["held", "settled_already"]:
    """It was claimed, and had become untrue: it does not leave; `why` is a sentence."""
    mine = update(table).where(table.c.key == key, table.c.status == DUE)
    kept = mine.values(status=HELD, claimed_until=None, error=why)
    return "held" if conn.execute(kept.returning(table.c.key)).first() else "settled_already"


def _settle(
    db: Database,
    key: str,
    now: datetime,
    outcome: str,
    error: str | None,
    changed: dict[str, object],
) -> Noted:
    def note(conn: Connection) -> Noted:
        mine = update(table).where(table.c.key == key, table.c.status == DUE)
        marked = mine.values(claimed_until=None, **changed).returning(table.c.channel)
        channel = conn.execute(marked).scalar()
        if channel is None:
            return "settled_already"
        attempt = {"key": key, "channel": channel, "at": now, "outcome": outcome, "error": error}
        conn.execute(insert(deliveries), [attempt])
        return "noted"

    return db.retrying(note)


def told(conn: Connection, episodes: Collection[str]) -> Sequence[Told]:
    """Every message of these episodes that was ever put in, in order, whatever became of it, save
    those that were replaced or held."""
    left = table.c.status.not_in((REPLACED, HELD))
    chosen = select(table).where(table.c.episode.in_(sorted(episodes)), left)
    return [
        Told(
            row.key,
            row.episode,
            row.channel,
            row.number,
            row.due_at,
            waits=row.status == DUE and row.attempts == 0,
            change=row.change,
            severity=row.severity,
            said=None if row.said is None else decode(Said, row.said),
            planned_at=row.planned_at,
        )
        for row in conn.execute(chosen.order_by(table.c.created_at, table.c.key))
    ]


def thread(conn: Connection, row: OutboxRow) -> tuple[str, str | None]:
    """The key of the message that began the thread of this one, itself where there is none before
    it, and what its receiver calls the thread now."""
    mine = and_(
        table.c.episode == row.episode, table.c.channel == row.channel, table.c.status == SENT
    )
    order = (table.c.sent_at, table.c.created_at, table.c.key)
    first = conn.execute(select(table.c.key).where(mine).order_by(*order).limit(1)).scalar()
    named = select(table.c.reference).where(mine, table.c.reference.is_not(None))
    newest = named.order_by(*(column.desc() for column in order)).limit(1)
    return first or row.key, conn.execute(newest).scalar()


def listing(
    conn: Connection, episode: str | None = None, status: str | None = None, limit: int = 100
) -> list[OutboxRow]:
    """Messages, the newest first."""
    chosen = select(table).order_by(table.c.created_at.desc(), table.c.key).limit(limit)
    if episode is not None:
        chosen = chosen.where(table.c.episode == episode)
    if status is not None:
        chosen = chosen.where(table.c.status == status)
    return [_row(row) for row in conn.execute(chosen).mappings()]


def attempts(conn: Connection, key: str) -> list[Delivery]:
    """Every attempt to send a message, in order."""
    chosen = select(deliveries).where(deliveries.c.key == key).order_by(deliveries.c.id)
    return [
        Delivery(row.key, row.channel, row.at, row.outcome, row.error)
        for row in conn.execute(chosen)
    ]


def counts(db: Database) -> OutboxCounts:
    """How full the outbox is."""
    per_status = select(table.c.status, func.count(), func.min(table.c.due_at))
    with db.read() as conn:
        found = {s: (n, due) for s, n, due in conn.execute(per_status.group_by(table.c.status))}
    due, oldest = found.get(DUE, (0, None))
    return OutboxCounts(due, found.get(DEAD, (0, None))[0], oldest)


def _about(number: int) -> MessageChange:
    """What a message tells that was put in before that was kept."""
    return "repeat" if number else "opened"


def _row(row: RowMapping) -> OutboxRow:
    fields = {name: row[name] for name in OutboxRow.__dataclass_fields__}
    said = None if row["said"] is None else decode(Said, row["said"])
    return OutboxRow(**{**fields, "said": said})
