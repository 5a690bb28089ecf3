"""What is remembered of each source between polls; implements `crawler.ports.CrawlMemory`."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, RowMapping, select

from crawler.ports import FeedValidators, Novelty, PageOutcome, PollOutcome, RobotsAnswer
from crawler.source import Source
from crawler.urls import host_of
from worker.keys import article_key
from worker.storage import gone, page_tasks, robots, source_days, validators
from worker.storage.coverage import note_poll
from worker.storage.database import Database
from worker.storage.hosts import rest_host
from worker.storage.pace import PollMemory, may_be_sent_for, next_poll, not_before
from worker.storage.seen import seen_novelty
from worker.storage.silence import silence
from worker.storage.source_state import after, came_too_late
from worker.storage.statements import replace_rows
from worker.storage.tables import page_tasks as tasks
from worker.storage.tables import source_states as states
from worker.timing import LATENESS

#: A source that was not polled well for so long serves a backlog, of which the time is unknown.
AWAY = LATENESS
#: What a decision on when to poll is made of: the rest of a state is long, and read every second.
_PACE = tuple(
    states.c[name]
    for name in (
        "source",
        "last_poll",
        "failures",
        "interval_seconds",
        "floor_seconds",
        "not_before",
        "status",
        "last_success",
    )
)


class SqlFeedMemory:
    """A `CrawlMemory` in the database; `clock` gives the present moment (aware UTC), `hosts` the
    host of each source: one that asks to be left alone is, with everything that lies on it."""

    def __init__(
        self,
        db: Database,
        clock: Callable[[], datetime],
        hosts: Mapping[str, str] | None = None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._hosts = hosts or {}

    def validators(self, source: str, url: str) -> FeedValidators:
        return validators.validators_of(self._db, source, url)

    def novelty(self, source: str, titles: Mapping[str, str]) -> Mapping[str, Novelty]:
        with self._db.read() as conn:
            return seen_novelty(conn, source, titles)

    def was_away(self, source: str, now: datetime) -> bool:
        with self._db.read() as conn:
            state = _state(conn, source)
        if state is None or state["last_success"] is None:
            return True
        return bool(now - state["last_success"] > AWAY)

    def polled(self, outcome: PollOutcome) -> None:
        def note(conn: Connection) -> None:
            stored = _state(conn, outcome.source, lock=True)
            before = dict(stored) if stored else None
            state = after(before, outcome)
            replace_rows(conn, states, ["source"], [state])
            heard = silence(state["fresh_at"], state["overdue"], outcome.finished) is None
            ok = outcome.error is None and heard
            note_poll(conn, outcome.source, outcome.finished, ok=ok, new=outcome.new)
            counters = source_days.of_poll(outcome, too_late=came_too_late(before, outcome))
            source_days.add(conn, outcome.source, outcome.finished, counters)
            validators.keep(conn, outcome.source, outcome.validators or {}, outcome.finished)
            host = self._hosts.get(outcome.source)
            wish = not_before(outcome.finished, outcome.retry_after)
            if host and wish:
                rest_host(conn, host, wish, outcome.finished)

        self._db.retrying(note)

    def page_read(self, outcome: PageOutcome) -> None:
        now = self._clock()
        wish = not_before(now, outcome.retry_after)

        def note(conn: Connection) -> None:
            source_days.add(conn, outcome.source, now, source_days.of_page(outcome))
            host = _host_of_page(conn, outcome) if wish else None
            if host and wish:
                rest_host(conn, host, wish, now)
            # In one transaction: a page that is read again after a crash was not counted yet.
            url = outcome.canonical_url
            if outcome.verdict == "gone":
                gone.note_gone(conn, url, now)
            elif outcome.verdict == "read":
                gone.note_back(conn, url)
            if outcome.moved_to is not None:
                page_tasks.move(conn, url, outcome.moved_to, now)
            else:
                page_tasks.settle(conn, url, outcome.error, outcome.permanent, now)

        self._db.retrying(note)

    def robots(self, server: str) -> RobotsAnswer | None:
        return robots.robots_answer(self._db, server)

    def keep_robots(self, server: str, answer: RobotsAnswer) -> None:
        robots.keep(self._db, server, answer)


def due_sources(
    db: Database, sources: Iterable[Source], now: datetime, ahead: timedelta = timedelta(0)
) -> list[Source]:
    """The enabled sources whose time has come, the longest overdue first; one that was never polled
    is due at once. `ahead` is how long it takes until somebody comes to them."""
    with db.read() as conn:
        known = {row["source"]: poll_memory(row) for row in conn.execute(select(*_PACE)).mappings()}
    first = datetime.min.replace(tzinfo=UTC)
    due = [
        (next_poll(memory, s.every) if (memory := known.get(s.id)) else first, s.id, s)
        for s in sources
        if s.enabled and (s.id not in known or may_be_sent_for(known[s.id], s.every, now, ahead))
    ]
    return [source for _, _, source in sorted(due, key=lambda entry: entry[:2])]


def poll_memory(state: RowMapping) -> PollMemory:
    """What the next poll depends on, from a row of `source_states`."""
    return PollMemory(
        last_poll=state["last_poll"],
        failures=state["failures"],
        interval=timedelta(seconds=state["interval_seconds"]),
        not_before=state["not_before"],
        status=state["status"],
        last_success=state["last_success"],
        floor=timedelta(seconds=state["floor_seconds"]),
    )


def hosts_of(sources: Iterable[Source]) -> dict[str, str]:
    """The host of each source, as leases know it."""
    return {source.id: host_of_source(source) for source in sources}


def host_of_source(source: Source) -> str:
    """The host of one source; one with an unreadable address has a lane of its own, to fail in."""
    try:
        return host_of(source.url)
    except ValueError:
        return f"unreadable {source.id}"


def _host_of_page(conn: Connection, outcome: PageOutcome) -> str | None:
    mine = tasks.c.article == article_key(outcome.canonical_url)
    return conn.execute(select(tasks.c.host).where(mine)).scalar()


def _state(conn: Connection, source: str, *, lock: bool = False) -> RowMapping | None:
    chosen = select(states).where(states.c.source == source)
    return conn.execute(chosen.with_for_update() if lock else chosen).mappings().first()
