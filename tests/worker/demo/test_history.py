"""The quiet month before the crisis."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from worker.demo.history import (
    MOST_ALIKE,
    alikeness,
    capitalised,
    compose_history,
    phrasebook,
    word_triples,
    write_history,
)
from worker.demo.script import MARKS, Release, newsrooms

START = datetime(2025, 6, 27, 4, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def composed() -> tuple[tuple[Release, ...], tuple[Release, ...]]:
    return compose_history(START)


def test_the_same_start_gives_the_same_history(
    composed: tuple[tuple[Release, ...], tuple[Release, ...]],
) -> None:
    assert compose_history(START) == composed


PROGRAM = """
from datetime import datetime
from worker.demo.history import compose_history
past, fresh = compose_history(datetime.fromisoformat(%r))
print(len(past), *[release.article.title for release in past[-3:] + fresh], sep="|")
"""


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_composes_the_same_history(
    composed: tuple[tuple[Release, ...], tuple[Release, ...]], hash_seed: str
) -> None:
    past, fresh = composed
    environ = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM % START.isoformat()],
        env=environ,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    titles = [release.article.title for release in past[-3:] + fresh]
    assert run.stdout.rstrip("\n").split("|") == [str(len(past)), *titles]


def test_a_later_start_moves_the_dates_and_nothing_else(
    composed: tuple[tuple[Release, ...], tuple[Release, ...]],
) -> None:
    later = timedelta(days=100, hours=7)
    for then, now in zip(composed[0], compose_history(START + later)[0], strict=True):
        assert now.article == then.article
        assert now.published == then.published + later


def test_thirty_days_of_eight_to_fifteen_articles_that_end_an_hour_before_the_start(
    composed: tuple[tuple[Release, ...], tuple[Release, ...]],
) -> None:
    past, _ = composed
    end = START - timedelta(hours=1)
    assert all(end - timedelta(days=30) <= release.published < end for release in past)
    days = Counter((end - release.published).days for release in past)
    assert sorted(days) == list(range(30))
    assert all(8 <= count <= 15 for count in days.values())


def test_friction_comes_at_most_once_a_day(
    composed: tuple[tuple[Release, ...], tuple[Release, ...]],
) -> None:
    tones = {beat.id: beat.tone for lang in MARKS for beat in phrasebook(lang).beats}
    friction = [
        release
        for release in composed[0]
        if tones[release.article.slug.rpartition("-")[0]] == "friction"
    ]
    assert 10 <= len(friction) <= 30
    fresh_slugs = [release.article.slug.rpartition("-")[0] for release in composed[1]]
    assert all(tones[slug] == "neutral" for slug in fresh_slugs)


def test_every_newsroom_has_a_past_and_one_fresh_article(
    composed: tuple[tuple[Release, ...], tuple[Release, ...]],
) -> None:
    past, fresh = composed
    everyone = {room.id for room in newsrooms()}
    assert {release.article.newsroom for release in past} == everyone
    assert [release.article.newsroom for release in fresh] == [room.id for room in newsrooms()]
    assert all(timedelta(0) < START - r.published < timedelta(hours=1) for r in fresh)


def test_no_two_articles_are_near_duplicates(
    composed: tuple[tuple[Release, ...], tuple[Release, ...]],
) -> None:
    for language in MARKS:
        texts = [r.article for part in composed for r in part if r.article.language == language]
        triples = [word_triples(f"{article.title} {article.text}") for article in texts]
        assert max(alikeness(a, b) for a, b in combinations(triples, 2)) <= MOST_ALIKE


def test_every_text_is_finished_and_marked(
    composed: tuple[tuple[Release, ...], tuple[Release, ...]],
) -> None:
    for release in (*composed[0], *composed[1]):
        article = release.article
        assert article.text.endswith(MARKS[article.language])
        assert not set("{}") & set(article.title + article.text)
        assert article.title[0].isupper() or article.title[0].isdigit()


def test_records_are_the_contracts_and_addresses_are_nobodys(
    composed: tuple[tuple[Release, ...], tuple[Release, ...]], tmp_path: Path
) -> None:
    file = tmp_path / "made" / "history.jsonl"
    count = write_history(composed[0], file)
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert count == len(records) == len(composed[0])
    for record in records:
        assert list(record) == [
            "id", "url", "source", "newsroom", "country",
            "title", "text", "language", "published", "fetched",
        ]  # fmt: skip
        assert record["url"].startswith(f"https://{record['newsroom']}.example/")
        assert record["published"].endswith("Z")
        assert record["published"] < record["fetched"]
    assert len({record["url"] for record in records}) == count
    assert len({record["id"] for record in records}) == count


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [("idxal", "az", "İdxal"), ("ithalat", "tr", "İthalat"), ("imports", "en", "Imports")],
)
def test_a_sentence_begins_by_its_languages_own_rule(
    sentence: str, language: str, expected: str
) -> None:
    assert capitalised(sentence, language) == expected
