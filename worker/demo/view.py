"""What the demonstration needs from the real service, and knows of it: nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Tallies:
    """What the service's database holds at the moment.

    `stored` counts articles, history included; `classified` those that have their classification;
    `relevant` those about the dyad; `episodes` all that were ever opened.
    """

    stored: int = 0
    classified: int = 0
    relevant: int = 0
    stories: int = 0
    episodes: int = 0


class DemoView(Protocol):
    """Looks into the database; it must answer at any time, with zeros before there is one."""

    def tallies(self) -> Tallies: ...


class DemoService(DemoView, Protocol):
    """The real service, running with a home and a profile of its own."""

    def backfill(self, path: Path) -> None:
        """Hands history over, as `dyadwatch ingest --backfill` does; it may return before the
        articles are stored. What goes wrong is an exception with a sentence."""
        ...

    def problem(self) -> str | None:
        """A sentence when the service has ended or cannot work, else None."""
        ...

    def stop(self) -> None:
        """Ends the service and waits for it; harmless when it has ended already."""
        ...


class StartService(Protocol):
    """Starts the service; it returns as soon as `backfill` may be called.

    `environ` is what has to be set besides `DYADWATCH_HOME` and `DYADWATCH_PROFILE`, which follow
    from the first two arguments.
    """

    def __call__(self, home: Path, profile: Path, environ: Mapping[str, str]) -> DemoService: ...
