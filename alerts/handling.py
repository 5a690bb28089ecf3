"""What people do with an episode: a deed makes the next version of it, or says why it cannot.

              acknowledged, assigned    open or resolved, not closed
    deeds     snoozed, woken            open
              closed                    open: resolves it
              false_alarm               open, resolved or closed: closes it
              reopened                  closed, while its rule has opened no later one

A deed that is done already changes nothing, so that it may be sent twice. What a rule sees of the
same evidence cannot undo it, and an evaluation that is under way does not lose by it: a deed leaves
all that `alerts.episode.advance` works with as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

from alerts.handled import UNTOUCHED as UNTOUCHED
from alerts.handled import Handling as Handling
from alerts.standing import Episode

Deed = Literal["acknowledged", "assigned", "snoozed", "woken", "closed", "reopened", "false_alarm"]
DEEDS: tuple[Deed, ...] = get_args(Deed)

#: Nobody means to be silent for longer: whoever does closes the episode.
LONGEST_SNOOZE = timedelta(days=30)


class Impossible(ValueError):
    """A deed that cannot be done to this episode; the message is a sentence with a remedy."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, when (aware UTC), and what the deed needs besides: `until` when an episode is
    snoozed, `to` whom it is given, `later` the episode that its rule has opened since."""

    by: str
    at: datetime
    until: datetime | None = None
    to: str | None = None
    later: str | None = None


def apply(
    episode: Episode,
    deed: Deed,
    by: str,
    now: datetime,
    *,
    until: datetime | None = None,
    to: str | None = None,
    later: str | None = None,
) -> Episode:
    """The episode after the deed, one version on; the very same one where it is done already.

    Raises `Impossible`. `later` names a later episode of the same rule, if there is one.
    """
    done = _DEEDS[deed](episode, Act(by, now, until, to, later))
    return episode if done == episode else replace(done, version=episode.version + 1)


def is_snoozed(episode: Episode, now: datetime) -> bool:
    """Whether it says nothing at `now`."""
    until = episode.handling.snoozed_until
    return until is not None and now < until


def _acknowledged(episode: Episode, act: Act) -> Episode:
    _not_closed(episode, "acknowledge")
    if episode.handling.acknowledged_by == act.by:
        return episode
    return _handled(
        episode, replace(episode.handling, acknowledged_by=act.by, acknowledged_at=act.at)
    )


def _assigned(episode: Episode, act: Act) -> Episode:
    """Whoever gives it away has seen it; whoever is given it need not say so."""
    _not_closed(episode, "assign")
    if not act.to:
        raise Impossible(f"{episode.id}: say to whom it is given.")
    seen = episode
    if episode.handling.acknowledged_by is None:
        seen = _handled(
            episode, replace(episode.handling, acknowledged_by=act.by, acknowledged_at=act.at)
        )
    return _handled(seen, replace(seen.handling, assigned_to=act.to))


def _snoozed(episode: Episode, act: Act) -> Episode:
    _open(episode, "snooze")
    if act.until is None:
        raise Impossible(f"{episode.id}: say until when it is snoozed.")
    if act.until <= act.at:
        raise Impossible(
            f"{episode.id} cannot be snoozed until {_said(act.until)}, which is past: "
            "give a time that is yet to come."
        )
    if act.until - act.at > LONGEST_SNOOZE:
        raise Impossible(
            f"{episode.id} cannot be snoozed for longer than {LONGEST_SNOOZE.days} days: close it."
        )
    return _handled(episode, replace(episode.handling, snoozed_until=act.until))


def _woken(episode: Episode, _: Act) -> Episode:
    _open(episode, "wake")
    return _handled(episode, replace(episode.handling, snoozed_until=None))


def _closed(episode: Episode, act: Act) -> Episode:
    if episode.closed:
        return episode
    _open(episode, "close")
    return _shut(episode, act)


def _false_alarm(episode: Episode, act: Act) -> Episode:
    if episode.handling.false_alarm:
        return episode
    shut = episode if episode.closed else _shut(episode, act)
    return _handled(shut, replace(shut.handling, false_alarm=True))


def _reopened(episode: Episode, act: Act) -> Episode:
    if episode.state == "open":
        return episode
    if not episode.closed:
        raise Impossible(
            f"{episode.id} was resolved by its rule at {_said(episode.resolved_at)}, not closed: "
            "it opens again by itself when its rule fires on the same stories."
        )
    if act.later is not None:
        raise Impossible(
            f"{episode.id} cannot be opened again: its rule has opened {act.later} since, "
            "and has one episode at a time."
        )
    again = replace(episode, state="open", resolved_at=None)
    return _handled(
        again, replace(again.handling, closed_by=None, closed_at=None, false_alarm=False)
    )


_DEEDS: dict[Deed, Callable[[Episode, Act], Episode]] = {
    "acknowledged": _acknowledged,
    "assigned": _assigned,
    "snoozed": _snoozed,
    "woken": _woken,
    "closed": _closed,
    "reopened": _reopened,
    "false_alarm": _false_alarm,
}


def _shut(episode: Episode, act: Act) -> Episode:
    """Whoever closes it has seen all that it counts: none of that is news afterwards."""
    burst = tuple(dict.fromkeys((*episode.burst, *episode.last.story_ids)))
    over = episode.resolved_at or act.at
    shut = replace(episode, state="resolved", resolved_at=over, burst=burst)
    return _handled(
        shut, replace(shut.handling, closed_by=act.by, closed_at=act.at, snoozed_until=None)
    )


def _handled(episode: Episode, handling: Handling) -> Episode:
    return replace(episode, handling=handling)


def _not_closed(episode: Episode, verb: str) -> None:
    if episode.closed:
        handling = episode.handling
        raise Impossible(
            f"{episode.id} was closed by {handling.closed_by} at {_said(handling.closed_at)}; "
            f"`dyadwatch episodes reopen {episode.id}` opens it again, to {verb} it."
        )


def _open(episode: Episode, verb: str) -> None:
    _not_closed(episode, verb)
    if episode.state == "resolved":
        raise Impossible(
            f"{episode.id} is over since {_said(episode.resolved_at)}: there is nothing to {verb}."
        )


def _said(moment: datetime | None) -> str:
    return "an unknown time" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"
