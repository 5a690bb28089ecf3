"""Reads rules.yaml: what raises an alert, with a default for what is not given."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import get_args

from alerts.baseline import DEFAULT_FALSE_ALARMS
from alerts.episode import SEVERITIES
from alerts.rules import KINDS, Rule, Where
from alerts.rules.rule import SPECIAL_KEYS
from alerts.series import Unit
from worker.classify.lexicon import Lexicon
from worker.profile.faults import Faults
from worker.profile.identity import Identities, identifier
from worker.profile.section import Section, nearest, section_of, sections
from worker.profile.sides import called
from worker.profile.where import read_where
from worker.profile.yaml_lines import read_yaml

COUNTS: tuple[str, ...] = get_args(Unit)

_KEYS = (
    "id", "name", "kind", "where", "count", "window", "min_newsrooms", "severity",
    "false_alarms_per_year", "at_least", "from", "to", "against", "after", "within", "note",
)  # fmt: skip
_FILTERS = {"from": "from_where", "to": "to_where", "against": "against"}
_NEEDED = {"threshold": ("at_least",), "crossing": ("from", "to")}

DEFAULT_COUNT = "stories"
DEFAULT_MIN_NEWSROOMS = 2
DEFAULT_SEVERITY = "warning"
LONGEST_WINDOW = "400d"


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
    identities, afters = Identities(), list[Section]()
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
        afters.append(section)
    for section in afters:
        _check_after(section, found.lines)
    return found


def _check_after(section: Section, known: Collection[str]) -> None:
    """Every rule that another one comes after must stand in the file, before it or behind it."""
    given = section.content.get("after")
    for index, name in enumerate(given if isinstance(given, list) else [given]):
        if isinstance(name, str) and name.strip() not in known:
            place = (index,) if isinstance(given, list) else ()
            sentence = f"there is no rule {name.strip()!r}{nearest(name, known)}"
            section.fault(sentence, "after", *place)


def _rule(section: Section, lexicon: Lexicon | None, newsrooms: Collection[str]) -> Rule | None:
    section.only(*_KEYS)
    section.require("id", "kind", "window")
    rule_id, kind = identifier(section), _kind(section)
    section.text("name")
    section.text("note")
    where = read_where(section, lexicon, newsrooms)
    window = section.duration("window", least="1m", most=LONGEST_WINDOW)
    _fit_to_kind(section, kind)
    given = _given(section, kind, lexicon, newsrooms)
    if rule_id is None or kind is None or where is None or window is None or not section.sound:
        return None
    try:
        return _built(rule_id, kind, where, window, given)
    except ValueError as error:
        sentence = str(error).removeprefix(f"rule {rule_id}: ").rstrip(".")
        section.fault(f"{sentence}.", *_key_in(sentence))
        return None


def _key_in(sentence: str) -> tuple[str, ...]:
    """The first word of a rule's own complaint that is one of its keys: the fault stands there."""
    return next(((word,) for word in sentence.split() if word in _KEYS), ())


@dataclass(frozen=True, slots=True)
class _Given:
    """The keys of a rule that have a default, or that its kind alone takes."""

    count: str
    min_newsrooms: int
    severity: str
    false_alarms_per_year: float | None
    at_least: int | None
    after: tuple[str, ...]
    within: timedelta | None
    filters: Mapping[str, Where | None]  # by field of Rule


def _given(
    section: Section, kind: str | None, lexicon: Lexicon | None, newsrooms: Collection[str]
) -> _Given:
    min_newsrooms = section.whole("min_newsrooms", 1, 1000)
    alarms = section.number("false_alarms_per_year", least=0.01, most=8760)
    if alarms is None and kind is not None and "false_alarms_per_year" in KINDS[kind].takes:
        alarms = DEFAULT_FALSE_ALARMS
    return _Given(
        count=section.choice("count", COUNTS) or DEFAULT_COUNT,
        min_newsrooms=DEFAULT_MIN_NEWSROOMS if min_newsrooms is None else min_newsrooms,
        severity=section.choice("severity", SEVERITIES) or DEFAULT_SEVERITY,
        false_alarms_per_year=alarms,
        at_least=section.whole("at_least", 1, 1_000_000),
        after=section.texts("after"),
        within=section.duration("within", least="1h", most=LONGEST_WINDOW),
        filters={
            name: read_where(section, lexicon, newsrooms, key) if section.has(key) else None
            for key, name in _FILTERS.items()
        },
    )


def _built(rule_id: str, kind: str, where: Where, window: timedelta, given: _Given) -> Rule:
    left, reached = given.filters["from_where"], given.filters["to_where"]
    return Rule(
        id=rule_id,
        kind=kind,
        where=where,
        window=window,
        count=given.count,
        min_newsrooms=given.min_newsrooms,
        severity=given.severity,
        false_alarms_per_year=given.false_alarms_per_year,
        at_least=given.at_least,
        after=given.after,
        within=given.within,
        from_where=left,
        to_where=reached,
        against=given.filters["against"],
        sides=(called(left), called(reached)) if left and reached else None,
    )


def _kind(section: Section) -> str | None:
    kind = section.text("kind")
    if kind is None or kind in KINDS:
        return kind
    section.fault(f"{kind!r} is no kind of rule{nearest(kind, KINDS)}", "kind")
    return None


def _fit_to_kind(section: Section, kind: str | None) -> None:
    """Keys that belong to another kind would be read by nobody."""
    if kind is None:
        return
    section.require(*_NEEDED.get(kind, ()))
    for name, key in SPECIAL_KEYS.items():
        if section.has(key) and name not in KINDS[kind].takes:
            takers = [repr(taker) for taker, other in KINDS.items() if name in other.takes]
            kinds = f"kind{'s' if len(takers) > 1 else ''} {' and '.join(takers)}"
            section.fault(f"{key!r} belongs to the {kinds}; remove it here.", key)
