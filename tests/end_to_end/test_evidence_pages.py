"""An alert's pages, read again by the real crawler: edited, deleted, and back again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from harness.service import Dyadwatch
from harness.services import bundled_services
from harness.site import Reply, Site
from sqlalchemy import select

from alerts.episode import Episode, advance
from alerts.finding import Finding
from worker import evidence
from worker.storage import revisits
from worker.storage.database import Database
from worker.storage.tables import articles, page_tasks

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

HOUR = timedelta(hours=1)
TITLE = "Russian police detain six citizens of Azerbaijan"
MORE = "The consul asked for an explanation and sent a lawyer to the district court. " * 8


def page(title: str) -> Reply:
    return Reply(
        f'<html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>'
        f"<p>{title} in Perm. {MORE}</p><p>{MORE}</p></article></body></html>"
    )


def alarm(key: str, now: datetime) -> Episode:
    seen = Finding(
        rule="raids", kind="threshold", severity="warning", at=now, window=HOUR, bucket=now,
        count=1, unit="stories", expected=None, upper=None, probability=None, articles=1,
        stories=1, newsrooms=1, article_ids=(key,), story_ids=("s1",), newsroom_ids=("paper",),
        without_largest=False, largest_newsroom="paper", coverage=None, provisional=False,
    )  # fmt: skip
    opened = advance(None, seen, now).episode
    assert opened is not None
    return opened


def test_who_edits_or_deletes_what_an_alert_rests_on_is_noticed(
    installation: Dyadwatch, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    with Site() as site:
        site.feed("/rss", ("/raid", now - timedelta(minutes=5)))
        site.replies["/raid"] = page(TITLE)
        profile = tmp_path / "profile"
        paper = {
            "id": "paper", "kind": "feed", "url": f"{site.url}/rss", "name": "Paper",
            "newsroom": "paper", "country": "AZ", "stance": "independent", "language": "en",
        }  # fmt: skip
        for name, content in {
            "profile.yaml": {"name": "Paper", "extends": "russia_azerbaijan"},
            "sources/all.yaml": [paper],
        }.items():
            (profile / name).parent.mkdir(parents=True, exist_ok=True)
            (profile / name).write_text(yaml.safe_dump(content))
        installation.environ = {
            "DYADWATCH_PROFILE": str(profile),
            "DYADWATCH_ALLOWED_PRIVATE_HOSTS": site.authority,
        }
        crawl(installation)
        database = Database(f"sqlite:///{installation.home / 'dyadwatch.db'}")
        with database.write() as conn:
            key = conn.execute(select(articles.c.key)).scalar_one()
            episode = alarm(key, now)
            evidence.keep(conn, bundled_services().profile, episode, now)

        def seen_again(hours: int) -> evidence.State:
            with database.write() as conn:
                assert revisits.ask(conn, now + hours * HOUR, 10, {"paper"}) == 1
            # Asked for "then", and read at once: what the calendar says is tested elsewhere.
            make_due(database)
            crawl(installation)
            with database.read() as conn:
                state = evidence.state_of(conn, episode)
            assert state is not None
            return state

        assert seen_again(1).sentences[1:] == ()
        site.replies["/raid"] = page("Police visit six citizens of Azerbaijan")
        edited = seen_again(6)
        assert (edited.proof.edited, edited.proof.deleted) == (1, 0)
        assert "its headline is “Police visit six" in edited.sentences[-1]
        site.replies["/raid"] = Reply(status=410)
        gone = seen_again(24)
        assert (gone.proof.edited, gone.proof.deleted) == (1, 1)
        site.replies["/raid"] = page(TITLE)
        assert seen_again(72).sentences[1:] == ()
        database.dispose()


def crawl(installation: Dyadwatch) -> None:
    done = installation.command("crawl", "--source", "paper")
    assert done.returncode == 0, done.stderr.decode()


def make_due(database: Database) -> None:
    with database.write() as conn:
        conn.execute(page_tasks.update().values(created_at=datetime.now(UTC)))
