"""Whether the sources that a silence is about were listened to: no data is never quiet.

Most of the press may be in sight while every feed of one side is down. So before a rule may say
that a side, a newsroom or a part of the press is quiet, it looks again with the share of those
sources alone. That is asked for only where such a rule would fire, which is seldom.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.finding import Finding, Held
from alerts.rules import KINDS, Rule, evaluate
from alerts.rules.settle import Prepared
from crawler.source import Source
from worker.countries import alpha_3
from worker.storage import coverage
from worker.storage.database import Database

Outcome = Finding | Held


def sources_of(rule: Rule, sources: Collection[Source]) -> frozenset[str]:
    """The identifiers of the sources that could report what the rule counts."""
    asked = {
        key: values
        for key in ("side", "newsroom", "stance", "language")
        if (values := rule.where.values_of(key)) is not None
    }
    return frozenset(
        source.id
        for source in sources
        if all(not values.isdisjoint(_said(source, key)) for key, values in asked.items())
    )


def listened(
    database: Database,
    sources: Collection[Source],
    rules: Sequence[Rule],
    prepared: Prepared,
    outcomes: Mapping[str, Outcome],
    now: datetime,
) -> dict[str, Outcome]:
    """The same outcomes, where a silence holds if its own sources were not heard."""
    found = dict(outcomes)
    for rule in rules:
        if not KINDS[rule.kind].listens or not isinstance(found[rule.id], Finding):
            continue
        view = prepared.views[rule.id]
        since = max(view.origin, now - rule.reach)
        with database.read() as conn:
            shares = coverage.coverage(conn, since, now, sources_of(rule, sources))
        found[rule.id] = evaluate(rule, replace(view, listened=shares), now)
    return found


def _said(source: Source, key: str) -> tuple[str | None, ...]:
    """What the source says of itself."""
    if key == "language":
        return source.languages
    if key == "side":
        return (alpha_3(source.country),)
    return (source.newsroom if key == "newsroom" else source.stance,)
