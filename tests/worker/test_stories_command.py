"""`dyadwatch stories`: both sides' headlines beside each other, and one story laid out."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from harness.service import Dyadwatch
from storage_samples import NOW, article, classified

from worker.storage.articles import ClassifiedArticle, store
from worker.storage.database import Database
from worker.storage.stories import stories
from worker.storage.story_merging import merge
from worker.stories.sketch import sketch

RAID = " ".join(f"raid{n}" for n in range(60))
HOSTILE = "=2+2\x1b[2J\nsummoned \u202eunder a false line"


def told(newsroom: str, country: str, minutes: int, title: str, text: str) -> ClassifiedArticle:
    at = NOW + timedelta(minutes=minutes)
    made = article(
        f"{newsroom}-{minutes}", newsroom=newsroom, country=country, title=title, text=text,
        published=at, fetched=at,
    )  # fmt: skip
    return replace(classified(made, received_at=at), sketch=sketch("", text))


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Dyadwatch, str, str]]:
    """An installation with one story of both sides, its name, and a name that it had besides."""
    home: Path = tmp_path_factory.mktemp("home")
    database = Database(f"sqlite:///{home / 'dyadwatch.db'}")
    database.upgrade()
    batch = (
        told("tass", "RU", 0, "Gang detained", RAID),
        told("ria", "RU", 5, "Detained: a gang", RAID),
        told("apa", "AZ", 60, HOSTILE, " ".join(f"note{n}" for n in range(40))),
    )
    database.retrying(lambda conn: store(conn, batch, NOW))
    younger, elder = (some[0].story for some in stories(database))
    database.retrying(lambda conn: merge(conn, elder, [younger], NOW))
    database.dispose()
    yield Dyadwatch(home), elder, younger


def test_a_record_has_both_sides(merged: tuple[Dyadwatch, str, str]) -> None:
    installation, name, _ = merged
    (row,) = installation.rows("stories", "--since", "2025-06-28", "--query", "gang")
    assert (row["id"], row["articles"], row["tellings"], row["newsrooms"]) == (name, 3, 2, 3)
    assert (row["first_at"], row["last_at"]) == ("2025-06-28T12:00:00Z", "2025-06-28T13:00:00Z")
    assert (row["severity"], row["direction"], row["languages"]) == (3, "escalatory", ["en"])
    russia, azerbaijan, elsewhere = row["sides"].values()
    assert list(row["sides"]) == ["RUS", "AZE", "elsewhere"]
    assert (russia["newsrooms"], russia["first"]["title"]) == (2, "Gang detained")
    assert (azerbaijan["newsrooms"], azerbaijan["first"]["newsroom"]) == (1, "apa")
    assert elsewhere == {"newsrooms": 0, "first": None}
    assert installation.rows("stories", "--until", "2025-06-27") == []
    assert json.loads(installation.command("stories", "--json", "--limit", "1").stdout) == row


def test_the_table_shows_the_headlines_beside_each_other_and_obeys_none(
    merged: tuple[Dyadwatch, str, str],
) -> None:
    installation, name, _ = merged
    shown = installation.command("stories").stdout.decode()
    header = next(line for line in shown.splitlines() if "told" in line)
    assert header.index("Russia") < header.index("Azerbaijan") < header.index("elsewhere")
    line = next(line for line in shown.splitlines() if name in line)
    assert "Gang detained" in line and "=2+2\ufffd[2J summoned \ufffdunder a false line" in line
    assert "3 newsrooms: RUS 2, AZE 1" in shown and "tass, en" in shown
    assert "\x1b" not in shown and "\u202e" not in shown


def test_a_spreadsheet_has_a_column_a_side(merged: tuple[Dyadwatch, str, str]) -> None:
    installation, _, _ = merged
    written = installation.command("stories", "--format", "csv").stdout.decode()
    (row,) = csv.DictReader(written.splitlines(keepends=True))
    assert (row["newsrooms_RUS"], row["newsrooms_AZE"], row["newsrooms_elsewhere"]) == tuple("210")
    assert row["headline_RUS"] == "Gang detained" and row["headline_AZE"].startswith("'=2+2")
    nothing = installation.command("stories", "--query", "nowhere", "--format", "csv").stdout
    assert nothing.decode().rstrip("\n").split(",") == list(row)


@pytest.mark.parametrize("old", [False, True])
def test_one_story_is_laid_out_article_by_article(
    merged: tuple[Dyadwatch, str, str], old: bool
) -> None:
    installation, name, younger = merged
    rows = installation.rows("stories", "--story", younger if old else name)
    said = [(row["newsroom"], row["country"], row["at"][11:16], row["reprint_of"]) for row in rows]
    assert said == [
        ("tass", "RU", "12:00", None),
        ("ria", "RU", "12:05", "tass"),
        ("apa", "AZ", "13:00", None),
    ]
    assert rows[1]["reprint_of_url"] == rows[0]["url"]
    assert {row["story"] for row in rows} == {name}
    table = installation.command("stories", "--story", younger if old else name)
    assert b"\x1b" not in table.stdout and b"reprint of" in table.stdout
    assert (f"part of {name}".encode() in table.stderr) == old


def test_a_story_that_there_is_not_is_bad_usage(merged: tuple[Dyadwatch, str, str]) -> None:
    installation, name, _ = merged
    unknown = installation.command("stories", "--story", "s0")
    assert unknown.returncode == 2 and b"there is no story" in unknown.stderr
    both = installation.command("stories", "--story", name, "--limit", "3")
    assert both.returncode == 2 and b"leave out" in both.stderr
