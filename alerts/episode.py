"""An episode: the findings of one rule that belong together; the only place where state changes.

                     ┌─ a clear step up: escalated ──┐
                     │                               ▼
    (none) ─Finding─▶ open ─no Finding for `quiet`─▶ resolved
           opened    ▲  ▲ │                          │
                     │  └─┴ calm for long:           │
                     │      de-escalated             │
                     ├─Finding on the same evidence──┘   reopened: nobody is told twice
                                                     │
                         Finding on new evidence ────┴─▶ another episode, opened

A person who closes an episode resolves it, too. Then it is not reopened by the same evidence, which
it takes in without a word; only another burst is told, and opens another episode.

Two findings rest on the same evidence when at least half of the newer one's stories were already
counted in the older one. So a long window that sinks under its limit and climbs back over it with
the very stories that it had continues its episode, while a second burst in the same window opens
its own. Stories decide, not a cool-down clock: a clock would hide that second burst. A second burst
that comes while the first is open escalates it (`alerts.bursts` tells it from a slow renewal;
`alerts.level` says what else is a step up or down; `alerts.flapping`, when such steps are noise).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from alerts import flapping, level
from alerts.bursts import UNFOLDING as UNFOLDING
from alerts.bursts import arrived, is_another
from alerts.finding import Finding, Held
from alerts.level import ANOTHER_BURST, Level
from alerts.severity import SEVERITIES as SEVERITIES
from alerts.severity import exceeds
from alerts.severity import more_severe as more_severe
from alerts.standing import Episode as Episode
from alerts.standing import State as State
from alerts.standing import episode_id, level_of, quiet_after, same_evidence
from alerts.standing import known_from as known_from
from alerts.standing import linked as linked

Change = Literal[
    "opened", "updated", "escalated", "de_escalated", "resolved", "reopened", "unchanged"
]

#: Every reason that a transition may carry besides those of `alerts.level` (an escalation), for
#: whoever stores, counts or explains them.
OPENED = "opened"
GREW = "grew"
CONTINUES = "continues"
REOPENED = "reopened"
CALMER = "calmer"
CLOSED = "closed"
QUIET = "quiet"
STILL_QUIET = "waiting_for_quiet"
UNOBSERVED = "unobserved"
SAME_TICK = "same_tick"
NOTHING_OPEN = "nothing_open"


@dataclass(frozen=True, slots=True)
class Transition:
    """What one evaluation did: `episode` is to be stored unless `change` is "unchanged".

    `reason` is a constant of this module or, of an escalation, of `alerts.level`. It is a `record`
    when the episode is more severe than it has ever been.
    """

    change: Change
    episode: Episode | None
    reason: str
    record: bool = False


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
    return _silent(episode, now, quiet_after(episode.last.window) if quiet is None else quiet)


def _fired(episode: Episode | None, finding: Finding, now: datetime) -> Transition:
    if episode is None:
        return _open(finding, now)
    # The identifier tells episodes apart by the minute: within one, it is the same episode.
    same_minute = episode_id(finding.rule, now) == episode.id
    if episode.closed:
        return _after_closing(episode, finding, now, same_minute=same_minute)
    if episode.state == "open":
        return _while_open(episode, finding, now)
    if same_evidence(finding, episode.last) or same_minute:
        return _reopen(episode, finding, now)
    return _open(finding, now)


def _open(finding: Finding, now: datetime) -> Transition:
    opened = Episode(
        id=episode_id(finding.rule, now),
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
        worst=finding.severity,
        level=level.ground(finding, now),
        arrivals=arrived((), finding, now),
    )
    return Transition("opened", opened, OPENED, record=True)


def _while_open(episode: Episode, finding: Finding, now: datetime) -> Transition:
    """A finding more: it escalates the episode, or lets it fall, or is one more of the same."""
    before = level_of(episode)
    arrivals = arrived(episode.arrivals, finding, now)
    seen = replace(_counted(episode, finding, now), arrivals=arrivals)
    why = level.climb(before, finding, now)
    if why is None and not before.unfolds(now) and is_another(finding, arrivals, seen.burst, now):
        why = ANOTHER_BURST
    if why is not None:
        told = replace(seen, burst=_with(seen.burst, finding))
        return _moved(told, level.climbed(before, finding, why, now), "escalated", why, now)
    after = level.held(before, finding, now)
    quiet = quiet_after(finding.window)
    if after.calm_since is not None and level.may_fall(
        after, finding.severity, now, after.calm_since, quiet
    ):
        return _moved(seen, level.fallen(after, finding.severity, now), "de_escalated", CALMER, now)
    reason = GREW if finding.count > episode.peak_count else CONTINUES
    steadier = flapping.eased(seen.flapping, now, quiet)
    return Transition("updated", replace(seen, level=after, flapping=steadier), reason)


def _silent(episode: Episode, now: datetime, quiet: timedelta) -> Transition:
    """Its rule does not fire: after a while it falls, and after a longer one it is over."""
    if now - episode.quiet_since >= quiet:
        over = replace(episode, state="resolved", resolved_at=now)
        return _moved(_next_version(over, now), level_of(episode), "resolved", QUIET, now)
    before, severity = level_of(episode), episode.last.severity
    since = before.calm_since or episode.quiet_since
    if level.may_fall(before, severity, now, since, quiet):
        lower = level.fallen(before, severity, now)
        return _moved(_next_version(episode, now), lower, "de_escalated", CALMER, now)
    return Transition("unchanged", episode, STILL_QUIET)


def _reopen(episode: Episode, finding: Finding, now: datetime) -> Transition:
    """Its rule fires on what it had fired on: from the ground, whatever it had climbed to."""
    back = replace(
        _counted(episode, finding, now),
        state="open",
        resolved_at=None,
        arrivals=arrived(episode.arrivals, finding, now),
    )
    before = replace(level_of(episode), severity=finding.severity)
    again = replace(level.held(level.fallen(before, finding.severity, now), finding, now), at=now)
    return _moved(back, again, "reopened", REOPENED, now)


def _after_closing(
    episode: Episode, finding: Finding, now: datetime, *, same_minute: bool
) -> Transition:
    """A person has closed it: it takes in what rests on the same evidence, and says nothing."""
    arrivals = arrived(episode.arrivals, finding, now)
    if finding.story_ids:
        another = is_another(finding, arrivals, episode.burst, now)
    else:
        another = not same_evidence(finding, episode.last)
    if another and not same_minute:
        return _open(finding, now)
    seen = replace(_counted(episode, finding, now), arrivals=arrivals)
    return Transition("updated", seen, CLOSED)


def _moved(episode: Episode, to: Level, change: Change, reason: str, now: datetime) -> Transition:
    """The episode at another level, and whether it flaps by now."""
    worst = episode.worst or episode.severity
    up = change in ("escalated", "reopened")
    quiet = quiet_after(episode.last.window)
    moved = replace(
        episode,
        level=to,
        severity=to.severity,
        worst=more_severe(worst, to.severity),
        flapping=flapping.moved(episode.flapping, now, quiet, up=up),
    )
    return Transition(change, moved, reason, record=exceeds(to.severity, worst))


def _counted(episode: Episode, finding: Finding, now: datetime) -> Episode:
    """The episode with one finding more; what comes while it unfolds is what people are told of."""
    unfolds = not episode.closed and level_of(episode).unfolds(now)
    return replace(
        _next_version(episode, now),
        worst=episode.worst or episode.severity,
        findings=episode.findings + 1,
        last=finding,
        peak_count=max(episode.peak_count, finding.count),
        burst=_with(episode.burst, finding) if unfolds else episode.burst,
    )


def _with(burst: tuple[str, ...], finding: Finding) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*burst, *finding.story_ids)))


def _next_version(episode: Episode, now: datetime) -> Episode:
    return replace(episode, updated_at=now, version=episode.version + 1)
