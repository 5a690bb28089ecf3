"""Puts the digests of the day and of the week into the outbox when they are due."""

import hashlib
import logging
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from alerts.digest import Gathered, HeldBack, compose
from alerts.episode import Episode
from alerts.pipeline import DigestTimes, Route
from alerts.pipeline.reasons import IN_DIGEST
from worker import telling
from worker.bootstrap import Services
from worker.profile.model import Profile
from worker.storage import archive, decisions, episode_changes, episodes, outbox
from worker.storage.codec import encode
from worker.storage.decisions import Ruling
from worker.storage.statements import one_at_a_time

log = logging.getLogger(__name__)

#: A service that was off tells a digest that it missed, but not one of long ago.
_LATEST = timedelta(hours=12)


def send_due(services: Services, now: datetime) -> int:
    """Put what is due into the outbox, once for each channel and slot; returns how many."""
    routes = [route for route in services.profile.routes if route.digest is not None]
    if not routes:
        return 0
    return services.database.retrying(
        lambda conn: sum(_put_in(conn, services.profile, route, now) for route in routes)
    )


def _put_in(conn: Connection, profile: Profile, route: Route, now: datetime) -> int:
    one_at_a_time(conn, "digests")
    times = route.digest
    if times is None:
        return 0
    slot = times.last_slot(now)
    name = f"digest:{times.period}-{_mark(route)}:{slot:%Y%m%dT%H%M}"
    channels = [one for one in route.channels if not outbox.known(conn, f"{name}:{one}")]
    if now - slot > _LATEST or not channels:
        return 0
    notice = compose(_gathered(conn, route, times, slot), profile.rule_names, times.zone)
    if notice is None:
        return 0
    payload, readers = encode(notice), telling.recipients(profile)
    for channel in channels:
        key = f"{name}:{channel}"
        outbox.add(conn, key, channel, name, payload, now, now=now)
        said = f"The digest until {slot:%Y-%m-%d %H:%M} UTC."
        passed = Ruling(key, "", channel, decisions.PASSED, "digest", said, readers.get(channel))
        decisions.keep(conn, [passed], now)
    log.warning("%s goes to %s.", name, ", ".join(channels))
    return len(channels)


def _gathered(conn: Connection, route: Route, times: DigestTimes, until: datetime) -> Gathered:
    since = times.before(until)
    climbs = Counter(
        change.episode
        for change in episode_changes.listing(conn, since, until)
        if change.change == "escalated"
    )
    stored = (
        *episodes.listing(conn, since, until),
        *episodes.listing(conn, state="open"),
        *(found for name in climbs if (found := episodes.get(conn, name)) is not None),
        *_over(conn, since, until),
    )
    taken = {one.id: one for one in stored if one.opened_at < until and _takes(conn, route, one)}
    held = [
        HeldBack(one.episode, one.channel, one.reason)
        for one in decisions.listing(conn, since, until, sent=False)
        if one.episode in taken and one.stage != decisions.PASSED and one.reason != IN_DIGEST
    ]
    escalated = {name: count for name, count in climbs.items() if name in taken}
    return Gathered(times.period, since, until, list(taken.values()), escalated, held)


def _over(conn: Connection, since: datetime, until: datetime) -> list[Episode]:
    """What was resolved in the time, however long ago it was opened."""
    ended = {
        change.episode
        for change in episode_changes.listing(conn, since, until)
        if change.change in ("resolved", "closed", "false_alarm")
    }
    return [found for name in sorted(ended) if (found := episodes.get(conn, name)) is not None]


def _takes(conn: Connection, route: Route, episode: Episode) -> bool:
    """Whether the route takes it, as severe as it has been at its worst."""
    categories: Collection[str] = ()
    if route.match.categories:
        counted = archive.get(conn, episode.last.article_ids).values()
        categories = {event.category for article in counted for event in article.events}
    worst = replace(episode, severity=episode.worst or episode.severity)
    return route.match.takes(worst, categories)


def _mark(route: Route) -> str:
    """The same for the same `match`: two digests of a day to one channel are two."""
    match = route.match
    fields = (match.rules, match.severities, match.categories)
    words = "|".join(",".join(sorted(field)) for field in fields)
    return hashlib.sha256(words.encode()).hexdigest()[:8]
