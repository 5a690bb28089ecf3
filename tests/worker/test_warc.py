"""A WARC file: its pages become articles, whatever else is in it, and however it is damaged."""

import gzip
import io
import tracemalloc
import zlib
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from harness.services import services
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.article import Article
from worker import ingest
from worker.article_lines import LONGEST_LINE
from worker.commands.taking_in import take_in
from worker.file_kinds import open_articles
from worker.ingest import InboxSink
from worker.lines import FileUnreadable
from worker.storage import archive
from worker.storage.database import Database
from worker.warc_articles import articles_of
from worker.warc_records import LARGEST_PAGE, Found, Passed, WarcFault, WarcPage, read_pages

NOW = datetime(2025, 6, 30, 12, 0, tzinfo=UTC)
PARAGRAPHS = "".join(
    f"<p>Paragraph {n}: the ambassador spoke for an hour with the minister about the railway, and "
    "neither of them said afterwards what had been agreed upon, save that they would meet again."
    "</p>"
    for n in range(6)
)


def html(number: int, canonical: str = "", extra: str = "") -> bytes:
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return (
        f'<html lang="en"><head><title>The ambassador, part {number}</title>{link}'
        '<meta property="article:published_time" content="2025-06-28T10:00:00+04:00"></head>'
        f"<body>{extra}<article><h1>The ambassador, part {number}</h1>{PARAGRAPHS}</article></body>"
        "</html>"
    ).encode()


class Maker:
    """Writes records as crawlers do, and knows where each begins."""

    def __init__(self, *, packed: bool = True) -> None:
        self.file = io.BytesIO()
        self._writer = WARCWriter(self.file, gzip=packed)
        self.offsets: list[int] = []

    def add(
        self,
        url: str,
        body: bytes,
        *headers: tuple[str, str],
        kind: str = "response",
        status: str = "200 OK",
        content_type: str = "text/html; charset=utf-8",
    ) -> None:
        self.offsets.append(self.file.tell())
        http = StatusAndHeaders(status, [("Content-Type", content_type), *headers], "HTTP/1.1")
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": "2025-06-28T09:16:02Z"},
        )
        self._writer.write_record(record)

    def read(self) -> list[Found]:
        return list(read_pages(io.BytesIO(self.file.getvalue())))


def chunked(body: bytes, size: int = 100) -> bytes:
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def pages(found: list[Found]) -> list[WarcPage]:
    return [one for one in found if isinstance(one, WarcPage)]


def faults(found: list[Found]) -> list[WarcFault]:
    return [one for one in found if isinstance(one, WarcFault)]


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
def test_payloads_come_as_the_server_meant_them(packed: bool) -> None:
    made, body = Maker(packed=packed), html(1)
    made.add("https://a.example/1", body)
    made.add("https://a.example/2", gzip.compress(body), ("Content-Encoding", "gzip"))
    made.add("https://a.example/3", chunked(body), ("Transfer-Encoding", "chunked"))
    both = (("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip"))
    made.add("https://a.example/4", chunked(gzip.compress(body)), *both)
    made.add("https://a.example/5", body, *both)
    made.add("https://a.example/6", zlib.compress(body), ("Content-Encoding", "deflate"))
    found = made.read()
    assert [page.url[-1] for page in pages(found)] == list("123456")
    assert {page.body for page in pages(found)} == {body}
    assert {page.fetched for page in pages(found)} == {datetime(2025, 6, 28, 9, 16, 2, tzinfo=UTC)}


