"""`crawl --since` on a whole installation: a baseline for day one, and what it says of it."""

from datetime import UTC, datetime, timedelta

from harness.service import Dyadwatch
from harness.site import Site

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


def path(days: int) -> str:
    return f"/{NOW - days * DAY:%Y/%m/%d}/crews-of-the-port-tell-what-they-saw-{days}.html"


def test_a_walk_fills_the_archive_and_says_what_it_left_out(
    installation: Dyadwatch,
) -> None:
    profile = installation.home / "mine"
    (profile / "sources").mkdir(parents=True)
    (profile / "profile.yaml").write_text("name: mine\nextends: russia_azerbaijan\n")
    with Site() as site:
        site.robots("User-agent: *", f"Sitemap: {site.url}/sitemap.xml")
        site.sitemap("/sitemap.xml", *((path(n), NOW - n * DAY) for n in (0, 1, 2, 20)))
        for days in (0, 1, 2, 20):
            site.page(path(days), NOW - days * DAY)
        (profile / "sources" / "x.yaml").write_text(
            f"- {{id: paper, kind: feed, url: '{site.url}/rss', newsroom: paper}}\n"
            "- {id: channel, kind: telegram, url: 'https://t.me/s/paper', newsroom: paper}\n"
        )
        installation.environ |= {
            "DYADWATCH_PROFILE": str(profile),
            "DYADWATCH_ALLOWED_PRIVATE_HOSTS": site.authority,
        }
        walked = installation.command("crawl", "--since", "7d")
        assert walked.returncode == 0, walked.stderr.decode()
        assert b"2 articles of history taken in, 0 not" in walked.stderr
        assert b"1 that the live crawl takes" in walked.stderr
        assert b"channel: no history; a source of kind telegram" in walked.stderr
        assert {row["newsroom"] for row in installation.rows("articles")} == {"paper"}
        again = installation.command("crawl", "--since", "7d", "--source", "channel")
        assert again.returncode == 1, "who names a source wants its history"
    assert len(installation.rows("articles")) == 2
    ahead = installation.command("crawl", "--since", "2999-01-01")
    assert ahead.returncode == 2 and b"not in the past" in ahead.stderr
