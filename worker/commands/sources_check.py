"""`dyadwatch sources check`: polls sources now, and says in words what is wrong with each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker import clock
from worker.commands.chosen import named_sources
from worker.log import configure
from worker.moments import written
from worker.output import Format, emit, say
from worker.settings import read_settings

if TYPE_CHECKING:
    from crawler.ports import PollOutcome
    from worker.source_check import Looked

COLUMNS = ("id", "state", "status", "items", "newest", "pages", "robots", "says", "do")


def check(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="These sources; every one that is on without."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are off.")] = False,
    form: Annotated[Format, typer.Option("--format", help="How to write the list.")] = Format.table,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format jsonl.")] = False,
) -> None:
    """Poll sources now, read three pages of each, and say in words how it does and what to do.

    Nothing is stored; Ctrl-C shows what is known so far. The exit status is 1 where one fails.
    """
    from worker.bootstrap import build
    from worker.checking import CheckMemory, look

    configure()
    services = build(read_settings())
    profile = services.profile
    listed = [s for s in profile.sources if s.id not in profile.left_out]
    chosen = named_sources(profile, ids or []) or (listed if everything else list(profile.polled))
    memory = CheckMemory(_Progress(len(chosen)))
    say(f"Checking {len(chosen)} sources.")
    stopped: BaseException | None = None
    try:
        look(services.settings, chosen, memory, clock.now)
    except (KeyboardInterrupt, SystemExit) as stop:  # so a command is told to stop (worker/entry)
        stopped = stop
        say("Stopped; this is what is known so far.")
    looked = memory.looked(chosen)
    rows = list(_rows(looked))
    emit(rows, COLUMNS, Format.jsonl if as_json else form)
    states = Counter(row["state"] for row in rows)
    partly = f", {states['partly']} partly" if states["partly"] else ""
    say(f"{states['works']} of {len(chosen)} sources work{partly}.")
    if stopped is not None:
        raise stopped
    if states["fails"] or states["not reached"]:
        raise typer.Exit(1)


class _Progress:
    """Says on standard error how each poll ended, with its number."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0

    def __call__(self, outcome: PollOutcome) -> None:
        self._done += 1
        came = outcome.error or f"{outcome.entries} articles"
        say(f"{self._done}/{self._total} {outcome.source}: {came}")


def _rows(looked: Sequence[Looked]) -> Iterator[dict[str, Any]]:
    from worker.source_check import judge, robots_verdict

    now = clock.now()
    for one in looked:
        judgement, outcome = judge(one, now), one.outcome
        yield {
            "id": one.source.id,
            "name": one.source.name,
            "kind": one.source.kind,
            "url": one.source.url,
            "newsroom": one.source.newsroom,
            "sanctioned": list(one.source.sanctioned),
            "enabled": one.source.enabled,
            "state": judgement.state,
            "status": outcome.status if outcome else None,
            "items": outcome.entries if outcome else None,
            "newest": written(outcome.newest) if outcome else None,
            "pages": f"{one.extracted}/{one.tried}" if one.tried else None,
            "pages_tried": one.tried,
            "pages_extracted": one.extracted,
            "walls": one.walls,
            "robots": robots_verdict(one),
            "says": judgement.says,
            "do": judgement.remedy,
        }
