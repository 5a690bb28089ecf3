"""Commands that run things: run, demo, doctor."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker import clock
from worker.commands import context
from worker.commands.polled import Progress
from worker.output import emit_json, err, printable, say
from worker.settings import read_settings

if TYPE_CHECKING:
    from worker.bootstrap import Services

#: `run --once` reads pages for this long at most; what is left stays for the next crawl.
_ONCE = timedelta(minutes=10)


def register(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(demo)
    app.command()(doctor)


def run(
    once: Annotated[
        bool,
        typer.Option(
            "--once",
            help="Poll every source once, drain the queue, evaluate, deliver, and exit.",
        ),
    ] = False,
) -> None:
    """Run the whole service on this machine until SIGTERM or Ctrl-C."""
    from worker.service import serve, stop_asked

    # From the first moment: a stop while we start is as good as any other. `--once` is work that
    # has an end: being stopped is not success.
    stop = None if once else stop_asked()
    services = context.services()
    profile, settings = services.profile, services.settings
    one, other = profile.dyad
    say(
        f"dyadwatch watches {one}–{other}: {len(profile.polled)} sources, "
        f"{len(profile.rules)} rules. Home: {settings.home}"
    )
    if profile.silent:
        say(profile.silent)
    services.database.dispose()
    if stop is None:
        _run_once()
        return
    serve(settings, stop, ready=lambda: say("Running. Ctrl-C stops it."))


def demo(
    home: Annotated[
        Path | None,
        typer.Option(help="Keep everything in this new directory; a temporary one without."),
    ] = None,
) -> None:
    """Replay a crisis of our own writing against local servers: crawl, alert, e-mail, Slack."""
    from worker.demo.stage import play
    from worker.demo_service import start

    directory = home or Path(tempfile.mkdtemp(prefix="dyadwatch-demo-"))
    raise typer.Exit(play(start, directory.absolute(), err))


def doctor(
    as_json: Annotated[
        bool, typer.Option("--json", help='One line of {"subject", "ok", "sentence"} a check.')
    ] = False,
) -> None:
    """Say whether this installation can work: packages, database, broker, clock, disk, channels."""
    from worker.doctor import examine

    faults = 0
    for finding in examine(read_settings()):
        faults += not finding.well
        if as_json:
            emit_json(
                {"subject": finding.subject, "ok": finding.well, "sentence": finding.sentence}
            )
            continue
        verdict = "ok   " if finding.well else "FAULT"
        typer.echo(printable(f"{verdict} {finding.subject}: {finding.sentence}"))
    if faults:
        say(f"{faults} faults.")
        raise typer.Exit(1)


def _at_once(services: Services) -> Services:
    """The same services, whose routes wait for nothing: all of a burst is here already."""
    routes = tuple(replace(route, group_wait=timedelta(0)) for route in services.profile.routes)
    return replace(services, profile=replace(services.profile, routes=routes))


def _run_once() -> None:
    from worker import crawling, delivery, drain, evaluation
    from worker.service import workers

    services = _at_once(context.services())
    with workers(services.settings, "run --once", ("ingest",)) as keep_alive:
        polled = [source.id for source in services.profile.polled]
        say(f"Polling {len(polled)} sources.")
        progress = Progress(services, len(polled), clock.now())
        ended_well = crawling.crawl_apart(polled, _ONCE, progress.tell)
        drain.wait(services, None, keep_alive)
        evaluation.evaluate(services, clock.now())
        while delivery.deliver(services, clock.now()):
            pass
    if not ended_well:
        say("The crawl ended before it was done; what it had read is stored.")
        raise typer.Exit(1)
