"""The last evaluation of each rule: what it came to, and the guard against doing it twice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, func, select

from alerts.finding import Finding, Held
from worker.storage.codec import encode
from worker.storage.statements import upsert
from worker.storage.tables import evaluations as table


@dataclass(frozen=True, slots=True)
class LastEvaluation:
    """`reason` is "fired" or the named reason for which the rule held; `outcome` is the JSON of the
    Finding or Held."""

    rule: str
    tick: datetime
    fired: bool
    reason: str
    outcome: str


def record_evaluation(
    conn: Connection, rule: str, tick: datetime, outcome: Finding | Held
) -> Literal["recorded", "evaluated_already"]:
    """Note what a rule came to at `tick`, once: of two schedulers with the same tick, or one with
    an older tick, the later gets "evaluated_already" and must change nothing.

    Record first, in the transaction that stores what follows from the outcome.
    """
    fired = isinstance(outcome, Finding)
    statement = upsert(conn, table).values(
        rule=rule,
        tick=tick,
        fired=fired,
        reason=outcome.reason if isinstance(outcome, Held) else "fired",
        outcome=encode(outcome),
    )
    new = statement.excluded
    guarded = statement.on_conflict_do_update(
        index_elements=["rule"],
        set_={name: new[name] for name in ("tick", "fired", "reason", "outcome")},
        where=table.c.tick < new.tick,
    ).returning(table.c.rule)
    return "recorded" if conn.execute(guarded).first() else "evaluated_already"


def newest(conn: Connection) -> datetime | None:
    """The tick of the latest evaluation, None before the first."""
    latest: datetime | None = conn.execute(select(func.max(table.c.tick))).scalar_one()
    return latest


def last_evaluations(conn: Connection) -> dict[str, LastEvaluation]:
    """The last evaluation of each rule that was ever evaluated."""
    return {row.rule: LastEvaluation(*row) for row in conn.execute(select(table))}
