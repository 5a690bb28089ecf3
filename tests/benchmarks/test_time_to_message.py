"""From the moment a feed serves a burst to the message at the catcher, with the service as shipped.

`dyadwatch run` with everything at its defaults (evaluation every minute, the group wait of a route
that gives none) polls twenty local newsrooms every five seconds. Bursts come one after the other,
at moments that have nothing to do with the polls, each of its own rule and to its own recipient;
half of them as bare headlines whose pages have to be read first.

Promised: the poll interval and five seconds more, for 95 of 100. DYADWATCH_BENCH_RUNS sets how many
bursts (50), DYADWATCH_BENCH_GAP the seconds between two of them (2.5).
"""

import os
import random
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from harness.burst_press import SmallBurst, bursts, papers
from harness.service import Dyadwatch, until
from sqlalchemy import func, select

from worker.demo.catchers import CaughtMail, MailCatcher
from worker.demo.publishers import Press
from worker.storage.database import Database
from worker.storage.desk_tables import episodes, outbox
from worker.storage.tables import articles

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]

RUNS = int(os.environ.get("DYADWATCH_BENCH_RUNS", "50"))
GAP = float(os.environ.get("DYADWATCH_BENCH_GAP", "2.5"))
POLL = timedelta(seconds=5)
PROMISED = POLL + timedelta(seconds=5)
#: Long enough that nobody waits in vain for what came late: it is measured, and fails.
PATIENCE = 90.0


def test_from_the_feed_to_the_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = bursts(RUNS)
    home = tmp_path / "home"
    home.mkdir()
    installation = Dyadwatch(home)
    with MailCatcher() as mail, Press(papers(chosen)) as press:
        profile = write_profile(tmp_path / "profile", chosen, press, mail.port)
        installation.environ = {
            "DYADWATCH_PROFILE": str(profile),
            "DYADWATCH_ALLOWED_PRIVATE_HOSTS": ",".join(press.addresses),
        }
        try:
            installation.start("run")
            until(lambda: press.polled == len(press.publishers), 90, "every feed to be polled")
            time.sleep(2 * POLL.total_seconds())
            served = serve(press, chosen)
            until(lambda: len(mail.messages) >= RUNS, PATIENCE, f"{RUNS} messages")
        finally:
            stages = stages_of(home / "dyadwatch.db")
            installation.stop()
        took = seconds(chosen, served, mail.messages)
    with capsys.disabled():
        print(f"\n{report(chosen, took)}")
        print(told_stages(chosen, served, stages))
    assert len(mail.messages) == RUNS, "nobody is told twice"
    assert quantile(took, 0.95) <= PROMISED.total_seconds()


def serve(press: Press, chosen: Sequence[SmallBurst]) -> list[datetime]:
    """One burst after the other; the moment from which each was served."""
    dice, served = random.Random(5), []
    for burst in chosen:
        time.sleep(GAP * dice.uniform(0.5, 1.5))
        moment = datetime.now(UTC)
        press.publish(burst.releases(moment))
        served.append(moment)
    return served


