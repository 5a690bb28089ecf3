"""The rules: what raises an alert. One file a kind; a new kind is one new file with a `KIND`.

    rule = Rule(id, kind, parse_where({...}), window, ...)      ValueError says what is wrong
    prepared = prepare(rules, table, shares, origin, stored, now)
    evaluate(rule, prepared.views[rule.id], now)                -> Finding | Held

`settle` holds the protocol between rules, baselines and storage; `reasons` names every hold.
"""

from __future__ import annotations

import pkgutil
from datetime import datetime
from importlib import import_module

from alerts.finding import Finding, Held
from alerts.rules.rule import KINDS, Kind, Rule, series_id
from alerts.rules.where import Where, parse_where

for _module in pkgutil.iter_modules(__path__):
    _kind = getattr(import_module(f"{__name__}.{_module.name}"), "KIND", None)
    if isinstance(_kind, Kind):
        KINDS[_kind.name] = _kind

from alerts.rules.settle import (  # noqa: E402  (needs the kinds)
    Prepared,
    Settled,
    prepare,
    signals_since,
)
from alerts.rules.view import RuleView  # noqa: E402  (as above)

__all__ = [
    "KINDS", "Prepared", "Rule", "RuleView", "Settled", "Where", "evaluate", "parse_where",
    "prepare", "series_id", "signals_since",
]  # fmt: skip


def evaluate(rule: Rule, view: RuleView, now: datetime) -> Finding | Held:
    """What the rule says of what it sees at `now` (aware UTC): that it fires, or why not."""
    return KINDS[rule.kind].evaluate(rule, view, now)
