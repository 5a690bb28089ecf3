"""What a rule remembers that asks when something was last seen: no counts, and no baseline.

    last     when the newest matching signal of settled time counts
    heard    for each settled hour since `origin`, whether enough sources were healthy: one bit

Time is settled here when the rule does not read its signals any more. So a rule about "the first in
400 days" reads the signals of some days, whatever its window.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from alerts.rules.exposure import LEAST_SHARE
from alerts.rules.rule import Rule
from alerts.rules.view import HOUR, RuleView
from alerts.series import floor, microseconds

Bits = npt.NDArray[np.bool_]

_DAY = timedelta(days=1)


class Stored(Protocol):
    """A series as storage hands it back; see `settle`."""

    @property
    def through(self) -> datetime: ...
    @property
    def state(self) -> str: ...
    @property
    def dirty_from(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class _Memory:
    origin: datetime
    last: datetime | None
    heard: Bits  # hour by hour from the origin on


def settled_until(rule: Rule, origin: datetime, now: datetime) -> datetime:
    """The start of the hours that the rule still reads the signals of."""
    return max(floor(now - rule.reach - rule.lookback - _DAY, HOUR), floor(origin, HOUR))


def read_from(rule: Rule, stored: Stored | None, origin: datetime, now: datetime) -> datetime:
    """From when on signals and shares must be given."""
    if stored is None or _recalled(rule, stored, origin, now) is None:
        return origin
    return min(stored.through, stored.dirty_from or stored.through)


def bring_up(
    rule: Rule, view: RuleView, stored: Stored | None
) -> tuple[RuleView, tuple[datetime, str] | None]:
    """The view with what the rule remembers, and what storage is to keep: (through, state), None
    where nothing changed."""
    until = settled_until(rule, view.origin, view.now)
    memory = None if stored is None else _recalled(rule, stored, view.origin, view.now)
    since = read_from(rule, stored, view.origin, view.now)
    last = _newest(view, since, until)
    if last is None and memory is not None:
        last = memory.last
        if last is not None and last >= since:
            # What was last seen is gone, and what came before it was not read: next time it is.
            return replace(view, last_before=last), (floor(view.origin, HOUR), "")
    heard = _heard(view, memory.heard if memory is not None else np.empty(0, dtype=bool), until)
    shown = replace(view, last_before=last, heard=_share(rule, view, heard, until))
    settled = memory is not None and stored is not None and stored.dirty_from is None
    if settled and stored is not None and until == stored.through:
        return shown, None
    state = {
        "origin": view.origin.isoformat(),
        "last": last.isoformat() if last else None,
        "hours": len(heard),
        "heard": base64.b64encode(np.packbits(heard).tobytes()).decode(),
    }
    return shown, (until, json.dumps(state))


def _recalled(rule: Rule, stored: Stored, origin: datetime, now: datetime) -> _Memory | None:
    """What storage kept, unless it cannot be read or no longer holds."""
    memory = _decoded(stored.state)
    if memory is None or memory.origin != origin:
        return None
    return memory if stored.through <= settled_until(rule, origin, now) else None


@lru_cache(maxsize=1024)
def _decoded(text: str) -> _Memory | None:
    try:
        state = json.loads(text)
        packed = np.frombuffer(base64.b64decode(state["heard"], validate=True), dtype=np.uint8)
        return _Memory(
            origin=datetime.fromisoformat(state["origin"]),
            last=datetime.fromisoformat(state["last"]) if state["last"] else None,
            heard=np.unpackbits(packed)[: state["hours"]].astype(bool),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _newest(view: RuleView, since: datetime, until: datetime) -> datetime | None:
    """When the newest matching signal of a span counts; nothing before the origin was watched."""
    at = view.table.at[view.matching]
    low, high = np.searchsorted(at, [microseconds(max(since, view.origin)), microseconds(until)])
    return view.table.signals[int(view.matching[high - 1])].at if high > low else None


def _heard(view: RuleView, known: Bits, until: datetime) -> Bits:
    first = floor(view.origin, HOUR)
    missing = range(len(known), (until - first) // HOUR)
    new = [view.shares.get(first + i * HOUR, 0.0) >= LEAST_SHARE for i in missing]
    return np.concatenate([known, np.array(new, dtype=bool)])


def _share(rule: Rule, view: RuleView, heard: Bits, until: datetime) -> float:
    """The share of the hours of the rule's window, up to the current one, that were heard."""
    begin = floor(view.now - rule.window, HOUR)
    early = heard[max((begin - floor(view.origin, HOUR)) // HOUR, 0) :]
    since = max(begin, until)
    late = max((floor(view.now, HOUR) - since) // HOUR, 0)
    recent = sum(view.shares.get(since + i * HOUR, 0.0) >= LEAST_SHARE for i in range(late))
    return float(early.sum() + recent) / max(rule.window // HOUR, 1)