def seconds(
    chosen: Sequence[SmallBurst], served: Sequence[datetime], caught: Sequence[CaughtMail]
) -> list[float]:
    """How long each burst took to reach its own recipient."""
    arrived = {mail.recipients[0]: mail.at for mail in caught}
    return [
        (arrived[burst.recipient] - moment).total_seconds()
        for burst, moment in zip(chosen, served, strict=True)
    ]


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed."""
    return sorted(values)[max(0, -int(-share * len(values) // 1) - 1)]


def report(chosen: Sequence[SmallBurst], took: Sequence[float]) -> str:
    lines = [f"{len(took)} bursts, polled every {POLL.total_seconds():g} s, feed to message:"]
    for name, bare in (("with summaries", False), ("bare headlines", True)):
        some = [s for burst, s in zip(chosen, took, strict=True) if burst.bare == bare]
        if some:
            lines.append(f"  {name}: {figures(some)}")
    return "\n".join([*lines, f"  all: {figures(took)} (promised: {PROMISED.total_seconds():g})"])


def figures(some: Sequence[float]) -> str:
    return (
        f"median {statistics.median(some):.1f} s, 95th percentile {quantile(some, 0.95):.1f} s, "
        f"longest {max(some):.1f} s"
    )


def stages_of(path: Path) -> dict[str, tuple[datetime, datetime, datetime, datetime]]:
    """By rule: when its second report was stored, its episode opened, its message due and sent."""
    database = Database(f"sqlite:///{path}")
    try:
        with database.read() as conn:
            seen = {
                row.newsroom + row.slug: row.at
                for row in conn.execute(
                    select(
                        articles.c.newsroom,
                        articles.c.url.label("slug"),
                        func.max(articles.c.first_seen).label("at"),
                    ).group_by(articles.c.newsroom, articles.c.url)
                )
            }
            rows = conn.execute(
                select(episodes.c.rule, episodes.c.opened_at, outbox.c.due_at, outbox.c.sent_at)
                .join(outbox, outbox.c.episode == episodes.c.id)
                .where(outbox.c.sent_at.is_not(None))
            ).all()
    finally:
        database.dispose()
    found = {}
    for rule, opened, due, sent in rows:
        number = rule.rpartition("-")[2]
        stored = [at for name, at in seen.items() if name.endswith(f"-{number}.html")]
        found[rule] = (max(stored), opened, due, sent)
    return found


def told_stages(
    chosen: Sequence[SmallBurst],
    served: Sequence[datetime],
    stages: dict[str, tuple[datetime, datetime, datetime, datetime]],
) -> str:
    """Where the time went, at the median and at the 95th percentile."""
    spans: dict[str, list[float]] = {"seen": [], "opened": [], "due": [], "sent": []}
    for burst, moment in zip(chosen, served, strict=True):
        before = moment
        for name, at in zip(spans, stages.get(burst.rule, ()), strict=False):
            spans[name].append((at - before).total_seconds())
            before = at
    return "\n".join(
        f"  until {name}: median {statistics.median(some):.1f} s, "
        f"95th percentile {quantile(some, 0.95):.1f} s"
        for name, some in spans.items()
        if some
    )


def write_profile(
    directory: Path, chosen: Sequence[SmallBurst], press: Press, mail_port: int
) -> Path:
    """A rule, a channel and a route for each burst; everything else as it ships."""
    channels = {
        burst.rule: {
            "kind": "email",
            "host": "127.0.0.1",
            "port": mail_port,
            "tls": False,
            "from": "dyadwatch@desk.example",
            "to": [burst.recipient],
        }
        for burst in chosen
    }
    routes = [{"match": {"rule": b.rule}, "channels": [b.rule]} for b in chosen]
    sources = [
        {
            "id": paper.newsroom.id,
            "kind": "feed",
            "url": paper.feed_url,
            "name": paper.newsroom.name,
            "newsroom": paper.newsroom.id,
            "country": paper.newsroom.country,
            "stance": "independent",
            "language": "en",
            "every": f"{POLL.total_seconds():g}s",
        }
        for paper in press.publishers.values()
    ]
    _write(directory / "profile.yaml", {"name": "Stopwatch", "extends": "russia_azerbaijan"})
    _write(directory / "sources" / "papers.yaml", sources)
    _write(directory / "rules.yaml", {"rules": [_rule(burst) for burst in chosen]})
    _write(directory / "routes.yaml", {"channels": channels, "routes": routes})
    return directory


def _rule(burst: SmallBurst) -> dict[str, object]:
    return {
        "id": burst.rule,
        "kind": "threshold",
        "where": {"newsroom": list(burst.newsrooms()), "category": burst.category},
        "count": "newsrooms",
        "at_least": 2,
        "min_newsrooms": 2,
        "window": "2h",
    }


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
