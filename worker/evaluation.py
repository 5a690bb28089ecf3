"""One look of every rule at what is stored: findings, episodes, and what is to be told of them.

Reads first, decides purely (`alerts`), and then writes everything that follows in one transaction:
a crash before its end has decided nothing, one after it loses nothing.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from alerts.episode import Episode, advance
from alerts.finding import Finding, Held
from alerts.pipeline import Decision, Passed, decide
from alerts.rules import Rule, series_id
from alerts.series import SignalTable
from worker import looking
from worker.bootstrap import Services
from worker.looking import Look
from worker.profile.model import Profile
from worker.storage import aliases, episodes, evaluations, outbox, series
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
        log.warning("%d messages are on their way.", told)
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
    known = _of_rules(conn, rules, look.now)
    opened = [
        episode for rule in rules if (episode := _advanced(conn, rule, known, look)) is not None
    ]
    standing = [e for e in known.values() if e.state == "open" and e not in opened]
    decisions = decide(
        opened,
        standing,
        profile.routes,
        outbox.told(conn, [e.id for e in (*opened, *standing)]),
        look.now,
        {e.id: _categories(conn, e.last, look.signals) for e in (*opened, *standing)},
    )
    return sum(_add(conn, decision, look.now) for decision in decisions)


def _of_rules(conn: Connection, rules: Sequence[Rule], now: datetime) -> dict[str, Episode]:
    """The newest episode of each rule. One whose rule has left the profile is resolved: nothing
    would ever end it, and its route would repeat it for ever."""
    known = episodes.current(conn)
    for gone in known.keys() - {rule.id for rule in rules}:
        episode = known.pop(gone)
        unwatched = Held(gone, "rule_removed", "The profile has no such rule any more.")
        transition = advance(episode, unwatched, now, quiet=timedelta(0))
        if transition.change == "resolved" and transition.episode is not None:
            episodes.save(conn, transition.episode, episode.version)
            log.warning("Episode %s: resolved, its rule is gone.", episode.id)
    return known


def _advanced(
    conn: Connection, rule: Rule, known: dict[str, Episode], look: Look
) -> Episode | None:
    """Move the rule's episode on; returns it if it was opened just now.

    `known` is brought up to date. Where another evaluation was faster, it has done all this.
    """
    outcome = look.outcomes[rule.id]
    if evaluations.record_evaluation(conn, rule.id, look.now, outcome) != "recorded":
        return None
    before = known.get(rule.id)
    transition = advance(before, outcome, look.now, observed=look.observed(rule))
    episode = transition.episode
    if transition.change == "unchanged" or episode is None:
        return None
    is_new = transition.change == "opened"
    expected = None if is_new or before is None else before.version
    if episodes.save(conn, episode, expected) != "saved":
        return None
    known[rule.id] = episode
    # An open episode is updated by every look: that is no news.
    level = logging.INFO if transition.change == "updated" else logging.WARNING
    log.log(level, "Episode %s: %s (%s).", episode.id, transition.change, transition.reason)
    return episode if is_new else None


def _categories(conn: Connection, finding: Finding, table: SignalTable) -> frozenset[str]:
    # An episode may name an article by an address that has become an alias since.
    counted = {*finding.article_ids, *aliases.resolved(conn, finding.article_ids).values()}
    return frozenset(s.category for s in table.signals if s.article in counted)


def _add(conn: Connection, decision: Decision, now: datetime) -> int:
    candidate, verdict = decision.candidate, decision.verdict
    if not isinstance(verdict, Passed):
        return 0
    for replaced in verdict.replaces:
        if outbox.replace(conn, replaced, candidate.key) == "replaced":
            log.warning("%s takes the place of %s.", candidate.key, replaced)
    added = outbox.add(
        conn,
        candidate.key,
        candidate.channel,
        candidate.episode.id,
        outbox.OF_EPISODE,
        verdict.due_at,
        now=now,
        number=candidate.number,
    )
    return int(added == "added")
