"""`where`: which signals a rule counts."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from alerts.signal import Signal

Value = str | int | bool | None

KEYS = (
    "category", "concept", "direction", "severity", "initiator", "target", "language", "side",
    "term", "newsroom", "stance", "main",
)  # fmt: skip
DIRECTIONS = ("escalatory", "de_escalatory", "neutral")
# What a newsroom stands for, as the sources of a profile say it.
STANCES = ("state", "pro_government", "independent", "exile", "international", "official")
SEVERITIES = range(5)
_CLOSED = {"direction": DIRECTIONS, "stance": STANCES}
_NULLABLE = ("initiator", "target", "side", "concept", "stance")
_COMPARISON = re.compile(r"(>=|<=|!=|==|=|>|<)\s*(\d+)")
_OPERATORS: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
    "=": operator.eq, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of a `where`: the signal's value is one of `values`.

    A comparison of severities is kept as the severities that it allows.
    """

    key: str
    values: frozenset[Value]

    def holds(self, signal: Signal) -> bool:
        """Whether the signal satisfies it."""
        if self.key == "term":
            return not self.values.isdisjoint((signal.category, signal.concept, *signal.terms))
        return _looked_at(signal, self.key) in self.values


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions that must all hold; without any, every signal matches."""

    conditions: tuple[Condition, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that it looks at: signals alike in them match alike."""
        return tuple(condition.key for condition in self.conditions)

    def facet(self, signal: Signal) -> tuple[object, ...]:
        """The signal's values of `keys`."""
        return tuple([_looked_at(signal, condition.key) for condition in self.conditions])

    @property
    def canonical(self) -> str:
        """The same text for the same meaning, whatever the order it was written in."""
        return ";".join(
            f"{condition.key}={sorted(map(repr, condition.values))}"
            for condition in sorted(self.conditions, key=lambda c: c.key)
        )

    def values_of(self, key: str) -> frozenset[Value] | None:
        """What `key` may be; None where the filter does not look at it."""
        return next((one.values for one in self.conditions if one.key == key), None)

    def matches(self, signal: Signal) -> bool:
        """Whether the signal counts."""
        for condition in self.conditions:  # noqa: SIM110  (twice as fast as all(): the inner loop)
            if not condition.holds(signal):
                return False
        return True


def _looked_at(signal: Signal, key: str) -> object:
    if key == "term":
        return (signal.category, signal.concept, signal.terms)
    return signal.country if key == "side" else getattr(signal, key)


def parse_where(mapping: Mapping[str, object]) -> Where:
    """The filter that a rule's `where` describes: each value one value, a list, or a comparison.

    Raises ValueError with a sentence that names the key. Whether a category, concept or term
    exists is for the profile to know.
    """
    conditions = []
    for key, value in mapping.items():
        if key not in KEYS:
            raise ValueError(f"where: there is no key {key!r}; use one of {', '.join(KEYS)}")
        conditions.append(Condition(key, _values(key, value)))
    return Where(tuple(sorted(conditions, key=lambda condition: condition.key)))


def _values(key: str, value: object) -> frozenset[Value]:
    listed = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
    if not listed:
        raise ValueError(f"where: {key} is an empty list, which nothing can match")
    if key == "severity":
        return frozenset(level for one in listed for level in _severities(one))
    if key == "main":
        return frozenset(_flag(one) for one in listed)
    return frozenset(_name(key, one) for one in listed)


def _severities(value: object) -> list[int]:
    """The severities that a number or a comparison such as '>=3' allows."""
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str) and text.isdecimal():
        text = int(text)
    if isinstance(text, int) and not isinstance(text, bool) and text in SEVERITIES:
        return [text]
    comparison = _COMPARISON.fullmatch(text) if isinstance(text, str) else None
    if comparison is None:
        raise ValueError(
            f"where: severity must be 0 to 4 or a comparison such as '>=3', not {value!r}"
        )
    compare, limit = _OPERATORS[comparison[1]], int(comparison[2])
    allowed = [level for level in SEVERITIES if compare(level, limit)]
    if not allowed:
        raise ValueError(f"where: no severity of 0 to 4 is {value!r}")
    return allowed


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"where: main must be true or false, not {value!r}")


def _name(key: str, value: object) -> str | None:
    if value is None and key in _NULLABLE:
        return None
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"where: {key} must be a name or a list of names, not {value!r}")
    name = value.strip()
    if _COMPARISON.fullmatch(name):
        raise ValueError(f"where: only severity can be compared, not {key} ({value!r})")
    allowed = _CLOSED.get(key)
    if allowed is not None and name not in allowed:
        raise ValueError(f"where: {key} must be one of {', '.join(allowed)}, not {value!r}")
    return name
