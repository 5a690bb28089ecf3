"""Lanes: one queue a server, each worked off in order, side by side with the others."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count

Job = Callable[[], Awaitable[None]]


class Rank(IntEnum):
    """What goes first within a lane; among equals, what came first."""

    POLL = 0
    NEW_PAGE = 1
    OLD_PAGE = 2


@dataclass(slots=True)
class _Lane:
    waiting: list[tuple[Rank, int, Job]] = field(default_factory=list)
    task: asyncio.Task[None] | None = None


class Lanes:
    """Runs jobs: of one server one after the other, by rank; of many servers side by side.

    A lane holds its jobs itself and starts one at a time, so that when `time_is_up` says so what
    has not begun is simply left.
    """

    def __init__(self, time_is_up: Callable[[], bool], concurrency: int) -> None:
        self._time_is_up = time_is_up
        self._places = asyncio.Semaphore(concurrency)
        self._lanes: dict[str, _Lane] = {}
        self._numbers = count()

    def add(self, server: str, rank: Rank, job: Job) -> None:
        lane = self._lanes.setdefault(server, _Lane())
        heapq.heappush(lane.waiting, (rank, next(self._numbers), job))
        if lane.task is None or lane.task.done():
            lane.task = asyncio.create_task(self._work(lane))

    async def finished(self) -> None:
        """Returns when every lane is empty, or time is up and what had begun has ended.

        Raises what a job raised, at once; the other lanes are cancelled then.
        """
        try:
            while running := [t for x in self._lanes.values() if (t := x.task) and not t.done()]:
                done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            # A lane may have failed while another was being looked at.
            for lane in self._lanes.values():
                if lane.task:
                    lane.task.result()
        finally:
            for lane in self._lanes.values():
                if lane.task:
                    lane.task.cancel()

    async def _work(self, lane: _Lane) -> None:
        while lane.waiting and not self._time_is_up():
            async with self._places:
                _, _, job = heapq.heappop(lane.waiting)
                await job()
