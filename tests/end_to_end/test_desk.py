"""The desk's work from the command line: explain, label, list, tune."""

import json
from pathlib import Path

from harness.service import Dyadwatch

SUMMONED = {
    "url": "https://news.example/summons",
    "title": "Azerbaijan summons Russian envoy over police raids",
    "text": "The ministry in Baku handed him a note of protest on Monday, officials said.",
}
TREES = {"url": "https://news.example/trees", "title": "Council of Ankara plants trees"}


def rows(said: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in said.splitlines()]


def test_a_label_is_kept_listed_and_fed_back(installation: Dyadwatch, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text(json.dumps(SUMMONED) + "\n" + json.dumps(TREES) + "\n")
    assert installation.command("ingest", str(path)).returncode == 0

    told = installation.command("explain", f"{SUMMONED['url']}?utm_source=mail")
    assert told.returncode == 0 and b"stored, as its page said" in told.stdout
    assert b"Azerbaijan \xe2\x86\x92 Russia" in told.stdout

    label = ("articles", "label", SUMMONED["url"])
    first = installation.command(*label, "--severity", "3", "--by", "ana")
    assert first.returncode == 0, first.stderr.decode()
    again = ("--severity", "2", "--initiator", "none", "--category", "diplomatic_protest")
    second = installation.command(*label, *again, "--by", "ben", "--note", "by the book")
    assert second.returncode == 0
    no = installation.command("articles", "label", TREES["url"], "--relevant", "no")
    assert b"relevant: no" in no.stderr

    listed = installation.command("labels", "--json")
    one, other = rows(listed.stdout)
    assert one["severity"] == 2 and one["initiator"] is None and one["labelled_by"] == "ben"
    assert one["note"] == "by the book" and one["categories"] == ["diplomatic_protest"]
    assert "relevant" not in one and other["relevant"] is False
    table = installation.command("labels", "--format", "csv")
    assert table.returncode == 0 and table.stdout.count(b"\n") == 3

    (tmp_path / "labels.jsonl").write_bytes(listed.stdout)
    tuned = installation.command("profile", "tune", "--labels", str(tmp_path / "labels.jsonl"))
    assert tuned.returncode == 1 and tuned.stdout == b""
    assert b"2 labelled articles: 1 relevant, 1 not" in tuned.stderr
    assert b"58 more articles" in tuned.stderr

    assert installation.command(*label, "--withdraw").returncode == 0
    assert len(rows(installation.command("labels", "--json").stdout)) == 1


def test_what_cannot_be_labelled_is_bad_usage(installation: Dyadwatch) -> None:
    for arguments, word in (
        (("https://news.example/nowhere", "--relevant", "no"), b"no article is stored"),
        (("https://news.example/1",), b"say something of it"),
        (("https://news.example/1", "--relevant", "perhaps"), b"yes or no"),
        (("https://news.example/1", "--initiator", "FRA"), b"both, other"),
        (("https://news.example/1", "--category", "sport"), b"aviation_disaster"),
        (("nowhere", "--relevant", "no"), b"address"),
    ):
        ended = installation.command("articles", "label", *arguments)
        assert ended.returncode == 2 and word in ended.stderr, ended.stderr.decode()


def test_a_proposal_goes_to_a_new_file_only(installation: Dyadwatch, tmp_path: Path) -> None:
    (tmp_path / "weights.yaml").write_text("")
    out = installation.command("profile", "tune", "--out", str(tmp_path / "weights.yaml"))
    assert out.returncode == 2 and b"name a new file" in out.stderr
    inside = installation.command("profile", "tune", "--out", str(tmp_path / "weights.yaml" / "x"))
    assert inside.returncode == 2 and b"cannot be written below" in inside.stderr
    assert not (installation.home / "dyadwatch.db").exists()
