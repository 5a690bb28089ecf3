"""Episodes, their history and what was told of them, as flat records for lists and JSON (pure)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from alerts.episode import Episode
from alerts.handling import is_snoozed
from worker.moments import written
from worker.storage.decisions import Told
from worker.storage.episode_changes import EpisodeChange

#: How a list may be narrowed: by what its rule sees, or by what people have done.
STATES = ("open", "resolved", "acknowledged", "snoozed", "closed", "false_alarm", "flapping")


def is_in(episode: Episode, state: str, now: datetime) -> bool:
    """Whether the episode is in one of `STATES` at `now`."""
    handling = episode.handling
    return {
        "open": episode.state == "open",
        "resolved": episode.state == "resolved",
        "acknowledged": handling.acknowledged_at is not None and not episode.closed,
        "snoozed": is_snoozed(episode, now),
        "closed": episode.closed,
        "false_alarm": handling.false_alarm,
        "flapping": episode.flapping_since is not None,
    }[state]


def handled(episode: Episode, now: datetime) -> str | None:
    """What people have done with it, in one word; None where nobody has done anything."""
    for state in ("false_alarm", "closed", "snoozed", "acknowledged"):
        if is_in(episode, state, now):
            return state
    return None


def episode_record(episode: Episode, now: datetime) -> dict[str, Any]:
    """An episode as it stands."""
    finding, handling = episode.last, episode.handling
    return {
        "id": episode.id,
        "rule": episode.rule,
        "state": episode.state,
        "severity": episode.severity,
        "worst": episode.worst or episode.severity,
        "handling": handled(episode, now),
        "owner": handling.owner,
        "opened_at": written(episode.opened_at),
        "updated_at": written(episode.updated_at),
        "resolved_at": written(episode.resolved_at),
        "acknowledged_by": handling.acknowledged_by,
        "acknowledged_at": written(handling.acknowledged_at),
        "assigned_to": handling.assigned_to,
        "snoozed_until": written(handling.snoozed_until),
        "closed_by": handling.closed_by,
        "closed_at": written(handling.closed_at),
        "false_alarm": handling.false_alarm,
        "flapping_since": written(episode.flapping_since),
        "count": finding.count,
        "unit": finding.unit,
        "peak_count": episode.peak_count,
        "window_seconds": int(finding.window.total_seconds()),
        "expected": finding.expected,
        "upper": finding.upper,
        "probability": finding.probability,
        "ladder": finding.ladder,
        "articles": finding.articles,
        "stories": finding.stories,
        "newsrooms": finding.newsrooms,
        "newsroom_ids": list(finding.newsroom_ids),
        "story_ids": list(finding.story_ids),
        "without_largest": finding.without_largest,
        "coverage": finding.coverage,
        "provisional": finding.provisional,
    }


def change_record(change: EpisodeChange) -> dict[str, Any]:
    """One line of an episode's history."""
    numbers, said = change.numbers, change.particulars
    return {
        "at": written(change.at),
        "episode": change.episode,
        "change": change.change,
        "by": change.by,
        "reason": change.reason or None,
        "version": change.version,
        "severity": numbers.severity,
        "count": numbers.count,
        "unit": numbers.unit,
        "expected": numbers.expected,
        "upper": numbers.upper,
        "probability": numbers.probability,
        "ladder": numbers.ladder,
        "articles": numbers.articles,
        "stories": numbers.stories,
        "newsrooms": numbers.newsrooms,
        "flapping": numbers.flapping,
        "until": written(said.until),
        "to": said.to,
    }


def told_record(told: Told) -> dict[str, Any]:
    """A message on the episode: what was sent, to whom and when, or held back and why."""
    return {
        "at": written(told.at),
        "last_at": written(told.last_at),
        "times": told.times,
        "key": told.key,
        "channel": told.channel,
        "recipient": told.recipient,
        "stage": told.stage,
        "reason": told.reason,
        "detail": told.detail,
        "status": told.status,
        "due_at": written(told.due_at),
        "sent_at": written(told.sent_at),
        "attempts": told.attempts,
        "error": told.error,
    }


def account_record(
    episode: Episode,
    changes: Sequence[EpisodeChange],
    told: Sequence[Told],
    proof: dict[str, Any] | None,
    why: str,
    now: datetime,
) -> dict[str, Any]:
    """All that is known of an episode."""
    return {
        **episode_record(episode, now),
        "why": why,
        "history": [change_record(change) for change in changes],
        "told": [told_record(one) for one in told],
        "proof": proof,
    }
