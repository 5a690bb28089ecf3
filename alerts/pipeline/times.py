"""The clocks of a route: quiet hours, mute times, and when a digest leaves (pure)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Literal

Period = Literal["day", "week"]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until `end`, by the clock of `zone`; it may cross midnight, and never covers
    the whole day (equal ends mean no quiet at all)."""

    start: time
    end: time
    zone: tzinfo

    def end_after(self, moment: datetime) -> datetime | None:
        """When the quiet hours that contain `moment` end (UTC), or None outside of them."""
        local = moment.astimezone(self.zone)
        clock = local.time()
        crosses = self.start > self.end
        if not (
            self.start <= clock or clock < self.end if crosses else self.start <= clock < self.end
        ):
            return None
        next_day = crosses and clock >= self.start
        day = local.date() + timedelta(days=1 if next_day else 0)
        return datetime.combine(day, self.end, tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class MuteTime:
    """Every week on `days` (0 is Monday) from `start` until `end`, by the clock of `zone`.

    Where `end` is not later than `start` it is on the next day: equal ends are a whole day.
    """

    days: frozenset[int]
    start: time
    end: time
    zone: tzinfo

    def end_after(self, moment: datetime) -> datetime | None:
        """When the mute time that contains `moment` ends (UTC), or None outside of it."""
        today = moment.astimezone(self.zone).date()
        for day in (today - timedelta(days=1), today):
            if day.weekday() not in self.days:
                continue
            last = day + timedelta(days=1 if self.end <= self.start else 0)
            start = datetime.combine(day, self.start, tzinfo=self.zone).astimezone(UTC)
            end = datetime.combine(last, self.end, tzinfo=self.zone).astimezone(UTC)
            if start <= moment < end:
                return end
        return None


@dataclass(frozen=True, slots=True)
class DigestTimes:
    """A digest leaves every day, or every week on `weekday` (0 is Monday), at `at` of `zone`."""

    period: Period
    at: time
    zone: tzinfo
    weekday: int = 0

    def last_slot(self, now: datetime) -> datetime:
        """The latest moment at which a digest was due (UTC), `now` included."""
        day = now.astimezone(self.zone).date()
        while True:
            slot = datetime.combine(day, self.at, tzinfo=self.zone).astimezone(UTC)
            if slot <= now and (self.period == "day" or day.weekday() == self.weekday):
                return slot
            day -= timedelta(days=1)

    def before(self, slot: datetime) -> datetime:
        """The slot before this one: what happened since then is in its digest."""
        return self.last_slot(slot - timedelta(seconds=1))
