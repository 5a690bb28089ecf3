"""When an article counts, and whether it may wake somebody."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.article import Stage
from worker.timing import PAGE_PATIENCE, Origin, Timing, when_it_counts

SEEN = datetime(2025, 6, 28, 12, 0, tzinfo=UTC)
FETCHED = datetime(2025, 6, 28, 11, 59, tzinfo=UTC)
NOON = datetime(2025, 6, 25, 12, 0, tzinfo=UTC)


def timing(
    published: datetime | date | None,
    *,
    origin: Origin = "crawl",
    first_poll: bool = False,
    stage: Stage = "page",
    characters: int = 3000,
) -> Timing:
    return when_it_counts(
        published,
        SEEN,
        FETCHED,
        origin=origin,
        first_poll=first_poll,
        stage=stage,
        characters=characters,
    )


@pytest.mark.parametrize(
    ("published", "at", "fires", "reason"),
    [
        (SEEN - timedelta(minutes=10), SEEN - timedelta(minutes=10), True, "on_time"),
        (SEEN - timedelta(hours=6), SEEN - timedelta(hours=6), True, "on_time"),
        (SEEN - timedelta(hours=6, seconds=1), SEEN - timedelta(hours=6, seconds=1), False, "late"),
        (SEEN + timedelta(minutes=5), SEEN, True, "on_time"),
        (SEEN + timedelta(minutes=6), SEEN, True, "future_date"),
        (SEEN + timedelta(hours=47), SEEN, True, "future_date"),
        (SEEN + timedelta(days=3), SEEN, True, "no_date"),
        (datetime(2999, 1, 1, tzinfo=UTC), SEEN, True, "no_date"),
        (datetime(1970, 1, 1, tzinfo=UTC), SEEN, True, "no_date"),
        (date(2025, 6, 28), SEEN, True, "day_of_arrival"),
        (date(2025, 6, 27), SEEN, True, "day_of_arrival"),
        (date(2025, 6, 29), SEEN, True, "day_of_arrival"),
        (date(2025, 6, 25), NOON, False, "other_day"),
        (date(1, 1, 1), SEEN, True, "no_date"),
        (None, SEEN, True, "no_date"),
    ],
)
def test_a_live_article(
    published: datetime | date | None, at: datetime, fires: bool, reason: str
) -> None:
    assert timing(published) == Timing(at, SEEN if fires else None, reason)  # type: ignore[arg-type]


def test_what_was_there_at_the_first_poll_fires_only_with_a_time_of_its_own() -> None:
    early = SEEN - timedelta(minutes=10)
    assert timing(None, first_poll=True) == Timing(SEEN, None, "no_date_at_first_poll")
    assert timing(date(2025, 6, 28), first_poll=True).reason == "day_only_at_first_poll"
    assert timing(date(2025, 6, 28), first_poll=True).fires_from is None
    assert timing(early, first_poll=True) == Timing(early, SEEN, "on_time")


def test_history_never_fires_and_counts_where_it_belongs() -> None:
    recent = SEEN - timedelta(minutes=1)
    assert timing(recent, origin="backfill") == Timing(recent, None, "backfill")
    assert timing(date(2025, 6, 25), origin="backfill") == Timing(NOON, None, "backfill")
    assert timing(None, origin="backfill") == Timing(FETCHED, None, "backfill")
    absurd = datetime(2999, 1, 1, tzinfo=UTC)
    assert timing(absurd, origin="backfill") == Timing(FETCHED, None, "backfill")


def test_a_short_feed_entry_waits_for_its_page_for_seconds_only() -> None:
    soon = SEEN + PAGE_PATIENCE
    assert timing(None, stage="feed", characters=199).fires_from == soon
    assert timing(None, stage="feed", characters=200).fires_from == SEEN
    assert timing(None, stage="page", characters=10).fires_from == SEEN
    assert timing(None, stage="feed", characters=10, first_poll=True).fires_from is None
