"""The Celery tasks: each fetches its services, calls one function, and returns.

Importing this module reads the environment: only workers do. Others send tasks by name.
"""

import logging
import signal
from datetime import datetime, timedelta
from functools import cache

from celery import signals

from worker import (
    clock,
    crawling,
    delivery,
    digests,
    evaluation,
    heartbeat,
    ingest,
    notices,
    revisiting,
    warming,
)
from worker.app import build_app
from worker.bootstrap import Services, build
from worker.settings import read_settings

app = build_app(read_settings())
log = logging.getLogger(__name__)


@cache
def services() -> Services:
    """The services of this process; children inherit what their parent loaded before the fork."""
    return build(read_settings(), app)


@app.task(name="dyadwatch.ingest")  # type: ignore[untyped-decorator]  # Celery has no types
def ingest_batch(ids: list[int]) -> None:
    """Classify and store these inbox rows."""
    ingest.process(services(), ids)


@app.task(name="dyadwatch.crawl")  # type: ignore[untyped-decorator]
def crawl(sources: list[str], hosts: list[str], budget: float, holder: str) -> None:
    """Crawl these sources, and pages of these hosts, which are leased to the holder."""
    order = crawling.CrawlOrder(tuple(sources), tuple(hosts), timedelta(seconds=budget))
    crawling.carry_out(services(), order, holder)


@app.task(name="dyadwatch.schedule")  # type: ignore[untyped-decorator]
def schedule(pace: crawling.Pace) -> None:
    """Send out the crawls of this pace that are due."""
    crawling.schedule(services(), pace, clock.now())


@app.task(name="dyadwatch.evaluate")  # type: ignore[untyped-decorator]
def evaluate(asked: str | None = None) -> None:
    """Let every rule look, ask for what they say to be delivered, tell the dead-man's switch.

    A hundred batches of a burst ask a hundred times: where the rules have looked since this one was
    `asked` (ISO 8601), they have seen its signals.
    """
    if asked and evaluation.looked_since(services(), datetime.fromisoformat(asked)):
        return
    if evaluation.evaluate(services(), clock.now()):
        ingest.send(services(), "dyadwatch.deliver")
    heartbeat.beat(services().settings.heartbeat_url)


@app.task(name="dyadwatch.deliver")  # type: ignore[untyped-decorator]
def deliver() -> None:
    """Send what is due in the outbox."""
    delivery.deliver(services(), clock.now())


@app.task(name="dyadwatch.digest")  # type: ignore[untyped-decorator]
def digest() -> None:
    """Put the digests that are due into the outbox."""
    digests.send_due(services(), clock.now())


@app.task(name="dyadwatch.reconcile")  # type: ignore[untyped-decorator]
def reconcile() -> None:
    """Enqueue again what is pending and forgotten."""
    ingest.reconcile(services(), clock.now())


@app.task(name="dyadwatch.look_after")  # type: ignore[untyped-decorator]
def look_after() -> None:
    """Look at the sources, and tell the operator what is wrong with them."""
    notices.look_after(services(), clock.now())


@app.task(name="dyadwatch.revisit")  # type: ignore[untyped-decorator]
def revisit() -> None:
    """Look again at pages that alerts rest on."""
    revisiting.revisit(services(), clock.now())


@signals.worker_init.connect  # type: ignore[untyped-decorator]
def _load_before_the_fork(sender: object = None, **_: object) -> None:
    """The lexicon's tables are built once and shared by all children, page by page; so is the
    arithmetic of the rules, where rules are evaluated."""
    services()
    if str(getattr(sender, "hostname", "")).startswith("control@"):
        warming.warm_baselines()


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _fresh_connections(**_: object) -> None:
    services().database.dispose()
    # Ctrl-C is the supervisor's business; a child that dies of it would lose its task.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
