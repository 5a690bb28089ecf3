"""Lanes: whose turn it is."""

import asyncio

import pytest

from crawler.lanes import Lanes, Rank


def turns(*jobs, time_is_up=lambda: False):
    """The names of these jobs, (host, rank, name), in the order in which they had their turn."""
    done = []

    async def work():
        lanes = Lanes(time_is_up)
        for host, rank, name in jobs:

            async def job(name=name):
                done.append(name)

            lanes.add(host, rank, job)
        await lanes.finished()

    asyncio.run(work())
    return done


def test_polls_come_first_but_pages_are_not_starved():
    polls = [("a.az", Rank.POLL, f"poll {n}") for n in range(5)]
    pages = [("a.az", Rank.OLD_PAGE, f"page {n}") for n in range(4)]
    assert turns(*pages, *polls) == [
        "poll 0", "page 0", "poll 1", "poll 2", "page 1", "poll 3", "poll 4", "page 2", "page 3",
    ]  # fmt: skip


def test_what_a_poll_leads_on_to_waits_for_other_polls_and_new_pages_come_before_old_ones():
    ranks = [Rank.OLD_PAGE, Rank.NEW_PAGE, Rank.FOLLOW, Rank.POLL]
    assert turns(*(("a.az", rank, rank.name) for rank in ranks)) == [
        "POLL", "NEW_PAGE", "FOLLOW", "OLD_PAGE",
    ]  # fmt: skip


def test_a_lane_that_waits_holds_up_no_other():
    async def work():
        lanes, answered, order = Lanes(lambda: False), asyncio.Event(), []

        async def slow():
            await answered.wait()
            order.append("slow")

        async def quick():
            order.append("quick")
            answered.set()

        for n in range(100):
            lanes.add(f"slow{n}.az", Rank.POLL, slow)
        lanes.add("quick.az", Rank.POLL, quick)
        await lanes.finished()
        return order

    assert asyncio.run(work())[0] == "quick"


def test_nothing_begins_when_time_is_up():
    assert turns(("a.az", Rank.POLL, "poll"), time_is_up=lambda: True) == []


def test_a_job_that_fails_ends_all():
    async def work():
        lanes = Lanes(lambda: False)

        async def wait():
            await asyncio.Event().wait()

        async def fail():
            raise OSError("disk full")

        lanes.add("a.az", Rank.POLL, wait)
        lanes.add("b.az", Rank.POLL, fail)
        await lanes.finished()

    with pytest.raises(OSError, match="disk full"):
        asyncio.run(work())
