"""A route: who is told of which episodes, and how."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from alerts.episode import Episode
from alerts.notification import MessageChange
from alerts.pipeline.times import DigestTimes, MuteTime, QuietHours

#: Long enough for the rest of a burst that is being stored to arrive, and short enough for whoever
#: waits for it.
DEFAULT_GROUP_WAIT = timedelta(seconds=2)

#: The changes of an episode that a route may tell of.
CHANGES: tuple[MessageChange, ...] = ("opened", "escalated", "de_escalated", "resolved")

#: Seldom: that it began, that it got worse, that it is over. Better than before is no reason to
#: interrupt anybody, and where messages can be changed it is seen there.
DEFAULT_TELL: frozenset[MessageChange] = frozenset({"opened", "escalated", "resolved"})


@dataclass(frozen=True, slots=True)
class Match:
    """Which episodes are meant: each field that is given must hold; an empty one takes all."""

    rules: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    def takes(self, episode: Episode, categories: Collection[str]) -> bool:
        """Whether this episode, whose counted events are of `categories`, is taken."""
        return (
            (not self.rules or episode.rule in self.rules)
            and (not self.severities or episode.severity in self.severities)
            and (not self.categories or not self.categories.isdisjoint(categories))
        )


@dataclass(frozen=True, slots=True)
class Step:
    """`channels` are told when nobody has acknowledged an episode for so long after it was told."""

    after: timedelta
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Who is told of which episodes, and how.

    `group_wait` lets a message gather stories, and be replaced by a more severe one on the same
    burst, before it leaves; 0 sends at once. `repeat_every` None never repeats. `quiet_hours` let
    what is not critical wait until they end; in `mute_times` nothing is told, and afterwards only
    what is still open. `escalate` are the next persons, in turn. A route with a `digest` tells
    nothing at once: it gathers.
    """

    channels: tuple[str, ...]
    match: Match = Match()
    group_wait: timedelta = timedelta(0)
    repeat_every: timedelta | None = None
    quiet_hours: QuietHours | None = None
    mute_times: tuple[MuteTime, ...] = ()
    tell: frozenset[MessageChange] = DEFAULT_TELL
    escalate: tuple[Step, ...] = ()
    digest: DigestTimes | None = None
