"""`dyadwatch rules tune`: what it says, what it writes, and what it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from worker.profile.yaml_lines import read_yaml

RULES = """\
rules:
  # Measures of whatever origin.
  - id: worse
    kind: spike
    where: {direction: escalatory}
    window: 1d
    min_newsrooms: 2
    false_alarms_per_year: 5  # seldom
"""
START = datetime(2025, 1, 6, tzinfo=UTC)
DAYS = 160
EVENTS = range(20, 156, 14)
TOWNS = ("Kazan", "Perm", "Omsk", "Sochi", "Ufa", "Tula", "Samara", "Moscow", "Voronezh", "Tver")


def article(number: int, at: datetime, title: str) -> dict[str, str]:
    room = ("apa", "tass", "turan", "ria", "trend")[number % 5]
    return {
        "url": f"https://{room}.example/{number}",
        "title": title,
        "text": f"{title}. Case {number * 37} goes on in room {number % 89}.",
        "language": "en",
        "published": at.isoformat(),
        "fetched": (at + timedelta(minutes=3)).isoformat(),
    }


def raid(number: int) -> str:
    return (
        f"Russian police detain {number % 83 + 2} Azerbaijani citizens in "
        f"{TOWNS[number % 10]} raid number {number * 13}"
    )


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """160 days of a thin press, and every second week seven reports of raids on one day."""
    home = tmp_path_factory.mktemp("press")
    times = [START + timedelta(days=day, hours=9) for day in range(0, DAYS, 9)]
    for day in EVENTS:
        times += [START + timedelta(days=day, hours=6 + hour) for hour in range(7)]
    lines = [article(at, time, raid(at)) for at, time in enumerate(sorted(times))]
    (home / "articles.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in lines))
    days = [(START + timedelta(days=day)).date() for day in EVENTS]
    rows = "".join(f"{day},{day},Raids of {day}\n" for day in days)
    (home / "truth.csv").write_text(f"start,end,label\n{rows}")
    (home / "rules.yaml").write_text(RULES)
    return home


def tune(press: Path, *given: str | Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "DYADWATCH_HOME": str(press / "home"), "COLUMNS": "160"}
    return subprocess.run(
        [sys.executable, "-m", "worker", "rules", "tune", *map(str, given)],
        env=environ, capture_output=True, text=True, cwd=press, check=False,
    )  # fmt: skip


def given(press: Path) -> list[str | Path]:
    return ["--articles", press / "articles.jsonl", "--truth", press / "truth.csv",
            "--rules", press / "rules.yaml"]  # fmt: skip


def test_a_proposal_from_articles_to_a_file(press: Path) -> None:
    out, picture = press / "proposed.yaml", press / "trade.svg"
    done = tune(press, *given(press), "--json", "--output", out, "--picture", picture)
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    (rule,) = record["rules"]
    assert rule["rule"] == "worse"
    # Three of the four parts: the last two of the ten events had no say.
    assert rule["trades"][0]["events"] == 8
    assert record["later"]["before"]["events"] == 2
    assert record["later"]["from"] > record["chosen_on"]["from"]
    assert picture.read_text("utf-8").startswith("<?xml")
    # Nothing changes by itself, and what is written says what was proposed.
    assert (press / "rules.yaml").read_text() == RULES
    assert out.exists() == rule["changed"]
    if rule["changed"]:
        written = read_yaml(out).content["rules"][0]
        assert (written["window"], written["false_alarms_per_year"]) == (
            rule["after"]["window"],
            rule["after"]["false_alarms_per_year"],
        )


def test_a_history_that_is_too_short_is_refused_in_a_sentence(press: Path) -> None:
    done = tune(press, *given(press), "--to", "2025-03-01")
    assert done.returncode == 1
    assert "Nothing can be proposed:" in done.stderr
    assert "at least 8 are needed" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("option", "name", "status", "sentence"),
    [
        ("--output", "rules.yaml", 2, "exists; name a new file"),
        ("--output", "none/rules.yaml", 2, "cannot be written in"),
        ("--picture", "trade.gif", 1, "a picture is .svg or .png"),
        ("--truth", "none.csv", 1, "none.csv cannot be read"),
        ("--rules", "none.yaml", 1, "this file is missing"),
        ("--truth", "bad.csv", 1, "bad.csv, line 2, column end"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_replayed(
    press: Path, option: str, name: str, status: int, sentence: str
) -> None:
    (press / "bad.csv").write_text("start,end,label\n2025-01-01,2024-01-01,x\n")
    done = tune(press, *given(press), option, press / name)
    assert done.returncode == status
    assert sentence in " ".join(done.stderr.replace("│", " ").split())
    assert "articles read" not in done.stderr
    assert "Traceback" not in done.stderr
