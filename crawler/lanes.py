"""Lanes: one queue a host, each worked off in order, side by side with the others."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count

Job = Callable[[], Awaitable[None]]

#: After the first poll, and then after each two, a page has its turn: a host whose feeds are asked
#: for all the time would never get to its pages otherwise.
_POLLS_A_PAGE = 2


class Rank(IntEnum):
    """What goes first within a lane; among equals, what came first."""

    POLL = 0
    FOLLOW = 1
    NEW_PAGE = 2
    OLD_PAGE = 3


@dataclass(slots=True)
class _Lane:
    polls: list[tuple[Rank, int, Job]] = field(default_factory=list)
    pages: list[tuple[Rank, int, Job]] = field(default_factory=list)
    polls_since_page: int = _POLLS_A_PAGE - 1
    task: asyncio.Task[None] | None = None

    def next_job(self) -> Job:
        a_page = self.pages and (not self.polls or self.polls_since_page >= _POLLS_A_PAGE)
        self.polls_since_page = 0 if a_page else self.polls_since_page + 1
        return heapq.heappop(self.pages if a_page else self.polls)[2]


class Lanes:
    """Runs jobs: of one host one after the other, by rank; of many hosts side by side.

    A lane holds its jobs itself and starts one at a time, so that when `time_is_up` says so what
    has not begun is simply left. How many downloads run at once is the download handler's affair:
    a lane that waits for its delay, or for robots.txt, takes no other lane's place.
    """

    def __init__(self, time_is_up: Callable[[], bool]) -> None:
        self._time_is_up = time_is_up
        self._lanes: dict[str, _Lane] = {}
        self._working: set[asyncio.Task[None]] = set()
        self._numbers = count()
        self._broken: Exception | None = None
        self._changed = asyncio.Event()

    def add(self, host: str, rank: Rank, job: Job) -> None:
        lane = self._lanes.setdefault(host, _Lane())
        queue = lane.polls if rank <= Rank.FOLLOW else lane.pages
        heapq.heappush(queue, (rank, next(self._numbers), job))
        if lane.task is None:
            lane.task = asyncio.create_task(self._work(lane))
            self._working.add(lane.task)

    async def finished(self) -> None:
        """Returns when every lane is empty, or time is up and what had begun has ended.

        Raises what a job raised, at once; the other lanes are cancelled then.
        """
        try:
            while self._working and not self._broken:
                await self._changed.wait()
                self._changed.clear()
        finally:
            for task in self._working:
                task.cancel()
        if self._broken:
            raise self._broken

    async def _work(self, lane: _Lane) -> None:
        task = lane.task
        try:
            while (lane.polls or lane.pages) and not self._time_is_up():
                await lane.next_job()()
        except Exception as error:  # noqa: BLE001 - raised by `finished`
            self._broken = self._broken or error
        finally:
            lane.task = None
            if task:
                self._working.discard(task)
            self._changed.set()
