"""Mute times and the slots of digests, by the clock of their zone."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from alerts.pipeline import DigestTimes, MuteTime

BAKU, BERLIN = ZoneInfo("Asia/Baku"), ZoneInfo("Europe/Berlin")
WEEKEND = frozenset({5, 6})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("muted", "moment", "end"),
    [
        (MuteTime(WEEKEND, time(0), time(0), UTC), "2025-06-27T23:59", None),
        (MuteTime(WEEKEND, time(0), time(0), UTC), "2025-06-28T00:00", "2025-06-29T00:00"),
        (MuteTime(WEEKEND, time(0), time(0), UTC), "2025-06-30T00:00", None),
        # Friday evening until Saturday morning, by the clock of Baku (four hours ahead).
        (MuteTime(frozenset({4}), time(18), time(8), BAKU), "2025-06-27T13:59", None),
        (MuteTime(frozenset({4}), time(18), time(8), BAKU), "2025-06-27T14:00", "2025-06-28T04:00"),
        (MuteTime(frozenset({4}), time(18), time(8), BAKU), "2025-06-28T03:59", "2025-06-28T04:00"),
        (MuteTime(frozenset({4}), time(18), time(8), BAKU), "2025-06-28T04:00", None),
        # The night in which Berlin's clocks go forward is an hour shorter.
        (MuteTime(WEEKEND, time(22), time(7), BERLIN), "2025-03-29T21:30", "2025-03-30T05:00"),
    ],
)
def test_a_mute_time_comes_back_every_week(muted: MuteTime, moment: str, end: str | None) -> None:
    assert muted.end_after(at(moment)) == (end and at(end))


@pytest.mark.parametrize(
    ("times", "now", "slot", "before"),
    [
        (DigestTimes("day", time(7), UTC), "2025-06-28T06:59", "2025-06-27T07:00",
         "2025-06-26T07:00"),
        (DigestTimes("day", time(7), BAKU), "2025-06-28T03:00", "2025-06-28T03:00",
         "2025-06-27T03:00"),
        (DigestTimes("week", time(7), UTC, 0), "2025-06-28T12:00", "2025-06-23T07:00",
         "2025-06-16T07:00"),
        (DigestTimes("week", time(7), UTC, 5), "2025-06-28T06:59", "2025-06-21T07:00",
         "2025-06-14T07:00"),
        # Seven o'clock stays seven o'clock when the clocks change.
        (DigestTimes("day", time(7), BERLIN), "2025-03-30T12:00", "2025-03-30T05:00",
         "2025-03-29T06:00"),
    ],
)  # fmt: skip
def test_a_digest_leaves_by_the_clock_of_its_zone(
    times: DigestTimes, now: str, slot: str, before: str
) -> None:
    assert times.last_slot(at(now)) == at(slot)
    assert times.before(at(slot)) == at(before)
