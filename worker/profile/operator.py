"""Reads `operator` of routes.yaml: who is told, quietly, how the sources are doing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from worker.profile.section import Section, nearest
from worker.profile.times import clock_of, zone_of

_KEYS = ("channels", "at", "zone")
_DEFAULT_AT = time(7)


@dataclass(frozen=True, slots=True)
class OperatorRoute:
    """The channels that get at most one digest a day, at `at` by the clock of `zone`, and a word at
    once when most of the sources are lost."""

    channels: tuple[str, ...]
    at: time
    zone: tzinfo

    def last_slot(self, now: datetime) -> datetime:
        """The latest moment at which a digest was due, `now` included."""
        local = now.astimezone(self.zone)
        slot = datetime.combine(local.date(), self.at, tzinfo=self.zone)
        if slot > local:
            slot = datetime.combine(local.date() - timedelta(days=1), self.at, tzinfo=self.zone)
        return slot


def read_operator(
    section: Section | None, known: Collection[str], on: Collection[str]
) -> OperatorRoute | None:
    """The operator's route with those of its channels that are on; None without any.

    `known` are all channels of the file. Faults go where the section's faults go.
    """
    if section is None:
        return None
    section.only(*_KEYS)
    section.require("channels")
    told = section.texts("channels")
    for index, name in enumerate(told):
        if name not in known:
            section.fault(f"there is no channel {name!r}{nearest(name, known)}", "channels", index)
    at, zone = clock_of(section, "at"), zone_of(section)
    open_ones = tuple(name for name in dict.fromkeys(told) if name in on)
    if not section.sound or zone is None or not open_ones:
        return None
    return OperatorRoute(open_ones, at or _DEFAULT_AT, zone)
