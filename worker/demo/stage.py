"""The demonstration's stage: sets everything up, lets the crisis break out, watches what comes."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.text import Text

from worker import clock
from worker.demo import slack_text
from worker.demo.board import Board, Facts, opening_board
from worker.demo.catchers import MailCatcher, WebhookCatcher
from worker.demo.display import Display, display_for, show_message
from worker.demo.history import compose_history, write_history
from worker.demo.profile import Catchers, service_environment, write_profile
from worker.demo.publishers import Press
from worker.demo.script import burst, newsrooms
from worker.demo.view import DemoService, StartService


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the stage waits, from the start; `quiet` is between the first polls and the crisis.

    The demonstration aims at `target` and gives up at `limit`.
    """

    quiet: timedelta = timedelta(seconds=2)
    target: timedelta = timedelta(seconds=60)
    limit: timedelta = timedelta(seconds=120)
    look_every: timedelta = timedelta(milliseconds=300)


@dataclass(slots=True)
class Stage:
    """The servers and files around the service; `enter` starts them, leaving stops them."""

    home: Path
    started: datetime
    now: Callable[[], datetime]
    press: Press
    mail: MailCatcher
    slack: WebhookCatcher
    history_count: int = 0
    outbreak: datetime | None = None
    _running: ExitStack = field(default_factory=ExitStack)

    @classmethod
    def set_up(cls, home: Path, now: Callable[[], datetime]) -> Self:
        return cls(
            home=home,
            started=now(),
            now=now,
            press=Press(newsrooms(), now),
            mail=MailCatcher(now=now),
            slack=WebhookCatcher(now=now),
        )

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            starting.enter_context(self.mail)
            starting.enter_context(self.slack)
            starting.enter_context(self.press)
            past, fresh = compose_history(self.started)
            self.history_count = write_history(past, self.history_file)
            self.press.publish(fresh)
            self._running = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    @property
    def directory(self) -> Path:
        """Where the demonstration keeps its own files: below the service's home."""
        return self.home / "demo"

    @property
    def history_file(self) -> Path:
        return self.directory / "history.jsonl"

    def start(self, start_service: StartService) -> DemoService:
        """Writes the profile, and starts the service on it."""
        feeds = [(p.newsroom, p.feed_url) for p in self.press.publishers.values()]
        catchers = Catchers(self.mail.port, self.slack.url)
        profile = write_profile(self.directory / "profile", feeds, catchers)
        addresses = (*self.press.addresses, self.slack.address)
        return start_service(self.home, profile, service_environment(addresses))

    def facts(self, service: DemoService | None) -> Facts:
        """What can be seen now."""
        visits, now = self.press.visits, self.now()
        outbreak = self.outbreak
        appeared = [cue for cue in burst() if outbreak and outbreak + cue.after <= now]
        facts = Facts(
            publishers=len(self.press.publishers),
            polled=self.press.polled,
            feed_reads=visits.feeds,
            pages=visits.pages,
            history=self.history_count,
            burst=len(burst()),
            burst_visible=len(appeared),
            mails=len(self.mail.messages),
            slacks=len(self.slack.payloads),
        )
        return facts if service is None else _with_tallies(facts, service)

    def break_out_when_ready(self, facts: Facts, quiet: timedelta) -> None:
        """Sets the crisis off once the past is stored and every feed has been seen quiet."""
        if self.outbreak is None and facts.history_loaded and facts.all_polled:
            self.outbreak = self.press.break_out(burst(), after=quiet)

    def seconds(self) -> float:
        """Since the start."""
        return (self.now() - self.started).total_seconds()


def play(
    start_service: StartService,
    home: Path,
    console: Console,
    *,
    patience: Patience = Patience(),
    now: Callable[[], datetime] = clock.now,
) -> int:
    """Plays the demonstration in `home`, a directory of its own, and returns the exit status.

    0 when an episode was opened and both messages were caught, 1 with a sentence on what is
    missing. The service is stopped in either case; what it stored and the mail stay in `home`.
    """
    with Stage.set_up(home, now) as stage:
        with display_for(console) as display:
            display.show(opening_board().advanced(stage.facts(None), stage.seconds()))
            service = stage.start(start_service)
            try:
                service.backfill(stage.history_file)
                board, problem = _watch(stage, service, display, patience)
            finally:
                service.stop()
        _show_messages(stage, console)
        return _verdict(board, problem, patience, console)


def _watch(
    stage: Stage, service: DemoService, display: Display, patience: Patience
) -> tuple[Board, str | None]:
    """The board when everything has happened, or what stood against it in a sentence."""
    board, problem = opening_board(), None
    while not board.finished and problem is None:
        problem = service.problem() or _out_of_time(stage, patience)
        facts = stage.facts(service)
        stage.break_out_when_ready(facts, patience.quiet)
        board = board.advanced(facts, stage.seconds())
        display.show(board)
        time.sleep(patience.look_every.total_seconds())
    return board, problem


def _with_tallies(facts: Facts, service: DemoService) -> Facts:
    return replace(facts, tallies=service.tallies())


def _out_of_time(stage: Stage, patience: Patience) -> str | None:
    if stage.seconds() < patience.limit.total_seconds():
        return None
    return f"The demonstration gave up after {patience.limit.total_seconds():.0f} s."


def _show_messages(stage: Stage, console: Console) -> None:
    for caught in stage.mail.messages[:1]:
        show_message(console, f"E-mail: {caught.subject}", caught.text)
    for payload in stage.slack.payloads[:1]:
        show_message(console, "Slack", slack_text.readable(payload.json))
    for caught in stage.mail.messages[:1]:
        page = stage.directory / "mail.html"
        page.write_text(caught.html, encoding="utf-8")
        console.print(Text(f"The e-mail as a mail program shows it: {page}"), soft_wrap=True)


def _verdict(board: Board, problem: str | None, patience: Patience, console: Console) -> int:
    if not board.finished:
        missing = "; ".join(board.missing)
        sentence = f"{problem or 'The demonstration ended early.'} What is missing: {missing}."
        console.print(Text(sentence, "red"), soft_wrap=True)
        return 1
    took = max(step.done_at or 0.0 for step in board.steps)
    target = patience.target.total_seconds()
    slow = f"; it aims at {target:.0f} s" if took > target else ""
    console.print(Text(f"From nothing to both messages in {took:.0f} s{slow}."), soft_wrap=True)
    return 0
