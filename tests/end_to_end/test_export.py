"""What is stored goes out, comes in again as it was, and tells what it said before."""

import io
import json
from pathlib import Path

import pytest
from harness.service import Dyadwatch
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

TEXT = " ".join(
    f"On day {n} the ambassador spoke for an hour with the minister about the southern railway, "
    "and neither of them said afterwards what had been agreed upon."
    for n in range(6)
)


def lines(path: Path, *records: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def warc(path: Path, url: str, title: str) -> Path:
    body = f"<article><h1>{title}</h1><p>{TEXT}</p></article>"
    page = f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        record = writer.create_warc_record(
            url, "response", payload=io.BytesIO(page), http_headers=headers
        )
        writer.write_record(record)
    return path


@pytest.mark.slow
def test_articles_go_out_and_in_again_and_keep_what_they_said(
    installation: Dyadwatch, tmp_path: Path
) -> None:
    url = "https://news.example/world/7"
    first = {"url": url, "title": "Ambassador summoned", "text": TEXT, "published": "2025-06-28"}
    taken = installation.command("ingest", str(lines(tmp_path / "first.jsonl", first)))
    assert taken.returncode == 0, taken.stderr
    page = warc(tmp_path / "news.warc.gz", f"{url}?utm_source=x", "Ambassador recalled")
    taken = installation.command("ingest", str(page))
    assert taken.returncode == 0, taken.stderr

    exported = installation.command("articles", "--format", "jsonl").stdout
    (record,) = map(json.loads, exported.splitlines())
    assert (record["title"], record["published"]) == ("Ambassador recalled", "2025-06-28")
    again = tmp_path / "exported.jsonl"
    again.write_bytes(exported)
    taken = installation.command("ingest", str(again))
    assert taken.returncode == 0, taken.stderr

    known = json.loads(installation.command("articles", "--json").stdout)
    assert (known["revisions"], known["stage"]) == (1, "page")
    told = installation.rows("articles", "--revisions")
    assert [version["title"] for version in told] == ["Ambassador recalled", "Ambassador summoned"]
    assert [version["replaced_at"] is None for version in told] == [True, False]
