"""What a spike rule might be instead: other windows, other sensitivities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from alerts.baseline import DEFAULT_FALSE_ALARMS
from alerts.rules import Rule

SPIKE = "spike"

#: Times the sensitivity that a rule has.
FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)
LEAST_ALARMS, MOST_ALARMS = 0.01, 8760.0

_MINUTES = (15, 30, 60, 120, 180, 360, 720, 1440, 2880, 4320, 10_080, 20_160, 40_320)
#: Windows that people think in, each of whole buckets.
WINDOWS = tuple(timedelta(minutes=one) for one in _MINUTES)
#: A variant is at most so many places of the grid away, windows and sensitivities together: a rule
#: that should be further away is tuned again from there, on what has happened since.
STEPS = 2


@dataclass(frozen=True, slots=True, order=True)
class Setting:
    """A window and how many false alarms a year are accepted with it."""

    window: timedelta
    alarms: float


@dataclass(frozen=True, slots=True)
class Variant:
    """A rule with another setting, under an identifier of its own; `steps` is how far it is from
    the rule as it is, in places of the grid."""

    of: str
    rule: Rule
    setting: Setting
    steps: int


def setting_of(rule: Rule) -> Setting:
    """What a spike rule is set to."""
    given = rule.false_alarms_per_year
    return Setting(rule.window, DEFAULT_FALSE_ALARMS if given is None else given)


def variants_of(rule: Rule, *, alarms: bool = True) -> tuple[Variant, ...]:
    """The rule as it is, first, and what it might be instead; () for a rule that is no spike.

    Without `alarms` its sensitivity stays: another number is in charge of that.
    """
    if rule.kind != SPIKE:
        return ()
    now = setting_of(rule)
    near = _windows_near(now.window)
    factors = FACTORS if alarms else (1.0,)
    found: list[Variant] = []
    for window in near:
        for factor in factors:
            setting = Setting(window, _round(now.alarms * factor) if factor != 1 else now.alarms)
            steps = abs(near.index(window) - near.index(now.window))
            steps += abs(factors.index(factor) - factors.index(1.0))
            other = _with(rule, setting, len(found)) if steps <= STEPS else None
            if other is not None:
                found.append(Variant(rule.id, other, setting, steps))
    return tuple(sorted(found, key=lambda one: (one.steps, one.setting)))


def as_rule(variant: Variant) -> Rule:
    """The variant under the identifier of the rule that it stands for."""
    return replace(variant.rule, id=variant.of)


def _with(rule: Rule, setting: Setting, number: int) -> Rule | None:
    """The rule with this setting; None where no rule can have it."""
    try:
        return replace(
            rule,
            id=f"{rule.id}~{number}",
            window=setting.window,
            false_alarms_per_year=setting.alarms,
        )
    except ValueError:
        return None


def _windows_near(window: timedelta) -> Sequence[timedelta]:
    shorter = [one for one in WINDOWS if one < window][-STEPS:]
    longer = [one for one in WINDOWS if one > window][:STEPS]
    return [*shorter, window, *longer]


def _round(alarms: float) -> float:
    """Two figures: nobody can tell 11.7 false alarms a year from 12."""
    return min(max(float(f"{alarms:.2g}"), LEAST_ALARMS), MOST_ALARMS)
