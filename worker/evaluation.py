"""One look of every rule at what is stored: findings, episodes, and what is to be told of them.

Reads first, decides purely (`alerts`), and then writes everything that follows in one transaction:
a crash before its end has decided nothing, one after it loses nothing.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from alerts import watch
from alerts.episode import Episode, Transition, advance
from alerts.finding import Finding, Held
from alerts.rules import Rule, series_id
from alerts.series import SignalTable
from worker import evidence, looking, telling
from worker.bootstrap import Services
from worker.looking import Look
from worker.profile.model import Profile
from worker.storage import aliases, episode_changes, episodes, evaluations, series
from worker.storage.series import SeriesState
from worker.storage.statements import one_at_a_time

log = logging.getLogger(__name__)


def evaluate(services: Services, now: datetime) -> int:
    """Evaluate every rule as of `now`; returns how many messages were put into the outbox.

    A look that a later one has overtaken decides nothing: the later one saw all that it saw.
    """
    look = looking.look(services, now)
    told = services.database.retrying(lambda conn: _conclude(conn, services.profile, look))
    if told:
        log.warning("Messages that are on their way: %d.", told)
    return told


def looked_since(services: Services, moment: datetime) -> bool:
    """Whether the rules have looked at what was stored by `moment`."""
    with services.database.read() as conn:
        newest = evaluations.newest(conn)
    return newest is not None and newest >= moment


def _conclude(conn: Connection, profile: Profile, look: Look) -> int:
    """Write what follows from a look, and return how many messages it put into the outbox."""
    one_at_a_time(conn, "evaluate")
    newest = evaluations.newest(conn)
    if newest is not None and newest >= look.now:
        return 0
    rules = profile.rules
    series.forget_series(conn, {series_id(rule) for rule in rules})
    series.save_series(
        conn,
        {
            name: SeriesState(settled.through, settled.state, look.late_seen)
            for name, settled in look.prepared.settled.items()
        },
    )
    for name, rows in look.rollups.items():
        series.save_rollups(conn, name, rows)
    known = episodes.current(conn, for_update=True)
    moved = [*_without_rule(conn, rules, known, look.now), *_moved(conn, rules, known, look)]
    episode_changes.note(conn, moved, look.now)
    for episode in _proven(moved):
        evidence.keep(conn, profile, episode, look.now)
    current = [e for e in known.values() if e.state == "open" or e.updated_at == look.now]
    return telling.tell(
        conn,
        profile,
        list(known.values()),
        {one.episode.id: one for one in moved if one.episode is not None},
        {e.id: _categories(conn, e.last, look.signals) for e in current},
        look.now,
    )


def _without_rule(
    conn: Connection, rules: Sequence[Rule], known: dict[str, Episode], now: datetime
) -> list[Transition]:
    """Resolve the episodes whose rule has left the profile: nothing would ever end them, and their
    routes would repeat them for ever. `known` is brought up to date."""
    moved = []
    for gone in known.keys() - {rule.id for rule in rules}:
        unwatched = Held(gone, "rule_removed", "The profile has no such rule any more.")
        before = known[gone]
        transition = advance(before, unwatched, now, quiet=timedelta(0))
        if transition.change == "resolved" and _stored(conn, transition, before.version):
            known[gone] = transition.episode or before
            moved.append(replace(transition, reason=unwatched.reason))
    return moved


def _moved(
    conn: Connection, rules: Sequence[Rule], known: dict[str, Episode], look: Look
) -> list[Transition]:
    """Move the episode of each rule on, and return what changed; `known` is brought up to date.

    What an evaluation recorded already has been done by it.
    """
    recorded = [
        rule
        for rule in rules
        if evaluations.record_evaluation(conn, rule.id, look.now, look.outcomes[rule.id])
        == "recorded"
    ]
    observed = {rule.id: look.observed(rule) for rule in recorded}
    concluded = watch.conclude(recorded, look.outcomes, known, look.now, observed)
    moved = []
    for rule, transition in zip(recorded, concluded, strict=True):
        before, episode = known.get(rule.id), transition.episode
        if transition.change == "unchanged" or episode is None:
            continue
        is_new = transition.change == "opened" or before is None
        if _stored(conn, transition, None if is_new or before is None else before.version):
            known[rule.id] = episode
            moved.append(transition)
    return moved


def _stored(conn: Connection, transition: Transition, expected: int | None) -> bool:
    """Write what a transition made of an episode; False where another evaluation was faster."""
    episode, change = transition.episode, transition.change
    if episode is None or episodes.save(conn, episode, expected) != "saved":
        return False
    # An open episode is updated by every look: that is no news.
    level = logging.INFO if change == "updated" else logging.WARNING
    log.log(level, "Episode %s: %s (%s).", episode.id, change, transition.reason)
    return True


def _proven(moved: Sequence[Transition]) -> list[Episode]:
    """The episodes that people may be told of now: what they rest on is kept as it is."""
    proven = ("opened", "escalated", "reopened")
    return [one.episode for one in moved if one.change in proven and one.episode is not None]


def _categories(conn: Connection, finding: Finding, table: SignalTable) -> frozenset[str]:
    # An episode may name an article by an address that has become an alias since.
    counted = {*finding.article_ids, *aliases.resolved(conn, finding.article_ids).values()}
    return frozenset(s.category for s in table.signals if s.article in counted)
