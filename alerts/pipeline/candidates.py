"""Which messages might go out: what each channel knows, compared with how each episode stands."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.episode import Change, Episode
from alerts.notification import MessageChange
from alerts.pipeline.candidate import Candidate, Said, Told, rank
from alerts.pipeline.ledger import Ledger
from alerts.pipeline.reasons import MUTED, PASSING, SILENCED
from alerts.pipeline.route import Route

#: That an episode is over is news for so long.
OVER_IS_NEWS = timedelta(hours=1)

#: A number has changed noticeably when it has by this share of it.
NOTICEABLE = 0.2

#: For these an escalation is held now and told when they end.
_FOR_A_TIME = frozenset({SILENCED, MUTED})

_LOUD = ("opened", "escalated", "repeat")


def candidates(
    opened: Sequence[Episode],
    standing: Sequence[Episode],
    routes: Sequence[Route],
    ledger: Ledger,
) -> Iterator[Candidate]:
    """Every message that could be sent now, the most severe episodes first. What has risen comes
    before what has just opened: it may rest on the same burst, and its thread is there already."""
    risen = [one for one in standing if _change(one, ledger) == "escalated"]
    others = [one for one in standing if one not in risen]
    for episode in sorted(risen, key=_most_severe_first):
        yield from _standing(episode, routes, ledger)
    for episode in sorted(opened, key=_most_severe_first):
        yield from _openings(episode, routes, ledger)
    for episode in sorted(others, key=_most_severe_first):
        yield from _standing(episode, routes, ledger)


def noticeably(before: Said, after: Said) -> bool:
    """Whether stories or newsrooms have changed so much that a message should say so."""
    pairs = ((before.stories, after.stories), (before.newsrooms, after.newsrooms))
    return any(abs(new - old) >= max(1.0, NOTICEABLE * old) for old, new in pairs)


def _standing(episode: Episode, routes: Sequence[Route], ledger: Ledger) -> Iterator[Candidate]:
    routed = _outgrown(episode, routes, ledger) | _routed(episode, routes, ledger)
    for channel, route in routed.items():
        told = ledger.of(episode.id, channel)
        if not told:
            yield from _late(episode, route, channel, ledger)
        elif episode.state == "open":
            yield from _moved(episode, route, channel, told, ledger)
        elif _is_over(episode, told, channel, ledger):
            yield _next(episode, route, channel, "resolved", told)
    if episode.state == "open":
        yield from _steps(episode, routes, ledger)


def _openings(episode: Episode, routes: Sequence[Route], ledger: Ledger) -> Iterator[Candidate]:
    routed: dict[str, Route | None] = {**_routed(episode, routes, ledger)}
    if not routed:
        # Nobody is told at once: that is decided, too.
        gathering = _taking(episode, routes, ledger)
        routed = {channel: route for route in gathering for channel in route.channels}
    for channel, route in (routed or {"": None}).items():
        yield Candidate(episode, route, channel)


def _late(episode: Episode, route: Route, channel: str, ledger: Ledger) -> Iterator[Candidate]:
    """The opening, for a channel that was kept from it for a time, or is called only now."""
    opening = Candidate(episode, route, channel)
    held = ledger.held_before(opening)
    worse = _change(episode, ledger) == "escalated"
    if episode.state == "open" and (worse or not PASSING.isdisjoint(held)):
        yield opening


def _moved(
    episode: Episode, route: Route, channel: str, told: Sequence[Told], ledger: Ledger
) -> Iterator[Candidate]:
    last = told[-1]
    before = rank(last.severity) if last.severity is not None else rank(episode.severity)
    change = _change(episode, ledger)
    worse = _next(episode, route, channel, "escalated", told)
    if rank(episode.severity) > before or change == "escalated" or _kept_from(worse, last, ledger):
        yield worse
    elif rank(episode.severity) < before or change == "de_escalated":
        yield _next(episode, route, channel, "de_escalated", told)
    elif channel in ledger.editing and _reads_otherwise(episode, last):
        yield _next(episode, route, channel, "updated", told)
    if route.repeat_every is not None:
        number = max((one.number for one in told if one.about == "repeat"), default=0)
        due = max((one.due_at for one in told if one.about in _LOUD), default=last.due_at)
        yield Candidate(episode, route, channel, number + 1, "repeat", due + route.repeat_every)


def _kept_from(escalation: Candidate, last: Told, ledger: Ledger) -> bool:
    """Whether the channel has not heard of an escalation that still holds, because it was mute or
    silenced then."""
    episode = escalation.episode
    untold = episode.level is not None and episode.level.at > last.meant_for
    held = _FOR_A_TIME.intersection(ledger.held_before(escalation))
    return untold and episode.flapping.rising and bool(held)


def _change(episode: Episode, ledger: Ledger) -> Change | None:
    """What this evaluation did to the episode. An escalation need not be one of severity: a second
    burst, or twice as many reports, is one too."""
    moved = ledger.moved.get(episode.id)
    return moved.change if moved else None


def _reads_otherwise(episode: Episode, last: Told) -> bool:
    """Whether the message that is there says something that is not so any more."""
    if last.about == "resolved":
        return True
    return last.said is not None and noticeably(last.said, Said.of(episode.last))


def _is_over(episode: Episode, told: Sequence[Told], channel: str, ledger: Ledger) -> bool:
    """Whether the channel may be told that the episode is over: once, or wherever a message that is
    there says otherwise."""
    if episode.resolved_at is None or ledger.now - episode.resolved_at > OVER_IS_NEWS:
        return False
    if channel in ledger.editing:
        return told[-1].about != "resolved"
    return all(one.about != "resolved" for one in told)


def _steps(episode: Episode, routes: Sequence[Route], ledger: Ledger) -> Iterator[Candidate]:
    """The next persons, each by the first route that would call them."""
    called: set[tuple[int, str]] = set()
    # A call that was made is no decision any more, and not held back.
    known = {one.key for one in ledger.told}
    for route in _taking(episode, routes, ledger):
        first = _first_told(episode, route, ledger)
        if first is None:
            continue
        for number, step in enumerate(route.escalate, start=1):
            for channel in step.channels:
                due = first + step.after
                call = Candidate(episode, route, channel, number, "escalation", due)
                if (number, channel) not in called and call.key not in known:
                    called.add((number, channel))
                    yield call


def _first_told(episode: Episode, route: Route, ledger: Ledger) -> datetime | None:
    """When the first message on the episode was to leave by this route."""
    told = [one for channel in route.channels for one in ledger.of(episode.id, channel)]
    return min((one.meant_for for one in told if one.about != "escalation"), default=None)


def _next(
    episode: Episode, route: Route, channel: str, change: MessageChange, told: Sequence[Told]
) -> Candidate:
    number = sum(one.about == change for one in told)
    return Candidate(episode, route, channel, number, change)


def _routed(episode: Episode, routes: Sequence[Route], ledger: Ledger) -> dict[str, Route]:
    """The channels that hear of this episode at once, each by the first route that takes it
    there."""
    channels: dict[str, Route] = {}
    for route in _taking(episode, routes, ledger):
        if route.digest is None:
            for channel in route.channels:
                channels.setdefault(channel, route)
    return channels


def _outgrown(episode: Episode, routes: Sequence[Route], ledger: Ledger) -> dict[str, Route]:
    """The channels that were told while the episode was more severe, by a route that does not take
    it any more: they hear how it goes on, or would hold it to be open for ever. It is not repeated
    there."""
    channels: dict[str, Route] = {}
    for told in ledger.told:
        if told.episode != episode.id or told.severity in (None, episode.severity):
            continue
        then = replace(episode, severity=told.severity or episode.severity)
        for route in _taking(then, routes, ledger):
            if route.digest is None and told.channel in route.channels:
                channels.setdefault(told.channel, replace(route, repeat_every=None))
    return channels


def _taking(episode: Episode, routes: Sequence[Route], ledger: Ledger) -> list[Route]:
    categories = ledger.categories.get(episode.id, ())
    return [route for route in routes if route.match.takes(episode, categories)]


def _most_severe_first(episode: Episode) -> tuple[int, datetime, int, str]:
    """Of equals that opened together, the one that has more to tell."""
    return -rank(episode.severity), episode.opened_at, -episode.last.stories, episode.id
