"""An episode as it stands, and what it rests on; `alerts.episode` moves it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from alerts import level
from alerts.bursts import UNFOLDING, Arrivals, mostly_in
from alerts.finding import Finding
from alerts.flapping import STEADY, Flapping
from alerts.handled import UNTOUCHED, Handling
from alerts.level import Level

State = Literal["open", "resolved"]

SHORTEST_QUIET = timedelta(hours=1)
LONGEST_QUIET = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Episode:
    """One stretch of findings of one rule; times are aware UTC.

    `id` can be read (`raid-spike-20250628T0914`) and is the same for the same rule and opening
    minute. `findings` counts evaluations that fired, `last` is the newest of them, `peak_count` the
    highest count, in the rule's unit, and `burst` the stories that people were told of: those that
    were counted while it unfolded, or when it escalated. `version` rises by one with every stored
    change: a store writes an episode only over the version before it. `severity` is the present
    one, `worst` the highest that it has had. `updated_at` is when its rule changed it last: what
    people do leaves that as it is, or the look that was under way meanwhile would be lost.
    """

    id: str
    rule: str
    state: State
    severity: str
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    findings: int
    last: Finding
    peak_count: int
    version: int
    burst: tuple[str, ...] = ()
    worst: str = ""  # the highest severity that it has had; "" in those stored before there was one
    handling: Handling = UNTOUCHED
    level: Level | None = None  # None in those stored before there was one
    arrivals: Arrivals = ()
    flapping: Flapping = STEADY

    @property
    def closed(self) -> bool:
        """Whether a person has closed it."""
        return self.handling.closed_at is not None

    @property
    def flapping_since(self) -> datetime | None:
        """Since when it goes up and down too often to be told of; None while it does not."""
        return self.flapping.since

    @property
    def quiet_since(self) -> datetime:
        """When its rule last fired: the silence that resolves it is counted from here."""
        return self.last.at


def episode_id(rule: str, opened_at: datetime) -> str:
    """The identifier of an episode of this rule."""
    return f"{rule}-{opened_at.astimezone(UTC):%Y%m%dT%H%M}"


def quiet_after(window: timedelta) -> timedelta:
    """How long a rule must stay silent before its episode is over: its window, 1 h to 24 h.

    The window, because a count that trails by it cannot have forgotten the burst sooner. Never
    more than a day: a rule about "the first in 90 days" is not open for 90 days.
    """
    return min(max(window, SHORTEST_QUIET), LONGEST_QUIET)


def same_evidence(newer: Finding, older: Finding) -> bool:
    """Whether at least half of the newer finding's stories were counted in the older one.

    A finding without stories (a silence) rests on its time: then the two windows must overlap.
    """
    if not newer.story_ids:
        return newer.at - newer.window < older.at
    return mostly_in(newer.story_ids, older.story_ids)


def known_from(finding: Finding, episode: Episode) -> bool:
    """Whether the finding rests on what people were told of this episode.

    What an episode absorbs without a word is not counted: nobody was told of that.
    """
    if not finding.story_ids or not episode.burst:
        return same_evidence(finding, episode.last)
    return mostly_in(finding.story_ids, episode.burst)


def linked(one: Episode, other: Episode) -> bool:
    """Whether two episodes tell of one burst: they were opened while it unfolded, and at least half
    of the stories of one are the other's too."""
    if abs(one.opened_at - other.opened_at) > UNFOLDING:
        return False
    ours, theirs = one.burst or one.last.story_ids, other.burst or other.last.story_ids
    if not ours or not theirs:
        return False
    return mostly_in(ours, theirs) or mostly_in(theirs, ours)


def level_of(episode: Episode) -> Level:
    """How high the episode stands; for one from before there were levels, as its last finding."""
    return episode.level or replace(
        level.ground(episode.last, episode.opened_at), severity=episode.severity
    )
