"""A clock that is set by hand."""

from datetime import UTC, datetime, timedelta

import pytest


class HandClock:
    """Shows the same moment until it is turned."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


@pytest.fixture
def hand_clock() -> HandClock:
    return HandClock(datetime(2025, 6, 27, 4, 30, tzinfo=UTC))
