"""What is stored as a history to replay: signals as they came, and the polls' own record."""

from __future__ import annotations

from datetime import datetime

from alerts.rules import Rule
from alerts.rules.passing import Came
from alerts.series import STORY_LOOKBACK
from worker.backtest.hearing import Heard
from worker.backtest.history import History
from worker.listening import sources_of
from worker.profile.model import Profile
from worker.storage import coverage, signals
from worker.storage.database import Database


def stored_history(database: Database, profile: Profile, until: datetime) -> History:
    """Everything that came before `until` (aware UTC); only read, nothing is written.

    Stories are as they are by now: two that were merged later are one from the beginning.
    """
    polled = {source.id for source in profile.polled}
    stances = {source.newsroom: source.stance for source in profile.sources}
    with database.read() as conn:
        origin = coverage.origin(conn, until)
        since = origin - 2 * STORY_LOOKBACK
        came = [Came(signal, at) for signal, at in signals.arrivals(conn, since, until, stances)]
        shares = coverage.coverage(conn, origin, until, polled)
    articles = len({one.signal.article for one in came})

    def apart(rule: Rule) -> Heard:
        with database.read() as conn:
            mine = sources_of(rule, profile.polled)
            return Heard(coverage.coverage(conn, origin, until, mine))

    return History(came, (), Heard(shares), origin, until, articles, apart)
