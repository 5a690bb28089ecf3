"""How high an episode stands, and when that is a step up or down that people should hear of.

Up at once, down slowly (hysteresis):

    up      its rule finds it more severe; or graver events are reported; or it has doubled
    down    none of that holds any more, and has not for half of the silence that would end it,
            and what it counts has stayed below half of what it had

Doubled is measured from the highest that people were told of, never from the last look, so that a
burst that grows without a pause says so once for each doubling. Between up and down lies a factor
of two or more: what hovers about either of them does not go to and fro.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from alerts.bursts import UNFOLDING
from alerts.finding import Finding
from alerts.severity import exceeds, more_severe, raised

#: Why an episode escalated: its rule says so; what it counts has doubled; what is missing has
#: become far less likely; graver events are reported; another burst has come.
MORE_SEVERE = "more_severe"
DOUBLED = "doubled"
DEEPER = "deeper"
GRAVER = "graver"
ANOTHER_BURST = "another_burst"

#: A burst twice as large is another thing; one half as large as it was is not the same any more.
UP, DOWN = 2.0, 0.5
#: A silence cannot double: it is deeper when it is a thousand times less likely. The score is
#: -log10 of the probability.
DEEPER_BY = 3.0
#: What says that something has happened at all, and not how much of it, does not grow.
UNMEASURED = ("first_in", "crossing")
#: Two standard deviations of a Poisson count, on the scale of its root: of so few as two or three,
#: twice as many may be chance.
ROOT_STEP = 1.0
#: Deaths or a military clash. It is told while a burst unfolds, too: of all that is less, the
#: message that has just left will do.
GRAVEST = 4

N = TypeVar("N", int, float)


@dataclass(frozen=True, slots=True)
class Height:
    """How much a burst is: what it has beyond what was expected (of a silence, its score), None
    where its kind measures no amount; and the gravest of its events, 0 to 4, None if unknown."""

    amount: float | None = None
    ladder: int | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """What people know of an episode since `at`: how high it stood, at most, when they were told.

    `ground` is the height at which it was opened, while it unfolded; `climbs` says what has raised
    it above that. `calm_since` is since when nothing of that holds any more, `calm` the most that
    it has been since.
    """

    at: datetime
    severity: str
    top: Height
    ground: Height
    climbs: tuple[str, ...] = ()
    calm_since: datetime | None = None
    calm: Height = Height()

    def unfolds(self, now: datetime) -> bool:
        """Whether what comes now still belongs to what people have just been told of."""
        return now - self.at <= UNFOLDING


def height(finding: Finding) -> Height:
    """How high a finding stands."""
    if finding.below:
        likely = finding.probability
        amount = None if likely is None else -math.log10(max(likely, 1e-300))
    elif finding.kind in UNMEASURED:
        amount = None
    else:
        amount = finding.count - (finding.expected or 0.0)
    return Height(amount, finding.ladder)


def ground(finding: Finding, now: datetime) -> Level:
    """The level of an episode that opens with this finding."""
    found = height(finding)
    return Level(now, finding.severity, found, found)


def climb(level: Level, finding: Finding, now: datetime) -> str | None:
    """Why the finding stands a clear step above the level, as a constant; None when it does not."""
    found, top = height(finding), level.top
    if exceeds(finding.severity, level.severity):
        return MORE_SEVERE
    graver = None not in (found.ladder, top.ladder) and _gravity(found) > _gravity(top)
    if graver and (_gravity(found) >= GRAVEST or not level.unfolds(now)):
        return GRAVER
    if found.amount is None or top.amount is None or level.unfolds(now):
        return None
    if finding.below:
        return DEEPER if found.amount >= top.amount + DEEPER_BY else None
    return DOUBLED if found.amount >= _next(top.amount) else None


def climbed(level: Level, finding: Finding, why: str, now: datetime) -> Level:
    """The level after an escalation.

    Its severity is its rule's, and one step more once it has grown or become graver; not more,
    however often: whoever wrote the rule said how much it matters. Cooperation never matters more
    for being plenty, and another burst is as severe as the first.
    """
    top = _higher(level.top, height(finding))
    climbs = level.climbs
    if why not in (ANOTHER_BURST, *climbs):
        climbs = (*climbs, why)
    severity = more_severe(finding.severity, level.severity)
    if why in (DOUBLED, DEEPER, GRAVER) and top.ladder != 0:
        severity = more_severe(severity, raised(finding.severity))
    return replace(
        level, at=now, severity=severity, top=top, climbs=climbs, calm_since=None, calm=Height()
    )


def held(level: Level, finding: Finding, now: datetime) -> Level:
    """The level after a look that was no step up: it unfolds, stands, or is calm for so long."""
    found = height(finding)
    if level.unfolds(now):
        top = _higher(level.top, found)
        return replace(level, top=top, ground=level.ground if level.climbs else top)
    if level.top.ladder is None:  # in episodes from before there was a ladder
        level = replace(level, top=replace(level.top, ladder=found.ladder))
    if not _is_calm(level, finding):
        return replace(level, calm_since=None, calm=Height())
    return replace(level, calm_since=level.calm_since or now, calm=_higher(level.calm, found))


def may_fall(level: Level, severity: str, now: datetime, since: datetime, quiet: timedelta) -> bool:
    """Whether the level has been calm for long enough to fall; `severity` is what its rule says now
    and `since` when it was calm first. Half of the silence that would end it all is enough."""
    return _stands_above(level, severity) and now - since >= quiet / 2


def fallen(level: Level, severity: str, now: datetime) -> Level:
    """The level after a de-escalation: its rule's own severity, and as high as it has been since it
    is calm, so that the way up begins there."""
    top = _higher(level.ground, level.calm)
    return Level(now, severity, top, level.ground)


def _is_calm(level: Level, finding: Finding) -> bool:
    """Whether nothing that raised the level holds any more."""
    if not _stands_above(level, finding.severity):
        return False
    found = height(finding)
    if GRAVER in level.climbs and _gravity(found) >= _gravity(level.top):
        return False
    if DOUBLED in level.climbs and _amount(found) >= DOWN * _amount(level.top):
        return False
    return not (DEEPER in level.climbs and _amount(found) > _amount(level.top) - DEEPER_BY)


def _stands_above(level: Level, severity: str) -> bool:
    """Whether there is anywhere to fall from, if its rule finds it so severe now."""
    return bool({*level.climbs} - {MORE_SEVERE}) or exceeds(level.severity, severity)


def _next(amount: float) -> float:
    """The amount that is a clear step above this one."""
    at_least = max(amount, 0.0)
    return max(UP * at_least, (math.sqrt(at_least) + ROOT_STEP) ** 2)


def _amount(height: Height) -> float:
    return height.amount or 0.0


def _gravity(height: Height) -> int:
    return height.ladder or 0


def _higher(one: Height, other: Height) -> Height:
    return Height(_more(one.amount, other.amount), _more(one.ladder, other.ladder))


def _more(one: N | None, other: N | None) -> N | None:
    known = [value for value in (one, other) if value is not None]
    return max(known, default=None)
