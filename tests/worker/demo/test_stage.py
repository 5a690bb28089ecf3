"""The stage, played with a small service that really polls, stores, mails and posts."""

import json
import smtplib
import threading
from collections.abc import Mapping
from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO, StringIO
from pathlib import Path
from urllib.request import Request, urlopen

import feedparser
import yaml
from rich.console import Console

from worker.demo import slack_text
from worker.demo.board import Facts, opening_board
from worker.demo.stage import Patience, play
from worker.demo.view import Tallies

QUICK = Patience(
    quiet=timedelta(milliseconds=100),
    limit=timedelta(seconds=25),
    look_every=timedelta(milliseconds=50),
)
ENOUGH = 12


class SmallService:
    """Polls the profile's feeds and tells its channels once when enough new entries came."""

    def __init__(self, profile: Path, tells: bool = True) -> None:
        self.sources = yaml.safe_load((profile / "sources/demo.yaml").read_text("utf-8"))
        self.channels = yaml.safe_load((profile / "routes.yaml").read_text("utf-8"))["channels"]
        self.tells = tells
        self.history = 0
        self.links: set[str] = set()
        self.episodes = 0
        self.stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def backfill(self, path: Path) -> None:
        self.history = len(path.read_text("utf-8").splitlines())

    def tallies(self) -> Tallies:
        stored = self.history + len(self.links)
        return Tallies(stored, stored, len(self.links), len(self.links), self.episodes)

    def problem(self) -> str | None:
        return None

    def stop(self) -> None:
        self.stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self.stopped.wait(0.1):
            for source in self.sources:
                self._poll(source["url"])
            if self.tells and self.episodes == 0 and len(self.links) >= ENOUGH + 10:
                self.episodes = 1
                self._tell()

    def _poll(self, url: str) -> None:
        with urlopen(url, timeout=5) as response:
            entries = feedparser.parse(BytesIO(response.read())).entries
        for link in {entry.link for entry in entries} - self.links:
            with urlopen(link, timeout=5) as page:
                page.read()
            self.links.add(link)

    def _tell(self) -> None:
        mail = self.channels["demo-mail"]
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = "Spike", mail["from"], mail["to"][0]
        message.set_content("Seen 12 stories, [expected] 0.3.")
        message.add_alternative("<h1>Seen 12 stories</h1>", subtype="html")
        with smtplib.SMTP(mail["host"], mail["port"], timeout=5) as client:
            client.send_message(message)
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Slack says: 12 stories"}}]
        body = json.dumps({"text": "12 stories", "blocks": blocks}).encode()
        urlopen(Request(self.channels["demo-slack"]["url"], body), timeout=5).close()


class BrokenService(SmallService):
    """Ends by itself."""

    def problem(self) -> str | None:
        return "The broker did not start."


def played(service: type[SmallService], home: Path, **options: bool) -> tuple[int, str]:
    running: list[SmallService] = []

    def start_service(home: Path, profile: Path, environ: Mapping[str, str]) -> SmallService:
        assert "127.0.0.1:" in environ["DYADWATCH_ALLOWED_PRIVATE_HOSTS"]
        running.append(service(profile, **options))
        return running[0]

    screen = StringIO()
    console = Console(file=screen, width=100, force_terminal=False)
    patience = QUICK if options.get("tells", True) else Patience(limit=timedelta(seconds=1))
    status = play(start_service, home, console, patience=patience)
    assert running[0].stopped.is_set()
    return status, screen.getvalue()


def test_the_whole_play_ends_with_both_messages_on_the_screen(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    status, screen = played(SmallService, tmp_path)
    assert status == 0, screen
    assert "Seen 12 stories, [expected] 0.3." in screen
    assert "Slack says: 12 stories" in screen
    assert "An episode is opened" in screen
    assert str(tmp_path / "demo" / "mail.html") in screen
    assert (tmp_path / "demo" / "mail.html").read_text("utf-8").startswith("<h1>")
    assert set(threading.enumerate()) == before


def test_a_service_that_never_tells_is_reported_as_missing(tmp_path: Path) -> None:
    status, screen = played(SmallService, tmp_path, tells=False)
    assert status == 1
    assert "gave up after 1 s" in screen
    assert "no episode was opened; no e-mail came out; no Slack message came out." in screen


def test_a_service_that_ends_early_is_quoted(tmp_path: Path) -> None:
    status, screen = played(BrokenService, tmp_path)
    assert status == 1
    assert "The broker did not start. What is missing:" in screen


def test_a_step_that_was_done_stays_done_at_its_first_time() -> None:
    board = opening_board().advanced(Facts(publishers=10), 1.0)
    later = board.advanced(Facts(publishers=10, mails=1), 5.0)
    done = {step.key: step.done_at for step in later.steps}
    assert done["publishers"] == 1.0
    assert done["mail"] == 5.0
    assert done["episode"] is None
    assert "no episode was opened" in later.missing
    assert not later.finished


def test_live_articles_do_not_count_as_classified_before_the_history_is_in() -> None:
    facts = Facts(history=270, tallies=Tallies(stored=12, classified=12))
    board = opening_board().advanced(facts, 1.0)
    assert "no article of the live feeds was classified" in board.missing


def test_a_slack_payload_reads_as_lines() -> None:
    payload = {
        "text": "fallback",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "Spike"}},
            {"type": "section", "fields": [{"text": "Seen: 12"}, {"text": "Expected: 0.3"}]},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "7 newsrooms"}]},
            {"type": "divider"},
        ],
    }
    assert slack_text.readable(payload) == "Spike\nSeen: 12\nExpected: 0.3\n7 newsrooms"
    assert slack_text.readable({"text": "fallback"}) == "fallback"
    assert slack_text.readable(["?"]) == ""
