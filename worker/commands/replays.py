"""What the commands that replay a history have in common: its rules, its truth file, itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from worker import clock
from worker.commands import context
from worker.commands.options import moment
from worker.output import err, say
from worker.settings import read_settings
from worker.trouble import Trouble

if TYPE_CHECKING:
    from alerts.rules import Rule
    from worker.backtest.history import History
    from worker.backtest.truth import Truth
    from worker.profile.model import Profile


class NothingStored(Trouble):
    """There is no history; the message says how to give one."""


class NothingToReplay(Trouble):
    """No article lies in the span; the message says so."""


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rules file: what it is called, its rules, and their human names by id."""

    path: Path
    rules: Sequence[Rule]
    names: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.path.name


def profile_of_settings() -> Profile:
    """The profile that the settings name."""
    from worker.profile.loader import load_profile

    settings = read_settings()
    return load_profile(settings.profile, settings.environ, settings.allowed_private_hosts)


def rule_file(profile: Profile, file: Path | None) -> RuleFile:
    """The rules of a file, or of the profile; the budget of the profile is shared out in both."""
    from alerts.rules.budget import share_out
    from worker.profile.faults import Faults
    from worker.profile.rules import read_rules

    own = (path for one in profile.directories if (path := one / "rules.yaml").is_file())
    path = file or next(own)
    faults = Faults()
    newsrooms = {source.newsroom for source in profile.sources}
    read = read_rules(path, profile.lexicon, newsrooms, faults)
    faults.raise_any()
    return RuleFile(path, share_out(read.rules, profile.false_alarms_per_year), read.names)


def truth_of(profile: Profile, file: Path | None) -> Truth | None:
    """The truth file that is named, else that of the profile; None where it has none."""
    from worker.backtest.truth import bundled_truth, load_truth
    from worker.profile.where import categories_of

    path = file or bundled_truth(profile.directories)
    if path is None:
        return None
    truth = load_truth(path, categories_of(profile.lexicon))
    if file is None:
        say(f"Judged by the profile's own truth file of {len(truth.events)} events ({path}).")
    return truth


def history_of(
    profile: Profile, articles: Path | None, until: datetime | None
) -> tuple[History, int]:
    """What is to be replayed, and how much of it could not be read."""
    from worker.backtest.loading import Loading
    from worker.backtest.stored import stored_history
    from worker.classify import Classifier

    begin = time.monotonic()
    if articles is None:
        database = context.stored()
        if database is None:
            raise NothingStored(
                "Nothing is stored yet: name a file with --articles, or let the service run first."
            )
        history = stored_history(database, profile, min(until or clock.now(), clock.now()))
        say(f"{history.articles} stored articles read in {time.monotonic() - begin:.1f} s.")
        return history, 0
    loading = Loading(Classifier(profile.lexicon), profile.sources)
    with _counting("Reading") as advance:
        history = loading.history(articles, until, advance)
    took = time.monotonic() - begin
    say(f"{history.articles} articles read and classified in {took:.1f} s.")
    return history, loading.faults


def asked_span(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """What --from and --to say; refused where nothing lies between them."""
    first, last = moment(since), moment(until, end=True)
    if first is not None and last is not None and first >= last:
        raise typer.BadParameter(
            f"{since} is not before --to {until}: nothing lies between them.", param_hint="--from"
        )
    return first, last


def span_of(
    history: History, since: datetime | None, until: datetime | None
) -> tuple[datetime, datetime]:
    """The span in which alerts may come: what was asked for, as far as the history goes.

    `NothingToReplay` where it does not go there at all.
    """
    from worker.backtest.replaying import TAKEN_IN

    if not history.articles:
        raise NothingToReplay("There is no article to replay in the time that was asked for.")
    start = max(since or history.origin, history.origin)
    end = min(until or history.until + TAKEN_IN, history.until + TAKEN_IN)
    if start >= end:
        raise NothingToReplay(
            f"The history goes from {history.origin:%Y-%m-%d %H:%M} to "
            f"{history.until:%Y-%m-%d %H:%M} UTC: no time of it lies in what was asked for."
        )
    return start, end


@contextmanager
def _counting(what: str) -> Iterator[Callable[[], None]]:
    """How many articles were read, for whoever watches; yields what to call after each."""
    from rich.progress import Progress, TextColumn

    columns = TextColumn(what), TextColumn("{task.completed:.0f} articles")
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        bar = progress.add_task("", total=None)
        yield lambda: progress.advance(bar)
