"""Articles a second from `ingest` to stored signals, on SQLite and on PostgreSQL, in one run.

The whole way, with real processes: file, inbox, broker, workers, tables. Beside it the same work
in a plain loop, without queue or database, so that the cost of being safe is known.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from harness import stacks
from harness.service import Dyadwatch

from worker.article_lines import read_articles
from worker.classify import Classifier
from worker.demo.history import compose_history, write_history
from worker.profile.loader import load_profile
from worker.stories.sketch import sketch

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

COUNT = 5000
CHARACTERS = 3000


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles of our own in four languages, each made 3 kB long by its neighbours' sentences."""
    directory = tmp_path_factory.mktemp("articles")
    past, _ = compose_history(datetime.now(UTC), days=90)
    count = write_history(past, directory / "history.jsonl")
    records = [json.loads(line) for line in (directory / "history.jsonl").open(encoding="utf-8")]
    with (directory / "articles.jsonl").open("w", encoding="utf-8") as file:
        for number in range(COUNT):
            record = dict(records[number % count])
            same = [r for r in records if r.get("language") == record.get("language")]
            text = record["text"]
            place = number
            while len(text) < CHARACTERS:
                place += 7
                text += "\n\n" + same[place % len(same)]["text"]
            record.update(id=f"b{number}", url=f"https://b{number % 50}.example/{number}")
            record.update(text=f"{text[:CHARACTERS]} {number}", newsroom=f"b{number % 50}")
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return directory / "articles.jsonl"


@pytest.mark.parametrize("name", ["embedded", "redis", "rabbitmq"])
def test_articles_a_second_from_ingest_to_stored_signals(
    articles: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with stacks.stack(name) as stack:
        installation = Dyadwatch(tmp_path / "home", dict(stack.environ))
        installation.home.mkdir()
        try:
            installation.command("articles")
            started = time.monotonic()
            ended = installation.command("ingest", str(articles))
            took = time.monotonic() - started
            assert ended.returncode == 0, ended.stderr.decode()
            assert len(installation.rows("articles")) == COUNT
        finally:
            installation.stop()
    database = "SQLite" if name == "embedded" else "PostgreSQL"
    with capsys.disabled():
        print(f"\n{database} and the {name} broker: {COUNT / took:.0f} articles/s, with start-up")


def test_the_same_work_in_a_plain_loop(articles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    classifier = Classifier(load_profile("russia_azerbaijan", {}).lexicon)
    now = datetime.now(UTC) - timedelta(hours=1)
    started = time.process_time()
    with articles.open("rb") as lines:
        for article in read_articles(lines, {}, now):
            classifier.classify(article)  # type: ignore[arg-type]  # every line is sound
            sketch(article.title, article.text)  # type: ignore[union-attr]
    took = time.process_time() - started
    with capsys.disabled():
        print(f"\na plain loop, one core, nothing stored: {COUNT / took:.0f} articles/s")
