"""`dyadwatch backtest`: files of each kind, what is stored, and what it refuses in a sentence."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

RULES = """\
rules:
  - id: five
    kind: threshold
    where: {direction: escalatory}
    window: 6h
    at_least: 5
    min_newsrooms: 2
"""
START = datetime(2025, 1, 6, tzinfo=UTC)
BURST = datetime(2025, 1, 16, 6, tzinfo=UTC)
TOWNS = ("Kazan", "Perm", "Omsk", "Sochi", "Ufa", "Tula", "Samara", "Moscow", "Voronezh", "Tver")


def times() -> list[datetime]:
    quiet = [START + timedelta(days=day, hours=9) for day in (0, 3, 6, 9, 13)]
    return sorted(quiet + [BURST + timedelta(minutes=17 * n) for n in range(9)])


def title(number: int) -> str:
    return (
        f"Russian police detain {number % 83 + 2} Azerbaijani citizens in "
        f"{TOWNS[number % 10]} raid number {number * 13}"
    )


def text(number: int) -> str:
    return f"{title(number)}. Case {number * 37} goes on in room {number % 89}."


def article(number: int, at: datetime) -> dict[str, str]:
    room = ("apa", "tass", "turan", "ria", "trend")[number % 5]
    return {
        "url": f"https://{room}.example/{number}",
        "title": title(number),
        "text": text(number),
        "language": "en",
        "published": at.isoformat(),
        "fetched": (at + timedelta(minutes=3)).isoformat(),
    }


def lines() -> str:
    return "".join(f"{json.dumps(article(n, at))}\n" for n, at in enumerate(times()))


def warc() -> bytes:
    """The same articles as pages that were fetched three minutes after they appeared."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    for number, at in enumerate(times()):
        rng = random.Random(number)  # stories in words of their own
        words = ["".join(rng.choices("aeioulmnrst", k=7)) for _ in range(240)]
        body = "".join(f"<p>{text(number)} {' '.join(words[i::6])}.</p>" for i in range(6))
        page = (
            f'<html lang="en"><head><title>{title(number)}</title>'
            f'<meta property="article:published_time" content="{at.isoformat()}"></head>'
            f"<body><article><h1>{title(number)}</h1>{body}</article></body></html>"
        )
        writer.write_record(
            writer.create_warc_record(
                article(number, at)["url"],
                "response",
                payload=io.BytesIO(page.encode()),
                http_headers=StatusAndHeaders(
                    "200 OK", [("Content-Type", "text/html; charset=utf-8")], "HTTP/1.1"
                ),
                warc_headers_dict={
                    "WARC-Date": (at + timedelta(minutes=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
                },
            )
        )
    return file.getvalue()


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("press")
    (home / "articles.jsonl").write_text(lines())
    (home / "articles.jsonl.gz").write_bytes(gzip.compress(lines().encode()))
    (home / "pages.warc.gz").write_bytes(warc())
    (home / "empty.jsonl").write_text("")
    (home / "bad.jsonl").write_text(f'{{"url": 5}}\nnot json\n{lines()}')
    (home / "cut.jsonl.gz").write_bytes(gzip.compress(lines().encode())[:-20])
    (home / "rules.yaml").write_text(RULES)
    (home / "bad.yaml").write_text(RULES.replace("threshold", "treshold"))
    (home / "truth.csv").write_text("start,end,label\n2025-01-16,2025-01-16,Raids\n")
    (home / "columns.csv").write_text("day,what\n2025-01-16,Raids\n")
    return home


def run(
    press: Path, *given: str | Path, command: str = "backtest", url: str | None = None
) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "DYADWATCH_HOME": str(press / "home"), "COLUMNS": "200"}
    environ.pop("DYADWATCH_DATABASE_URL", None)
    if url is not None:
        environ["DYADWATCH_DATABASE_URL"] = url
    return subprocess.run(
        [sys.executable, "-m", "worker", *command.split(), *map(str, given)],
        env=environ, capture_output=True, text=True, cwd=press, check=False,
    )  # fmt: skip


def told(done: subprocess.CompletedProcess[str]) -> tuple[list[str], dict[str, object]]:
    """What became of episodes, and the summary."""
    *changes, last = map(json.loads, done.stdout.splitlines())
    return [change["change"] for change in changes], last["summary"]


@pytest.mark.parametrize("name", ["articles.jsonl", "articles.jsonl.gz", "pages.warc.gz"])
def test_a_file_of_any_kind_is_replayed(press: Path, name: str) -> None:
    done = run(press, "--articles", press / name, "--rules", press / "rules.yaml")
    assert done.returncode == 0, done.stderr
    changes, summary = told(done)
    assert changes.count("opened") == 1 and changes[-1] == "resolved"
    # Nobody's articles are judged by the truth file that the profile brings.
    assert summary["recall"] is None


def test_a_press_that_writes_of_other_things_is_no_fault(press: Path) -> None:
    dull = [
        article(n, at) | {"title": f"Rain in {TOWNS[n % 10]}", "text": f"{n} mm of rain fell."}
        for n, at in enumerate(times())
    ]
    (press / "dull.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in dull))
    done = run(press, "--articles", press / "dull.jsonl", "--rules", press / "rules.yaml")
    assert done.returncode == 0, done.stderr
    assert told(done)[0] == []


def test_an_article_that_comes_twice_counts_once(press: Path) -> None:
    once = (press / "articles.jsonl").read_text()
    (press / "twice.jsonl").write_text(once + once)
    given: list[str | Path] = ["--rules", "rules.yaml", "--articles"]
    assert run(press, *given, "twice.jsonl").stdout == run(press, *given, "articles.jsonl").stdout


def test_the_same_input_gives_the_same_output(press: Path) -> None:
    given: list[str | Path] = ["--articles", "articles.jsonl", "--rules", "rules.yaml"]
    assert run(press, *given).stdout == run(press, *given).stdout


def test_a_truth_file_judges_and_a_limit_fails(press: Path) -> None:
    given: list[str | Path] = ["--articles", "articles.jsonl", "--rules", "rules.yaml"]
    given += ["--truth", "truth.csv", "--from", "2025-01-10"]
    good = run(press, *given, "--least-recall", "1", "--least-precision", "1")
    assert good.returncode == 0, good.stderr
    assert told(good)[1]["recall"] == 1.0
    short = run(press, *given, "--most-per-week", "0.1")
    assert short.returncode == 1
    assert "more than the 0.1 allowed" in short.stderr


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        (("--articles", "none.jsonl"), 1, "none.jsonl cannot be read: No such file"),
        (("--articles", "empty.jsonl"), 1, "There is no article to replay"),
        (("--articles", "articles.jsonl", "--rules", "bad.yaml"), 1, "treshold"),
        (("--articles", "articles.jsonl", "--rules", "none.yaml"), 1, "this file is missing"),
        (("--articles", "articles.jsonl", "--truth", "columns.csv"), 1, "columns.csv"),
        (("--articles", "articles.jsonl", "--truth", "none.csv"), 1, "none.csv cannot be read"),
        (("--from", "2025-02-01", "--to", "2025-01-01"), 2, "nothing lies between them"),
        (("--articles", "articles.jsonl", "--from", "2026-01-01"), 1, "no time of it lies in"),
        (("--articles", "articles.jsonl", "--to", "2024-01-01"), 1, "There is no article"),
        (("--articles", "articles.jsonl", "--picture", "x.gif"), 1, "a picture is .svg or .png"),
        ((), 1, "Nothing is stored yet: name a file with --articles"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    press: Path, given: tuple[str, ...], status: int, sentence: str
) -> None:
    done = run(press, *given)
    assert done.returncode == status, done.stderr
    assert sentence in " ".join(done.stderr.replace("│", " ").split())
    assert not done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("bad.jsonl", "line 2"), ("cut.jsonl.gz", "is damaged: it cannot be unpacked to its end")],
)
def test_what_can_be_read_is_replayed_and_the_rest_is_named(
    press: Path, name: str, sentence: str
) -> None:
    done = run(press, "--articles", press / name, "--rules", press / "rules.yaml")
    assert done.returncode == 1
    assert sentence in done.stderr and "Traceback" not in done.stderr
    assert "summary" in done.stdout


def test_what_waits_to_be_taken_in_is_no_history_yet(press: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dyadwatch.db'}"
    taken = run(press, press / "articles.jsonl", "--backfill", command="ingest", url=url)
    assert taken.returncode == 0, taken.stderr
    done = run(press, "--rules", press / "rules.yaml", url=url)
    assert done.returncode == 1
    # What happened in the world judges what is stored of it.
    assert "Judged by the profile's own truth file" in done.stderr
    assert "There is no article to replay" in done.stderr


def test_tuning_on_a_file_asks_for_its_truth(press: Path) -> None:
    done = run(press, "--articles", press / "articles.jsonl", command="rules tune")
    assert done.returncode == 1
    assert "name a CSV of start,end,label with --truth" in " ".join(done.stderr.split())
