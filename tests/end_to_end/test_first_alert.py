"""The promise of the product: a burst is told once, soon, by e-mail and Slack; quiet is not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from harness.service import Dyadwatch, until, workers_of

from worker.demo.catchers import MailCatcher, WebhookCatcher
from worker.demo.history import compose_history, write_history
from worker.demo.profile import Catchers, write_profile
from worker.demo.publishers import Press
from worker.demo.script import burst, newsrooms

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

#: From the moment at which a feed first serves the burst to the message at the catchers.
PROMISED_SECONDS = 20.0
QUIET_SECONDS = 30.0


class World:
    """Local publishers with a quiet month behind them, two catchers, and a service that watches."""

    def __init__(
        self, installation: Dyadwatch, press: Press, mail: MailCatcher, slack: WebhookCatcher
    ):
        self.installation, self.press, self.mail, self.slack = installation, press, mail, slack
        directory = installation.home.parent / "profile"
        feeds = [(p.newsroom, p.feed_url) for p in press.publishers.values()]
        write_profile(directory, feeds, Catchers(mail.port, slack.url), every="5s")
        rules = yaml.safe_load((directory / "rules.yaml").read_text())
        rules["rules"][0]["min_newsrooms"] = 2
        (directory / "rules.yaml").write_text(yaml.safe_dump(rules))
        installation.environ = {
            "DYADWATCH_PROFILE": str(directory),
            "DYADWATCH_EVALUATE_EVERY": "5s",
            "DYADWATCH_ALLOWED_PRIVATE_HOSTS": ",".join([*press.addresses, slack.address]),
        }

    def live_through_a_quiet_month(self) -> int:
        """30 days by `ingest --backfill`; then the service runs and has polled every feed."""
        past, fresh = compose_history(datetime.now(UTC))
        path = self.installation.home.parent / "history.jsonl"
        count = write_history(past, path)
        taken = self.installation.command("ingest", "--backfill", str(path))
        assert taken.returncode == 0, taken.stderr.decode()
        self.press.publish(fresh)
        self.installation.start("run")
        until(
            lambda: self.press.polled == len(self.press.publishers), 90, "every feed to be polled"
        )
        return count


@pytest.fixture
def world(installation: Dyadwatch) -> Iterator[World]:
    with MailCatcher() as mail, WebhookCatcher() as slack, Press(newsrooms()) as press:
        yield World(installation, press, mail, slack)
        installation.stop()


def test_a_burst_is_told_once_and_soon(world: World) -> None:
    count = world.live_through_a_quiet_month()
    assert len(world.installation.rows("articles", "--until", "1d")) > 0.9 * count

    outbreak = world.press.break_out(burst(), after=timedelta(seconds=1))
    world.mail.wait_for(1, PROMISED_SECONDS + 20)
    world.slack.wait_for(1, PROMISED_SECONDS + 20)
    mail, slack = world.mail.messages[0], world.slack.payloads[0]
    took = max((caught.at - outbreak).total_seconds() for caught in (mail, slack))
    print(f"\nburst to messages: {took:.1f} s (promised: {PROMISED_SECONDS:g} s)")
    assert took <= PROMISED_SECONDS

    (episode,) = world.installation.rows("episodes")
    assert episode["state"] == "open"
    for said in (mail.text, mail.html, str(slack.json)):
        assert "stories" in said and "newsrooms" in said and "expected" in said
        assert any(room.name in said for room in newsrooms())
        assert any(cue.article.title[:30] in said for cue in burst())
    assert "http://127.0.0.1" in mail.text

    # The burst goes on being polled and evaluated, and nobody is told again.
    time.sleep(QUIET_SECONDS)
    assert len(world.mail.messages) == 1
    assert len(world.slack.payloads) == 1
    stored = world.installation.rows("articles", "--since", "1d")
    assert len({row["url"] for row in stored}) == len(stored)


def test_a_burst_during_which_every_worker_is_killed_is_told_once(world: World) -> None:
    world.live_through_a_quiet_month()
    world.press.break_out(burst())
    time.sleep(1.5)  # feeds are read, articles are on their way
    for process in workers_of(world.installation.home):
        process.kill()

    # The leases of a killed crawl end by themselves after 30 s: so long its hosts are left alone.
    world.mail.wait_for(1, 90)
    world.slack.wait_for(1, 30)
    time.sleep(QUIET_SECONDS)
    assert len(world.mail.messages) == 1
    assert len(world.slack.payloads) == 1
    assert len(world.installation.rows("episodes")) == 1


def test_quiet_stays_silent(world: World) -> None:
    world.live_through_a_quiet_month()
    time.sleep(QUIET_SECONDS)
    assert world.mail.messages == ()
    assert world.slack.payloads == ()
    assert world.installation.rows("episodes") == []
