"""Commands that take articles in: ingest (files) and crawl (the network)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker import clock
from worker.commands import context
from worker.commands.chosen import named_sources
from worker.commands.polled import Progress, tell_failures
from worker.output import say
from worker.settings import read_settings

if TYPE_CHECKING:
    from worker.commands.taking_in import Taking

#: `crawl` reads pages for this long at most; what is left stays for the next crawl.
_CRAWL = timedelta(minutes=10)


def register(app: typer.Typer) -> None:
    app.command()(ingest)
    app.command()(crawl)


def ingest(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="Articles as JSON lines, or a WARC file, plain or .gz; standard input without it."
        ),
    ] = None,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="History: it builds baselines and never alerts.")
    ] = False,
    wait: Annotated[
        bool, typer.Option(help="Wait until every article is stored; --no-wait only queues them.")
    ] = True,
) -> None:
    """Take in articles from a file, through the same queue and workers as crawled ones."""
    from worker import drain
    from worker.commands.taking_in import take_in
    from worker.ingest import InboxSink
    from worker.service import workers

    services = context.services()
    sink = InboxSink(services, "backfill" if backfill else "ingest")
    if not wait:
        taking = take_in(services, sink, file, lambda: None)
        _finish(taking, 0, len(sink.taken), "queued")
        return
    with workers(services.settings, "ingest", ("ingest",)) as keep_alive:
        taking = take_in(services, sink, file, keep_alive)
        left = drain.wait(services, sink.taken, keep_alive)
    _finish(taking, left, len(sink.taken) - left, "taken in")


def crawl(
    source: Annotated[
        list[str] | None, typer.Option(help="Poll this source, due or not; may be repeated.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            help="Walk dated sitemaps back to this time instead (2025-06-28, or an age: 30d), for "
            "a baseline on day one: history, which never alerts."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print articles as JSON lines, and store nothing.")
    ] = False,
) -> None:
    """Poll the sources that are due, or the named ones, and read their new articles' pages."""
    from worker import crawling, drain
    from worker.bootstrap import build
    from worker.commands.dry_run import crawl_and_print
    from worker.commands.walk import walk_back
    from worker.service import workers
    from worker.storage import feed_memory

    if since is not None:
        if dry_run:
            raise typer.BadParameter("--since and --dry-run do not go together.")
        raise typer.Exit(walk_back(since, source or []))
    if dry_run:
        built = build(read_settings())
        raise typer.Exit(
            crawl_and_print(
                built.settings, named_sources(built.profile, source or []) or built.profile.polled
            )
        )
    services, started = context.services(), clock.now()
    chosen = named_sources(services.profile, source or []) or feed_memory.due_sources(
        services.database, services.profile.polled, clock.now()
    )
    say(f"Polling {len(chosen)} sources.")
    with workers(services.settings, "crawl", ("ingest",)) as keep_alive:
        ended_well = crawling.crawl_apart(
            [one.id for one in chosen], _CRAWL, Progress(services, len(chosen), started).tell
        )
        failed = tell_failures(services, chosen, started)
        drain.wait(services, None, keep_alive)
    if not ended_well:
        say("The crawl ended before it was done; what it had read is stored.")
    # Among all that are due some are always away; who names one wants that one.
    if not ended_well or (source and failed):
        raise typer.Exit(1)


def _finish(taking: Taking, set_aside: int, taken: int, what: str) -> None:
    taking.tell()
    faults = taking.faults + set_aside
    say(f"{taken} articles {what}, {faults} not.")
    if faults:
        raise typer.Exit(1)
