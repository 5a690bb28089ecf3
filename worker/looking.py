"""What every rule sees of what is stored at one moment: read first, then decided purely."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts import watch
from alerts.finding import Finding, Held
from alerts.rules import Rule, series_id
from alerts.rules.settle import Prepared, prepare, signals_since
from alerts.series import SignalTable, count, floor
from worker import listening
from worker.bootstrap import Services
from worker.storage import coverage, series, signals, spans
from worker.storage.series import Rollup, SeriesState

#: So long after a walk through history what is expected rests on it, and may be too low.
LEARNT = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Look:
    """What the rules saw at `now`, and how far the log of late signals was read before."""

    now: datetime
    outcomes: Mapping[str, Finding | Held]
    prepared: Prepared
    signals: SignalTable
    rollups: Mapping[str, Sequence[Rollup]]
    late_seen: int
    polls: bool = True

    def observed(self, rule: Rule) -> bool:
        """Whether anything was listened to in the current hour. Where nothing has ever been polled,
        all comes by `ingest`, and whoever hands it in is taken to listen."""
        return not self.polls or bool(self.prepared.views[rule.id].coverage(self.now))


def look(services: Services, now: datetime) -> Look:
    """What the rules of the profile see at `now` (aware UTC)."""
    rules = services.profile.rules
    sources = services.profile.polled
    polled = {source.id for source in sources}
    stances = {source.newsroom: source.stance for source in services.profile.sources}
    with services.database.read() as conn:
        late_seen = series.late_seen(conn)
        stored = series.load_series(conn, {series_id(rule) for rule in rules})
        origin = coverage.origin(conn, now)
        since = signals_since(rules, stored, origin, now)
        table = SignalTable(signals.signals(conn, since, now, now, stances))
        shares = coverage.coverage(conn, max(origin, since), now, polled)
        walked = spans.walked_until(conn)
        polls = coverage.ever_polled(conn)
    prepared = prepare(rules, table, shares, origin, stored, now)
    seen = watch.look(rules, prepared, now)
    heard = listening.listened(services.database, sources, rules, prepared, seen, now)
    outcomes = {rule: _in_doubt(outcome, walked, now) for rule, outcome in heard.items()}
    rollups = _rollups(rules, prepared, table, origin, stored)
    return Look(now, outcomes, prepared, table, rollups, late_seen, polls)


def _in_doubt(
    outcome: Finding | Held, walked_until: datetime | None, now: datetime
) -> Finding | Held:
    """The same outcome, provisional where its baseline was taught by a walk through sitemaps."""
    if isinstance(outcome, Held) or outcome.expected is None or walked_until is None:
        return outcome
    young = now - walked_until < LEARNT
    return replace(outcome, provisional=True) if young else outcome


def _rollups(
    rules: Sequence[Rule],
    prepared: Prepared,
    table: SignalTable,
    origin: datetime,
    stored: Mapping[str, SeriesState],
) -> dict[str, list[Rollup]]:
    """The three numbers of every bucket that has settled or changed since the last look, by series.

    Counted from the earliest change on, never from the origin again: that would grow with time.
    """
    found: dict[str, list[Rollup]] = {}
    for rule in rules:
        name = series_id(rule)
        settled, before = prepared.settled.get(name), stored.get(name)
        if settled is None or name in found:
            continue
        step = prepared.views[rule.id].step
        since = max(before.dirty_from or before.through, origin) if before else origin
        counts = count(table, rule.where, step, floor(since, step), settled.through)
        found[name] = [
            Rollup(c.bucket, c.stories, c.newsrooms, c.articles) for c in counts if c.articles
        ]
    return found
