"""21, 23. Words of others are inert wherever they are listed: terminal, JSON lines, spreadsheet."""

import csv
import io
import json
import re

import pytest
from harness.hostile import answering
from harness.hostile_sites import lay, source_of
from harness.service import Dyadwatch

TITLES = [
    "<script>alert(1)</script>Ferries <b>stop</b>",
    "<img src=x onerror=alert(1)>Harbour closed",
    "Pilots \x1b[2J\x1b]0;owned\x07 strike",
    "Tugs \x9b31m\x90q\x9d0;t\x9c rest",
    "Mast \u202egnp.exe\u202c and \u2066hull\u2069",
    "Line\u2028break\u2029and\x85more\rand\x0bmore",
    "Null\x00byte \x08\x08\x08 and \x7f",
    "=HYPERLINK(\"http://evil.example\",\"click\")",
    " =1+1 behind a blank",
    "\t=2+2 behind a tab",
    "\n=3+3 behind a line",
    "+4+4 plus", "-5-5 minus", "@SUM(A1:A9) at", "＝6+6 full width", "|cmd|' /C calc'!A0",
    "[red]rich[/red] [link=http://evil.example]x[/link]",
    "{{ 7 * 7 }} {% raw %} ${PATH} %s %(x)s",
    "'; DROP TABLE articles; --",
    "<!channel> <https://evil.example|bank>",
]  # fmt: skip
#: What a terminal obeys: everything below a blank but the line's end, DEL, and the C1 controls.
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def as_xml(title: str) -> str:
    escaped = "".join(c if c.isprintable() or c == " " else f"&#{ord(c)};" for c in title)
    return f"<![CDATA[{title}]]>" if "<" in title and escaped == title else escaped


@pytest.fixture
def listed(server, pipeline, tmp_path):
    """An installation that has crawled all these titles; returns what one listing prints."""
    items = [
        f"<item><title>{as_xml(title)}</title><link>javascript:alert({n})</link>"
        f"<description>Body {n} of the report. {as_xml(title)}</description>"
        f"<author>{as_xml(title)}</author></item>"
        for n, title in enumerate(TITLES)
    ]
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'
    site = lay(server(), "feed", answering(feed))
    pipeline.allowed.add(site.authority)
    report = pipeline.crawl(source_of(site, "feed"))
    assert report.outcomes[0].error is None and report.new_articles == len(TITLES)
    assert len(pipeline.articles()) == len(TITLES)
    pipeline.database.dispose()
    installation = Dyadwatch(tmp_path)

    def command(*arguments: str) -> str:
        done = installation.command("articles", *arguments)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8")

    return command


def test_every_listing_shows_what_was_said_and_does_nothing(listed):
    """One crawl for all three forms: starting the command is what takes time."""
    _json_lines_hold_no_control(listed("--json"))
    _a_table_turns_no_text(listed("--format", "table"))
    _a_spreadsheet_runs_no_cell(listed("--format", "csv"))


def _json_lines_hold_no_control(printed: str) -> None:
    lines = printed.rstrip("\n").split("\n")
    assert len(lines) == len(TITLES)
    for line in lines:
        record = json.loads(line)
        assert record["url"].startswith("http://")
        for word in ("<script", "<img", "<b>"):
            assert word not in record["title"]
    assert CONTROLS.search(printed) is None, repr(CONTROLS.search(printed))


def _a_table_turns_no_text(printed: str) -> None:
    assert CONTROLS.search(printed) is None
    assert TURNING.search(printed) is None
    assert "[red]rich[/red]" in printed


def _a_spreadsheet_runs_no_cell(printed: str) -> None:
    rows = list(csv.reader(io.StringIO(printed, newline="")))
    assert len(rows) == len(TITLES) + 1
    for row in rows[1:]:
        for cell in row:
            if re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell):
                continue  # a number is a number
            assert not re.match(r"\s*[=+\-@|\uff1d\uff0b\uff0d\uff20]", cell), cell
            assert not re.match(r"[\t\r\n]", cell), cell
