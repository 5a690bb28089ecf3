"""A day of 260 sources at an accelerated clock: who is asked how often, what is seen how late.

The schedule, the plan, the crawls, the database and HTTP are the real ones; the clock is set by
hand, one step after the other, and stands still while a crawl runs. Waits that a crawl makes in
real time (the delay between two requests) are left out, so a crawl reads all its pages at once.
DYADWATCH_BENCH_HOURS and DYADWATCH_BENCH_STEP (seconds) set the length and the steps.
"""

import os
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty

import pytest
from harness.quick_server import serving
from harness.services import services
from harness.simulated_press import Paper, Press, SimulatedClock, Visit, papers
from sqlalchemy import select

from crawler.urls import canonical_url
from worker import clock, crawling
from worker.app import CRAWL
from worker.bootstrap import Services
from worker.crawling import CrawlOrder
from worker.keys import article_key
from worker.storage.database import Database
from worker.storage.tables import seen

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1800)]

SOURCES = 260
WARM_UP = timedelta(hours=3)
DAY = timedelta(hours=float(os.environ.get("DYADWATCH_BENCH_HOURS", "24")))
STEP = timedelta(seconds=float(os.environ.get("DYADWATCH_BENCH_STEP", "120")))
START = datetime(2025, 6, 27, 21, 0, tzinfo=UTC)
CLASSES = ((1, 5), (5, 20), (20, 60), (60, 150), (150, 301))


def test_a_day_of_260_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    simulated = SimulatedClock(START)
    monkeypatch.setattr(clock, "now", simulated)
    made = papers(SOURCES, START, (WARM_UP + DAY) / timedelta(days=1))
    press = Press(made, simulated, START)
    database = Database(f"sqlite:///{tmp_path / 'dyadwatch.db'}")
    database.upgrade()
    started = time.monotonic()
    with serving(press.respond, SOURCES) as hosts:
        press.settle(hosts)
        works = services(database, tmp_path, sources=press.sources())
        allowed = frozenset(hosts)
        works = replace(works, settings=replace(works.settings, allowed_private_hosts=allowed))
        crawls = _lived_through(works, simulated, START + WARM_UP + DAY)
    took = time.monotonic() - started
    first_seen = _first_seen(database)
    database.dispose()
    measured = [visit for visit in press.visits if visit.at >= START + WARM_UP]
    with capsys.disabled():
        print(f"\n{DAY} of {SOURCES} sources, {crawls} crawls, in {took:.0f} s")
        print("\n".join([*_requests(measured, made), *_delays(made, first_seen)]))
    assert len(first_seen) > SOURCES
    healthy = {paper.id for paper in made if paper.works}
    assert healthy <= {visit.source for visit in press.visits if visit.kind == "feed"}


def _lived_through(works: Services, simulated: SimulatedClock, end: datetime) -> int:
    """Tick until the end, doing at once what each tick sends out; the number of crawls."""
    crawls = 0
    with works.celery.connection_for_read() as broker:
        queue = broker.SimpleQueue(CRAWL)
        while simulated.now < end:
            for pace in ("brisk", "calm"):
                crawling.schedule(works, pace, simulated.now)  # type: ignore[arg-type]
            while (asked := _next(queue)) is not None:
                sources, hosts, budget, holder = asked
                order = CrawlOrder(tuple(sources), tuple(hosts), timedelta(seconds=budget))
                # A delay is real time, of which a simulated day has none.
                polite = replace(crawling.politeness(works.settings, order.budget), delay=0.0)
                crawling.carry_out(works, order, holder, polite)
                crawls += 1
            simulated.now += STEP
    return crawls


def _next(queue) -> tuple | None:  # type: ignore[no-untyped-def, type-arg]
    try:
        message = queue.get(block=False)
    except Empty:
        return None
    message.ack()
    return message.payload[0]


def _first_seen(database: Database) -> dict[str, datetime]:
    with database.read() as conn:
        return {row.article: row.first_seen for row in conn.execute(select(seen))}


def _requests(visits: Sequence[Visit], made: Sequence[Paper]) -> list[str]:
    lines = ["", f"{'requests per host and hour':32}{'median':>8}{'p95':>8}{'max':>8}{'in all':>9}"]
    for name, kinds in (("all", {"feed", "page", "robots"}), ("feeds alone", {"feed"})):
        per = Counter((v.host, v.at.replace(minute=0, second=0)) for v in visits if v.kind in kinds)
        hosts, hours = {paper.host for paper in made}, int(DAY / timedelta(hours=1))
        counts = [*per.values(), *[0] * max(0, len(hosts) * hours - len(per))]
        lines.append(f"  {name:30}" + _spread(counts) + f"{sum(counts):9d}")
    feeds = [visit for visit in visits if visit.kind == "feed"]
    able = {paper.id for paper in made if paper.validator != "none" and paper.works}
    of_able = [visit for visit in feeds if visit.source in able]
    polls = Counter(visit.source for visit in feeds)
    lines.append(f"  {'polls per source':30}" + _spread([polls[p.id] for p in made]))
    for low, high in CLASSES:
        some = [polls[p.id] for p in made if p.works and low <= p.rate < high]
        lines.append(f"    {f'{low} to {high} articles a day':28}" + _spread(some))
    broken = [polls[p.id] for p in made if not p.works]
    lines.append(f"    {'broken or frozen':28}" + _spread(broken))
    robots = sum(visit.kind == "robots" for visit in visits)
    unchanged = sum(visit.status == 304 for visit in feeds)
    share = sum(v.status == 304 for v in of_able) / max(1, len(of_able))
    lines.append(f"  robots.txt {robots}, pages {sum(v.kind == 'page' for v in visits)}")
    lines.append(
        f"  304: {unchanged / max(1, len(feeds)):.0%} of polls, {share:.0%} where possible"
    )
    lines.append(f"  429: {sum(v.status == 429 for v in feeds)}")
    return lines


def _delays(made: Iterable[Paper], first_seen: dict[str, datetime]) -> list[str]:
    """From publication to first seen, in minutes, of what was published after the warm-up. What
    was still in its feed at the end is not counted as missed."""
    end = START + WARM_UP + DAY
    delays: dict[tuple[int, int], list[float]] = defaultdict(list)
    missed: Counter[tuple[int, int]] = Counter()
    for paper in made:
        group = next(c for c in CLASSES if c[0] <= paper.rate < c[1])
        still_there = set(paper.visible(end))
        for number, at in enumerate(paper.published):
            if not paper.works or not START + WARM_UP <= at < end:
                continue
            found = first_seen.get(article_key(canonical_url(paper.link(number))))
            if found is not None:
                delays[group].append((found - at) / timedelta(minutes=1))
            elif number not in still_there:
                missed[group] += 1
    lines = [
        "",
        "minutes to first seen            articles  median     p90     p99     max  missed",
    ]
    groups = [(f"  {c[0]} to {c[1]} a day", delays[c], missed[c]) for c in CLASSES]
    everything = [one for some in delays.values() for one in some]
    for name, some, lost in [*groups, ("  all", everything, missed.total())]:
        if some:
            at = [statistics.median(some), _quantile(some, 0.9), _quantile(some, 0.99), max(some)]
            numbers = "".join(f"{value:8.1f}" for value in at)
            lines.append(f"{name:32}{len(some):9d}{numbers}{lost:8d}")
    return lines


def _spread(counts: Sequence[float]) -> str:
    if not counts:
        return ""
    return f"{statistics.median(counts):8.0f}{_quantile(counts, 0.95):8.0f}{max(counts):8.0f}"


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
