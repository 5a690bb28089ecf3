"""`dyadwatch crawl --since DATE`: a baseline for day one, from the sitemaps of the sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from worker import clock
from worker.commands import context
from worker.commands.chosen import named_sources
from worker.commands.options import moment
from worker.moments import written
from worker.output import say

if TYPE_CHECKING:
    from crawler.ports import PollOutcome
    from worker.history_desk import HistoryDesk
    from worker.history_plan import HistoryPlan


def walk_back(since: str, names: Sequence[str]) -> int:
    """Walk back to `since`, say what came of it, and return the exit status."""
    from worker import drain
    from worker.history_crawl import Walk
    from worker.history_desk import HistoryDesk
    from worker.history_plan import plan_history
    from worker.ingest import InboxSink
    from worker.service import workers

    start = moment(since)
    if start is None or start >= clock.now():
        raise typer.BadParameter(f"--since {since!r} is not in the past.")
    services = context.services()
    plan = plan_history(named_sources(services.profile, names) or services.profile.polled)
    say(f"Walking the sitemaps of {len(plan.walks)} sites back to {written(start)}.")
    sink = InboxSink(services, "backfill")
    desk = HistoryDesk(services.database, sink, start, clock.now, _tell)
    walk = Walk(services, desk, list(plan.walks), say)
    stopped: BaseException | None = None
    with workers(services.settings, "crawl", ("ingest",)) as keep_alive:
        try:
            walk.go()
        except (KeyboardInterrupt, SystemExit) as stop:  # so a command is told to stop
            stopped = stop
            say("Stopped; what was read is kept, and the same command goes on from here.")
        left = drain.wait(services, sink.taken, keep_alive)
    _tell_all(plan, desk, len(walk.unasked), left)
    if stopped is not None:
        raise stopped
    failed = any(outcome.error for outcome in desk.outcomes.values())
    # Among all sites some have no sitemap; who names one wants that one.
    return 1 if left or (names and (failed or plan.without)) else 0


def _tell(outcome: PollOutcome) -> None:
    came = outcome.error or f"{outcome.new} articles to read"
    say(f"{outcome.source}: {came}.")


def _tell_all(plan: HistoryPlan, desk: HistoryDesk, unasked: int, left: int) -> None:
    for name, why in plan.without.items():
        say(f"{name}: no history; {why}.")
    eras = desk.eras
    say(
        f"{eras['kept'] - left} articles of history taken in, {left} not; "
        f"{eras['undated']} without a date, {eras['before']} older than asked for and "
        f"{eras['fresh']} that the live crawl takes were left out; "
        f"{desk.failed} pages could not be read."
    )
    todo = len(desk.pending) + desk.beyond
    if todo or unasked:
        say(f"{todo} pages and {unasked} sitemaps are left: the same command goes on from here.")
