"""An episode: the findings of one rule that belong together; the only place where state changes.

    (none) ──Finding──▶ open ──no finding for `quiet`──▶ resolved
                         ▲                                   │
                         └──Finding on the same evidence─────┘   continues it: nobody is told twice
                                                             │
                            Finding on new evidence ─────────┴─▶ another episode, opened

Two findings rest on the same evidence when at least half of the newer one's stories were already
counted in the older one. So a long window that sinks under its limit and climbs back over it with
the very stories that it had continues its episode, while a second burst in the same window opens
its own. Stories decide, not a cool-down clock: a clock would hide that second burst.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from alerts.finding import Finding, Held
from alerts.handling import UNTOUCHED, Handling

State = Literal["open", "resolved"]
Change = Literal["opened", "updated", "resolved", "unchanged"]

#: From the least to the most severe.
SEVERITIES = ("info", "warning", "critical")

SHORTEST_QUIET = timedelta(hours=1)
LONGEST_QUIET = timedelta(hours=24)

#: The share of a finding's stories that must be known for it to rest on the same evidence.
SAME_EVIDENCE = 0.5

#: How long a burst takes to unfold: what an episode gathers in this time after it was opened is
#: what people were told of, and other rules that fire on it in this time fire on the same burst.
UNFOLDING = timedelta(minutes=10)

#: Every reason that a transition may carry, for whoever stores, counts or explains them.
OPENED = "opened"
GREW = "grew"
CONTINUES = "continues"
REOPENED = "reopened"
QUIET = "quiet"
STILL_QUIET = "waiting_for_quiet"
UNOBSERVED = "unobserved"
SAME_TICK = "same_tick"
NOTHING_OPEN = "nothing_open"


@dataclass(frozen=True, slots=True)
class Episode:
    """One stretch of findings of one rule; times are aware UTC.

    `id` can be read (`raid-spike-20250628T0914`) and is the same for the same rule and opening
    minute. `findings` counts evaluations that fired, `last` is the newest of them, `peak_count` the
    highest count, in the rule's unit, and `burst` the stories that were counted while it unfolded.
    `version` rises by one with every stored change: a store writes an episode only over the version
    before it. `severity` is the highest that it has had.
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

    @property
    def quiet_since(self) -> datetime:
        """When its rule last fired: the silence that resolves it is counted from here."""
        return self.last.at


@dataclass(frozen=True, slots=True)
class Transition:
    """What one evaluation did: `episode` is to be stored unless `change` is "unchanged".

    `reason` is one of this module's constants.
    """

    change: Change
    episode: Episode | None
    reason: str


def quiet_after(window: timedelta) -> timedelta:
    """How long a rule must stay silent before its episode is over: its window, 1 h to 24 h.

    The window, because a count that trails by it cannot have forgotten the burst sooner. Never
    more than a day: a rule about "the first in 90 days" is not open for 90 days.
    """
    return min(max(window, SHORTEST_QUIET), LONGEST_QUIET)


def advance(
    episode: Episode | None,
    outcome: Finding | Held,
    now: datetime,
    quiet: timedelta | None = None,
    *,
    observed: bool = True,
) -> Transition:
    """What `outcome`, seen at `now`, does to the rule's newest episode (None: it never had one).

    `quiet` is how long the rule must be silent before the episode is resolved; by default
    `quiet_after` the window of its last finding. `observed=False` says that the rule could not
    look (its sources were down): no data is never quiet, so nothing is resolved. A `now` that is
    not later than the episode's last change was counted already and changes nothing.
    """
    if episode is not None and now <= episode.updated_at:
        return Transition("unchanged", episode, SAME_TICK)
    if isinstance(outcome, Finding):
        return _fired(episode, outcome, now)
    if episode is None or episode.state == "resolved":
        return Transition("unchanged", episode, NOTHING_OPEN)
    if not observed:
        return Transition("unchanged", episode, UNOBSERVED)
    if now - episode.quiet_since < (quiet_after(episode.last.window) if quiet is None else quiet):
        return Transition("unchanged", episode, STILL_QUIET)
    return Transition("resolved", _resolved(episode, now), QUIET)


def more_severe(one: str, other: str) -> str:
    """The more severe of two severities."""
    return max(one, other, key=SEVERITIES.index)


def same_evidence(newer: Finding, older: Finding) -> bool:
    """Whether at least half of the newer finding's stories were counted in the older one.

    A finding without stories (a silence) rests on its time: then the two windows must overlap.
    """
    if not newer.story_ids:
        return newer.at - newer.window < older.at
    return _mostly_in(newer.story_ids, older.story_ids)


def known_from(finding: Finding, episode: Episode) -> bool:
    """Whether the finding rests on what was told when the episode was opened.

    What an episode absorbs later is not counted: nobody was told of that.
    """
    if not finding.story_ids or not episode.burst:
        return same_evidence(finding, episode.last)
    return _mostly_in(finding.story_ids, episode.burst)


def linked(one: Episode, other: Episode) -> bool:
    """Whether two episodes tell of one burst: they were opened while it unfolded, and at least half
    of the stories of one are the other's too."""
    if abs(one.opened_at - other.opened_at) > UNFOLDING:
        return False
    ours, theirs = one.burst or one.last.story_ids, other.burst or other.last.story_ids
    if not ours or not theirs:
        return False
    return _mostly_in(ours, theirs) or _mostly_in(theirs, ours)


def _mostly_in(newer: Collection[str], older: Collection[str]) -> bool:
    return len(set(newer) & set(older)) >= SAME_EVIDENCE * len(set(newer))


def _fired(episode: Episode | None, finding: Finding, now: datetime) -> Transition:
    if episode is None:
        return Transition("opened", _opened(finding, now), OPENED)
    if episode.state == "open":
        reason = GREW if finding.count > episode.peak_count else CONTINUES
        return Transition("updated", _updated(episode, finding, now), reason)
    # The identifier tells episodes apart by the minute: within one, it is the same episode.
    if same_evidence(finding, episode.last) or _episode_id(finding.rule, now) == episode.id:
        return Transition("updated", _updated(episode, finding, now), REOPENED)
    return Transition("opened", _opened(finding, now), OPENED)


def _opened(finding: Finding, now: datetime) -> Episode:
    return Episode(
        id=_episode_id(finding.rule, now),
        rule=finding.rule,
        state="open",
        severity=finding.severity,
        opened_at=now,
        updated_at=now,
        resolved_at=None,
        findings=1,
        last=finding,
        peak_count=finding.count,
        version=1,
        burst=finding.story_ids,
    )


def _updated(episode: Episode, finding: Finding, now: datetime) -> Episode:
    return replace(
        episode,
        state="open",
        severity=more_severe(episode.severity, finding.severity),
        updated_at=now,
        resolved_at=None,
        findings=episode.findings + 1,
        last=finding,
        peak_count=max(episode.peak_count, finding.count),
        version=episode.version + 1,
        burst=_burst(episode, finding, now),
    )


def _burst(episode: Episode, finding: Finding, now: datetime) -> tuple[str, ...]:
    if now - episode.opened_at > UNFOLDING:
        return episode.burst
    return tuple(dict.fromkeys((*episode.burst, *finding.story_ids)))


def _resolved(episode: Episode, now: datetime) -> Episode:
    return replace(
        episode, state="resolved", updated_at=now, resolved_at=now, version=episode.version + 1
    )


def _episode_id(rule: str, opened_at: datetime) -> str:
    return f"{rule}-{opened_at.astimezone(UTC):%Y%m%dT%H%M}"