def test_what_is_no_page_is_passed_over_with_a_reason() -> None:
    made = Maker()
    made.add("https://a.example/r", b"", kind="request")
    made.add("https://a.example/v", b"", kind="revisit")
    made.add("https://a.example/m", b"x", kind="metadata")
    made.add("https://a.example/1", b"gone", status="404 Not Found")
    made.add("https://a.example/2", b"%PDF", content_type="application/pdf")
    made.add("https://a.example/3", html(3), ("Content-Encoding", "zstd"))
    made.add("https://a.example/4", b"x" * (LARGEST_PAGE + 1))
    bomb = gzip.compress(b"\0" * (LARGEST_PAGE * 20))
    made.add("https://a.example/5", bomb, ("Content-Encoding", "gzip"))
    told = [one.reason for one in made.read() if isinstance(one, Passed) and one.reason]
    assert told == [
        "status 404",
        "not HTML",
        "an unknown or damaged encoding",
        "larger than 10 MiB",
        "larger than 10 MiB",
    ]


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
def test_a_broken_record_is_named_and_the_rest_goes_on(packed: bool) -> None:
    made = Maker(packed=packed)
    for n in range(5):
        made.add(f"https://a.example/{n}", html(n))
    broken = bytearray(made.file.getvalue())
    start = made.offsets[2]
    broken[start + 3 : start + 40] = b"\xff" * 37
    found = list(read_pages(io.BytesIO(bytes(broken))))
    assert [page.url[-1] for page in pages(found)] == list("0134")
    assert [fault.offset for fault in faults(found)] == [start]


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
def test_a_file_that_is_cut_off_gives_what_it_has(packed: bool) -> None:
    made = Maker(packed=packed)
    for n in range(3):
        made.add(f"https://a.example/{n}", html(n))
    cut = made.file.getvalue()[:-100]
    found = list(read_pages(io.BytesIO(cut)))
    assert [page.url[-1] for page in pages(found)] == list("01")
    assert [fault.offset for fault in faults(found)] == [made.offsets[2]]


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
@pytest.mark.parametrize("left", [3, 60, 120, 200, 300], ids="{} bytes".format)
def test_a_file_that_is_cut_off_in_a_head_says_so(packed: bool, left: int) -> None:
    made = Maker(packed=packed)
    for n in range(3):
        made.add(f"https://a.example/{n}", html(n))
    cut = made.file.getvalue()[: made.offsets[2] + left]
    found = list(read_pages(io.BytesIO(cut)))
    assert [page.url[-1] for page in pages(found)] == list("01")
    assert [fault.offset for fault in faults(found)] == [made.offsets[2]]


@pytest.mark.parametrize("noise", [0, 50_000], ids=["small", "larger unpacked than packed"])
def test_a_file_that_is_packed_as_a_whole_is_refused_once(noise: int) -> None:
    made = Maker(packed=False)
    for n in range(9):
        made.add(f"https://a.example/{n}", html(n, extra="x" * noise))
    found = list(islice(read_pages(io.BytesIO(gzip.compress(made.file.getvalue()))), 100))
    assert len(faults(found)) == 1 and found[-1] == faults(found)[0]
    assert "unpack the file first" in faults(found)[0].sentence and faults(found)[0].offset >= 0


def test_a_stream_that_cannot_be_sought_is_read_to_its_first_fault() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

        tell = seek

    made = Maker()
    made.add("https://a.example/1", html(1))
    made.add("https://a.example/2", html(2))
    found = list(read_pages(Pipe(made.file.getvalue()[:-100])))
    assert ([p.url[-1] for p in pages(found)], len(faults(found))) == (["1"], 1)


def test_pages_become_articles_of_their_domain_under_their_own_address() -> None:
    made = Maker()
    made.add("https://www.a.example/1?utm_source=x", html(1))
    made.add("https://m.a.example/w/2", html(2, canonical="https://a.example/world/2"))
    made.add("https://a.example/3", b"<html><body><p>Soon.</p></body></html>")
    made.add("https://a.example:port/4", html(4))
    found = list(articles_of(made.read(), NOW))
    first, second = (one for one in found if isinstance(one, Article))
    assert (first.canonical_url, first.source, first.aliases) == (
        "https://a.example/1",
        "a.example",
        (),
    )
    assert first.title == "The ambassador, part 1"
    assert first.published == datetime(2025, 6, 28, 6, 0, tzinfo=UTC)
    assert first.fetched == datetime(2025, 6, 28, 9, 16, 2, tzinfo=UTC)
    assert second.canonical_url == "https://a.example/world/2"
    assert second.aliases == ("https://a.example/w/2",)
    told = [one.reason for one in found if isinstance(one, Passed)]
    assert told == ["no article text", "no usable address"]


