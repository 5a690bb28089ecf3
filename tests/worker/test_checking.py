"""`sources check` against publishers that really do those things."""

import json
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from harness.service import Dyadwatch, until
from harness.services import settings
from harness.site import Reply, Site

from crawler.source import Source
from worker.checking import CheckMemory, look
from worker.source_check import Judgement, Looked, judge

NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Press:
    """What a check of all publishers came to, and who was told what on the way."""

    looked: dict[str, Looked]
    told: list[str]
    asked: dict[str, list[str]]

    def of(self, id: str) -> Judgement:
        return judge(self.looked[id], NOW)


def good(site: Site) -> None:
    for n in range(5):
        site.page(f"/news/{n}", NOW)
    site.feed("/rss", *((f"/news/{n}", NOW) for n in range(5)))


def html(site: Site) -> None:
    site.replies["/rss"] = Reply("<html><body><h1>Moved</h1></body></html>")


def closed(site: Site) -> None:
    good(site)
    site.robots("User-agent: *", "Disallow: /rss", f"Sitemap: {site.url}/news.xml")


def gone(site: Site) -> None:
    site.replies["/rss"] = Reply(status=410)


def busy(site: Site) -> None:
    site.replies["/rss"] = Reply(status=503, headers={"Retry-After": "30"})


def silent(site: Site) -> None:
    site.feed("/rss", ("/news/1", datetime(2020, 1, 1, tzinfo=UTC)))
    site.page("/news/1")


def bare(site: Site) -> None:
    site.feed("/rss", ("/news/1", NOW))
    site.replies["/news/1"] = Reply("<html><body></body></html>")


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    with ExitStack() as stack:
        sites: dict[str, Site] = {}
        for make in (good, html, closed, gone, busy, silent, bare):
            sites[make.__name__] = stack.enter_context(Site())
            make(sites[make.__name__])
        sources = [Source(id, "feed", f"{site.url}/rss", id, id) for id, site in sites.items()]
        allowed = ",".join(site.authority for site in sites.values())
        here = settings(tmp_path_factory.mktemp("home"), ALLOWED_PRIVATE_HOSTS=allowed)
        told: list[str] = []
        memory = CheckMemory(lambda outcome: told.append(outcome.source))
        look(here, sources, memory, lambda: NOW)
        looked = {one.source.id: one for one in memory.looked(sources)}
        yield Press(looked, told, {id: site.asked for id, site in sites.items()})


def test_a_good_source_works_and_three_of_its_pages_were_read(press: Press) -> None:
    assert press.of("good").says == "It lists 5 articles; 3 of 3 pages could be read."
    assert sorted(press.asked["good"]) == [
        "/news/0", "/news/1", "/news/2", "/robots.txt", "/rss",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("id", "status", "word", "does"),
    [
        ("html", 200, "HTML", "look for the address of its feed"),
        ("closed", None, "robots.txt", "/news.xml"),
        ("gone", 410, "410", "took its place"),
        ("busy", 503, "503", "server's"),
        ("silent", 200, "2020-01-01", "still publishes"),
    ],
)
def test_each_fault_is_told_with_its_remedy(
    press: Press, id: str, status: int | None, word: str, does: str
) -> None:
    outcome, judgement = press.looked[id].outcome, press.of(id)
    assert outcome is not None and outcome.status == status
    assert judgement.state == "fails"
    assert word in judgement.says and does in (judgement.remedy or "")


def test_a_closed_address_is_not_asked_for(press: Press) -> None:
    assert press.asked["closed"] == ["/robots.txt"]


def test_pages_without_an_article_make_it_work_in_part(press: Press) -> None:
    assert press.of("bare").state == "partly"


def test_every_poll_is_told_as_it_ends(press: Press) -> None:
    assert sorted(press.told) == sorted(press.looked)


def test_the_command_prints_one_row_a_source_and_fails_with_any(tmp_path: Path) -> None:
    with Site() as well, Site() as ill:
        good(well)
        gone(ill)
        dyadwatch = installation(
            tmp_path,
            f"- {{id: well, kind: feed, url: '{well.url}/rss', newsroom: w, sanctioned: [EU]}}",
            f"- {{id: ill, kind: feed, url: '{ill.url}/rss', newsroom: i, enabled: false}}",
        )
        ran = dyadwatch.command("sources", "check", "--json")
        assert ran.returncode == 0, ran.stderr.decode()
        (row,) = map(json.loads, ran.stdout.splitlines())
        assert (row["id"], row["state"], row["sanctioned"]) == ("well", "works", ["EU"])
        assert row["pages"] == "3/3" and row["robots"] == "allowed" and row["do"] is None
        assert b"1/1 well: 5 articles" in ran.stderr
        named = dyadwatch.command("sources", "check", "ill")
        assert named.returncode == 1 and b"410" in named.stdout
        unknown = dyadwatch.command("sources", "check", "wel")
        assert unknown.returncode == 2 and b"did you mean" in unknown.stderr
        assert not (dyadwatch.home / "dyadwatch.db").exists(), "nothing is stored"
        assert dyadwatch.rows("sources")[0]["sanctioned"] == ["EU"]


def test_a_check_that_is_stopped_shows_what_is_known_by_then(tmp_path: Path) -> None:
    released = Event()
    with Site() as quick, Site() as slow:
        good(quick)
        slow.replies["/rss"] = Reply(after=released)
        dyadwatch = installation(
            tmp_path,
            f"- {{id: quick, kind: feed, url: '{quick.url}/rss', newsroom: q, pages: false}}",
            f"- {{id: slow, kind: feed, url: '{slow.url}/rss', newsroom: s}}",
        )
        checking = dyadwatch.start("sources", "check", "--json")
        until(lambda: "1/2 quick" in dyadwatch.log(), 30, "the first poll")
        checking.send_signal(signal.SIGINT)
        assert checking.wait(20) == 130
        released.set()
        rows = [json.loads(line) for line in dyadwatch.log().splitlines() if line[:1] == "{"]
        assert {row["id"]: row["state"] for row in rows} == {
            "quick": "works",
            "slow": "not reached",
        }


def installation(directory: Path, *sources: str) -> Dyadwatch:
    """One with a profile of these sources alone, on loopback."""
    profile, home = directory / "mine", directory / "home"
    (profile / "sources").mkdir(parents=True)
    home.mkdir()
    (profile / "profile.yaml").write_text("name: mine\nextends: russia_azerbaijan\n")
    (profile / "sources" / "x.yaml").write_text("\n".join(sources) + "\n")
    hosts = re.findall(r"127\.0\.0\.1:\d+", " ".join(sources))
    return Dyadwatch(
        home,
        {
            "DYADWATCH_PROFILE": str(profile),
            "DYADWATCH_ALLOWED_PRIVATE_HOSTS": ",".join(hosts),
        },
    )
