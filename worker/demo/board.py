"""The demonstration's steps: which are done, when, and what each came to (pure)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from worker.demo.view import Tallies


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the steps are judged by, at one moment."""

    publishers: int = 0
    polled: int = 0
    feed_reads: int = 0
    pages: int = 0
    history: int = 0
    tallies: Tallies = field(default_factory=Tallies)
    burst: int = 0
    burst_visible: int = 0
    mails: int = 0
    slacks: int = 0

    @property
    def history_loaded(self) -> bool:
        return self.tallies.stored >= self.history > 0

    @property
    def all_polled(self) -> bool:
        return self.polled >= self.publishers > 0


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the display; `done_at` is in seconds from the start, None while it lasts."""

    key: str
    label: str
    missing: str
    is_done: Callable[[Facts], bool]
    describe: Callable[[Facts], str]
    detail: str = ""
    done_at: float | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """All steps in their order."""

    steps: tuple[Step, ...]

    @property
    def finished(self) -> bool:
        return all(step.done_at is not None for step in self.steps)

    @property
    def missing(self) -> tuple[str, ...]:
        """What did not happen, in words."""
        return tuple(step.missing for step in self.steps if step.done_at is None)

    def advanced(self, facts: Facts, seconds: float) -> "Board":
        """The board with these facts, `seconds` after the start; what was done stays done."""
        return Board(tuple(_advanced(step, facts, seconds) for step in self.steps))


def _advanced(step: Step, facts: Facts, seconds: float) -> Step:
    done_at = step.done_at
    if done_at is None and step.is_done(facts):
        done_at = seconds
    return replace(step, detail=step.describe(facts), done_at=done_at)


def opening_board() -> Board:
    """The board before anything has happened."""
    return Board(
        (
            Step(
                "publishers",
                "Local publishers are up",
                "no local publisher came up",
                lambda f: f.publishers > 0,
                lambda f: f"{f.publishers} newsrooms, four languages",
            ),
            Step(
                "history",
                "History is loaded",
                "the quiet month was not stored completely",
                lambda f: f.history_loaded,
                lambda f: f"{min(f.tallies.stored, f.history)} of {f.history} articles",
            ),
            Step(
                "polled",
                "Feeds are polled",
                "some feeds were never polled",
                lambda f: f.all_polled,
                lambda f: f"{f.polled} of {f.publishers} feeds, {f.feed_reads} reads",
            ),
            Step(
                "burst",
                "The crisis breaks out",
                "the crisis was never published",
                lambda f: f.burst_visible > 0,
                lambda f: f"{f.burst_visible} of {f.burst} articles",
            ),
            Step(
                "pages",
                "Pages are read",
                "no article page was read",
                lambda f: f.pages > 0,
                lambda f: f"{f.pages} reads",
            ),
            Step(
                "classified",
                "Articles are classified",
                "no article of the live feeds was classified",
                lambda f: f.history_loaded and f.tallies.classified > f.history,
                lambda f: f"{f.tallies.classified} articles, {f.tallies.relevant} about the dyad",
            ),
            Step(
                "episode",
                "An episode is opened",
                "no episode was opened",
                lambda f: f.tallies.episodes > 0,
                lambda f: f"{f.tallies.episodes}" if f.tallies.episodes else "",
            ),
            Step(
                "mail",
                "The e-mail is caught",
                "no e-mail came out",
                lambda f: f.mails > 0,
                lambda f: f"{f.mails}" if f.mails else "",
            ),
            Step(
                "slack",
                "The Slack message is caught",
                "no Slack message came out",
                lambda f: f.slacks > 0,
                lambda f: f"{f.slacks}" if f.slacks else "",
            ),
        )
    )