def test_one_address_for_all_pages_of_a_site_is_believed_once() -> None:
    made = Maker()
    for n in range(3):
        made.add(f"https://a.example/{n}", html(n, canonical="https://a.example/world/1-same"))
    found = [one for one in articles_of(made.read(), NOW) if isinstance(one, Article)]
    assert len({one.canonical_url for one in found}) == 3


def test_what_a_file_is_shows_in_its_first_bytes(tmp_path: Path) -> None:
    packed, plain = Maker(), Maker(packed=False)
    for made in (packed, plain):
        made.add("https://a.example/1", html(1))
    line = b'{"url": "https://a.example/1", "title": "t"}\n'
    contents = {
        "warc": (packed.file.getvalue(), plain.file.getvalue()),
        "lines": (line, gzip.compress(line), b"", b"WARCRAFT is a game\n"),
    }
    for kind, files in contents.items():
        for content in files:
            path = tmp_path / "any.name"
            path.write_bytes(content)
            with open_articles(path) as (told, stream):
                assert told == kind
                assert kind == "warc" or stream.read() in (line, content)


def test_a_warc_file_is_taken_in_with_a_count_of_what_was_passed_over(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Maker()
    for n in range(3):
        made.add(f"https://a.example/{n}", html(n))
    made.add("https://a.example/4", b"", status="404 Not Found")
    made.add("https://a.example/5", html(5))
    path = tmp_path / "news.bin"
    path.write_bytes(made.file.getvalue()[:-50])
    works = services(database, tmp_path)
    sink = InboxSink(works, "backfill")
    taking = take_in(works, sink, path, lambda: None)
    taking.tell()
    ingest.process(works, sink.taken)
    assert (len(list(archive.articles(database))), taking.faults) == (3, 1)
    said = capsys.readouterr().err
    assert "1 pages passed over: status 404." in said
    assert f"news.bin, byte {made.offsets[4]}:" in said


def test_packed_lines_are_taken_in_up_to_where_they_are_damaged(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = b"".join(
        b'{"url": "https://a.example/%d", "title": "Title %d"}\n' % (n, n) for n in range(2000)
    )
    path = tmp_path / "articles.gz"
    path.write_bytes(gzip.compress(lines))
    works = services(database, tmp_path)
    sink = InboxSink(works, "ingest")
    assert take_in(works, sink, path, lambda: None).faults == 0
    assert len(sink.taken) == 2000
    path.write_bytes(gzip.compress(lines)[:-200])
    sink = InboxSink(works, "ingest")
    assert take_in(works, sink, path, lambda: None).faults >= 1
    assert 0 < len(sink.taken) < 2000
    assert "damaged" in capsys.readouterr().err


def test_a_line_without_end_in_a_packed_file_costs_no_memory(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(12):
            file.write(b"x" * LONGEST_LINE)
        file.write(b'\n{"url": "https://a.example/1", "title": "After the bomb"}')
    works = services(database, tmp_path)
    sink = InboxSink(works, "ingest")
    tracemalloc.start()
    try:
        assert take_in(works, sink, path, lambda: None).faults == 1
        assert tracemalloc.get_traced_memory()[1] < 6 * LONGEST_LINE
    finally:
        tracemalloc.stop()
    assert len(sink.taken) == 1
    assert "line 1: this line is longer than" in capsys.readouterr().err


def test_what_is_neither_lines_nor_warc_is_refused_in_one_sentence(tmp_path):
    picture = tmp_path / "picture.jsonl"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(picture.read_bytes()))
    for path in (picture, packed):
        refused = pytest.raises(FileUnreadable, match="neither JSON lines nor WARC")
        with refused, open_articles(path):
            pass
