"""A silence: somebody says that certain episodes are not to be told for a time, and signs it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from alerts.episode import Episode


@dataclass(frozen=True, slots=True)
class SilenceMatch:
    """Which episodes are meant: each field that is given must hold, by one of its values."""

    rules: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    episodes: tuple[str, ...] = ()

    def takes(self, episode: Episode, categories: Collection[str]) -> bool:
        """Whether this episode, whose counted events are of `categories`, is meant."""
        return (
            (not self.rules or episode.rule in self.rules)
            and (not self.severities or episode.severity in self.severities)
            and (not self.categories or any(one in categories for one in self.categories))
            and (not self.episodes or episode.id in self.episodes)
        )

    @property
    def empty(self) -> bool:
        """Whether it would take everything, which nobody means."""
        return not (self.rules or self.severities or self.categories or self.episodes)

    def __str__(self) -> str:
        named = (
            ("rule", self.rules),
            ("severity", self.severities),
            ("category", self.categories),
            ("episode", self.episodes),
        )
        return ", ".join(f"{name} {' or '.join(values)}" for name, values in named if values)


@dataclass(frozen=True, slots=True)
class Silence:
    """What `match` takes is not told from `since` until `until` (aware UTC); `by` says so."""

    id: str
    match: SilenceMatch
    since: datetime
    until: datetime
    by: str
    note: str | None = None

    def active(self, now: datetime) -> bool:
        """Whether it holds at this moment; its end is not part of it."""
        return self.since <= now < self.until

    @property
    def sentence(self) -> str:
        """Who silenced it, until when, and why."""
        why = f": {self.note}" if self.note else ""
        end = f"{self.until:%Y-%m-%d %H:%M} UTC"
        return f"Silence {self.id} by {self.by} until {end}{why}".rstrip(".") + "."
