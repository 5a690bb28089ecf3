"""Pages a second from 200 local newspapers, beside plain Scrapy with the same manners.

Each contender crawls in a process of its own, in turn, with the same delay, concurrency and
AutoThrottle, and robots.txt obeyed. Plain Scrapy extracts with trafilatura's fast mode in its
callback; "bare" keeps the page as it is. DYADWATCH_BENCH_PAGES sets the pages a newspaper.
"""

import os
import sys

import pytest
from harness.big_site import big_site
from harness.contenders import Course, Result, bare, ours, plain, run
from harness.quick_server import serving_apart

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(sys.platform != "linux", reason="needs 200 loopback addresses"),
]

HOSTS = 200
PAGES = int(os.environ.get("DYADWATCH_BENCH_PAGES", "20"))
ROUNDS = int(os.environ.get("DYADWATCH_BENCH_ROUNDS", "2"))
KILOBYTES = 60


@pytest.mark.parametrize("delay", [0.0, 0.2])
def test_pages_a_second_beside_plain_scrapy(
    delay: float, capsys: pytest.CaptureFixture[str]
) -> None:
    results: dict[str, list[Result]] = {}
    with serving_apart(big_site, PAGES, KILOBYTES) as port:
        course = Course([f"127.0.0.{n}:{port}" for n in range(1, HOSTS + 1)], delay)
        for _ in range(ROUNDS):
            for name, contender in (("ours", ours), ("plain", plain), ("bare", bare)):
                results.setdefault(name, []).append(run(contender, course))
    with capsys.disabled():
        print("\n" + table(delay, results))
    for name, some in results.items():
        assert {one.pages for one in some} == {HOSTS * PAGES}, name
        assert min(one.characters for one in some) > HOSTS * PAGES * 1_000, name


def table(delay: float, results: dict[str, list[Result]]) -> str:
    lines = [
        f"{HOSTS} hosts of {PAGES} pages of {KILOBYTES} kB, delay {delay:g} s, {ROUNDS} rounds",
        "           pages/s    best   CPU s  pages/CPU s  peak MB  of plain",
    ]
    for name, some in results.items():
        rate = sum(r.pages for r in some) / sum(r.seconds for r in some)
        cpu = sum(r.cpu for r in some) / len(some)
        lines.append(
            f"{name:8}{rate:10.1f}{max(r.pages / r.seconds for r in some):8.1f}{cpu:8.1f}"
            f"{some[0].pages / cpu:13.1f}{max(r.peak_mb for r in some):9.0f}"
            f"{rate / plain_rate(results):10.0%}"
        )
    return "\n".join(lines)


def plain_rate(results: dict[str, list[Result]]) -> float:
    some = results["plain"]
    return sum(r.pages for r in some) / sum(r.seconds for r in some)
