"""Services for tests of what works with them: a real database, and a queue that is only filled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from alerts.notification import Delivered, Notification, Outcome
from alerts.pipeline import Route
from alerts.ports import Channel
from alerts.rules import Rule
from crawler.source import Source
from worker.bootstrap import Services, build
from worker.profile.model import Profile
from worker.settings import Settings, read_settings
from worker.storage.database import Database


class Catcher:
    """A channel that takes what it is sent; or answers what it is told to, in order."""

    def __init__(self, name: str, *answers: Outcome) -> None:
        self.name = name
        self.recipient = f"whoever reads {name}"
        self.edits = False
        self.answers = list(answers)
        self.caught: list[Notification] = []

    def send(self, notification: Notification) -> Outcome:
        self.caught.append(notification)
        return self.answers.pop(0) if self.answers else Delivered()


def settings(home: Path, **environ: str) -> Settings:
    """The settings of this home, from nothing but `environ` (names without DYADWATCH_)."""
    given = {f"DYADWATCH_{name}": value for name, value in environ.items()}
    return read_settings({"DYADWATCH_HOME": str(home), **given})


@cache
def bundled_services() -> Services:
    """The bundled profile's, read once: its lexicon takes a moment."""
    return build(settings(Path("/nonexistent")))


def services(
    database: Database,
    home: Path,
    *,
    sources: Sequence[Source] = (),
    rules: Sequence[Rule] = (),
    routes: Sequence[Route] = (),
    channels: Mapping[str, Channel] | None = None,
) -> Services:
    """Services over this database, with the bundled lexicon and the rest as given. Tasks that are
    sent wait in this process's memory."""
    made = bundled_services()
    profile = replace(
        made.profile,
        sources=tuple(sources),
        polled=tuple(sources),
        rules=tuple(rules),
        routes=tuple(routes),
        channels=channels or {},
    )
    queue = settings(home)
    made.celery.conf.broker_url = "memory://"
    return Services(queue, _named(profile, rules), database, made.celery)


def _named(profile: Profile, rules: Sequence[Rule]) -> Profile:
    return replace(profile, rule_names={rule.id: rule.id.capitalize() for rule in rules})
