"""Reads rules.yaml: what raises an alert, with a default for what is not given."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import get_args

from alerts.episode import SEVERITIES
from alerts.rules import KINDS, Rule, Where
from alerts.series import Unit
from worker.classify.lexicon import Lexicon
from worker.profile.faults import Faults
from worker.profile.identity import Identities, identifier
from worker.profile.section import Section, nearest, section_of, sections
from worker.profile.where import read_where
from worker.profile.yaml_lines import read_yaml

COUNTS: tuple[str, ...] = get_args(Unit)

#: Kinds of the contract that this version cannot evaluate.
LATER_KINDS = frozenset({"first_in", "crossing", "silence"}) - frozenset(KINDS)

_KEYS = (
    "id", "name", "kind", "where", "count", "window", "min_newsrooms", "severity",
    "false_alarms_per_year", "at_least", "note",
)  # fmt: skip

DEFAULT_COUNT = "stories"
DEFAULT_MIN_NEWSROOMS = 2
DEFAULT_SEVERITY = "warning"
DEFAULT_FALSE_ALARMS_PER_YEAR = 12.0


@dataclass(slots=True)
class RuleList:
    """What rules.yaml came to.

    `names` are the human sentences of the sound rules. `severities` and `lines` have every rule
    that stands in the file, broken ones included, so that a route to it is no second fault.
    """

    rules: list[Rule] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    severities: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int | None] = field(default_factory=dict)


def read_rules(
    path: Path, lexicon: Lexicon | None, newsrooms: Collection[str], faults: Faults
) -> RuleList:
    """Every rule of one file; without a lexicon the names in `where` stay unchecked."""
    file = read_yaml(path)
    found = RuleList()
    top = section_of(file, file.content, faults)
    if top is None:
        return found
    top.only("rules")
    top.require("rules")
    identities = Identities()
    for section in sections(file, top.content.get("rules"), faults, "rules"):
        rule = _rule(section, lexicon, newsrooms)
        identities.note(section)
        rule_id = section.content.get("id")
        if isinstance(rule_id, str):
            found.severities[rule_id] = str(section.content.get("severity") or DEFAULT_SEVERITY)
            found.lines[rule_id] = file.line(*section.place)
        if rule is not None:
            found.rules.append(rule)
            found.names[rule.id] = section.text("name") or rule.id
    return found


def _rule(section: Section, lexicon: Lexicon | None, newsrooms: Collection[str]) -> Rule | None:
    section.only(*_KEYS)
    section.require("id", "kind", "window")
    rule_id, kind = identifier(section), _kind(section)
    section.text("name")
    section.text("note")
    where = read_where(section, lexicon, newsrooms)
    window = section.duration("window", least="1m", most="90d")
    _fit_to_kind(section, kind)
    numbers = _numbers(section, kind)
    if rule_id is None or kind is None or where is None or window is None or not section.sound:
        return None
    try:
        return _built(rule_id, kind, where, window, numbers)
    except ValueError as error:
        sentence = str(error).removeprefix(f"rule {rule_id}: ").rstrip(".")
        section.fault(f"{sentence}.", *_key_in(sentence))
        return None


def _key_in(sentence: str) -> tuple[str, ...]:
    """The first word of a rule's own complaint that is one of its keys: the fault stands there."""
    return next(((word,) for word in sentence.split() if word in _KEYS), ())


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The keys of a rule that have a default."""

    count: str
    min_newsrooms: int
    severity: str
    false_alarms_per_year: float | None
    at_least: int | None


def _numbers(section: Section, kind: str | None) -> _Numbers:
    min_newsrooms = section.whole("min_newsrooms", 1, 1000)
    alarms = section.number("false_alarms_per_year", least=0.01, most=8760)
    if alarms is None and kind == "spike":
        alarms = DEFAULT_FALSE_ALARMS_PER_YEAR
    return _Numbers(
        count=section.choice("count", COUNTS) or DEFAULT_COUNT,
        min_newsrooms=DEFAULT_MIN_NEWSROOMS if min_newsrooms is None else min_newsrooms,
        severity=section.choice("severity", SEVERITIES) or DEFAULT_SEVERITY,
        false_alarms_per_year=alarms,
        at_least=section.whole("at_least", 1, 1_000_000),
    )


def _built(rule_id: str, kind: str, where: Where, window: timedelta, numbers: _Numbers) -> Rule:
    return Rule(
        id=rule_id,
        kind=kind,
        where=where,
        window=window,
        count=numbers.count,
        min_newsrooms=numbers.min_newsrooms,
        severity=numbers.severity,
        false_alarms_per_year=numbers.false_alarms_per_year,
        at_least=numbers.at_least,
    )


def _kind(section: Section) -> str | None:
    kind = section.text("kind")
    if kind is None or kind in KINDS:
        return kind
    if kind in LATER_KINDS:
        known = " or ".join(sorted(KINDS))
        section.fault(f"this version cannot evaluate {kind!r} yet; use {known}.", "kind")
    else:
        section.fault(f"{kind!r} is no kind of rule{nearest(kind, KINDS)}", "kind")
    return None


def _fit_to_kind(section: Section, kind: str | None) -> None:
    """Keys that belong to another kind would be read by nobody."""
    if kind == "threshold":
        section.require("at_least")
        _belongs(section, "false_alarms_per_year", "spike")
    elif kind == "spike":
        _belongs(section, "at_least", "threshold")


def _belongs(section: Section, key: str, kind: str) -> None:
    if section.has(key):
        section.fault(f"{key!r} belongs to the kind {kind!r}; remove it here.", key)
