"""What is to be explained: articles out of a file of whatever kind, or one that is stored."""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.article import Article
from crawler.charsets import decode, is_binary
from crawler.extract import extract
from crawler.source import Source
from worker.article_lines import LineFault, read_articles
from worker.lines import FileUnreadable, open_bytes
from worker.moments import written
from worker.storage import lookup
from worker.storage.archive import StoredArticle
from worker.storage.database import Database

_HTML = re.compile(r"\s*(<\?xml[^>]*>\s*)?<(!doctype\s+html|html|head|body|meta|article)\b", re.I)
#: JSON objects in a list, which no reader of lines takes.
_LIST = re.compile(r"\s*\[\s*[{\]]")
#: A saved page that nobody says the address of.
_NOWHERE = "https://saved.invalid/page"


@dataclass(frozen=True, slots=True)
class Subject:
    """One article as classification reads it; `came` says in words where it is from."""

    name: str
    title: str
    text: str
    language: str | None
    topical: bool
    came: str
    stored: StoredArticle | None = None


def from_file(
    path: Path, url: str | None, now: datetime, sources: Mapping[str, Source]
) -> Iterator[Subject | LineFault]:
    """The articles of a file (`-`: standard input): a saved page, JSON lines, or plain text, whose
    first line is the headline; told by what is in it. `sources` (by id) fill in what a line
    leaves out, as for `classify`."""
    with open_bytes(path) as stream:
        content = stream.read()
    name = "standard input" if str(path) == "-" else str(path)
    if content.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{":
        yield from _lines(content, now, sources)
        return
    if is_binary(content) or not content.strip():
        raise FileUnreadable(f"{name} holds no article: neither a page, nor JSON, nor text.")
    begins = decode(content[:2_000], None)
    if _LIST.match(begins):
        raise FileUnreadable(
            f"{name} holds a list of JSON objects; write one object a line, without the brackets."
        )
    if _HTML.match(begins):
        yield _page(content, url or _NOWHERE, name)
        return
    title, _, text = decode(content, None).strip().partition("\n")
    yield Subject(url or name, title.strip(), text.strip(), None, False, "read as plain text")


def of_store(database: Database, named: str) -> Subject | None:
    """The stored article of an address or a key, as it was classified; None: it is not stored."""
    with database.read() as conn:
        found = lookup.find(conn, named)
        if found is None:
            return None
        said = lookup.declared(conn, found.key)
    read = "its page" if found.stage == "page" else "its feed's entry alone"
    came = f"stored, as {read} said; {found.newsroom}, first seen {written(found.first_seen)}"
    return Subject(found.url, found.title, found.text, said.language, said.topical, came, found)


def of_fetched(article: Article) -> Subject:
    """An article that was asked for just now."""
    return Subject(
        article.url, article.title, article.text, article.language, article.topical,
        "fetched now; it is not stored",
    )  # fmt: skip


def _lines(
    content: bytes, now: datetime, sources: Mapping[str, Source]
) -> Iterator[Subject | LineFault]:
    lines = content.splitlines()
    if lines and not lines[0].rstrip().endswith(b"}"):
        lines = [b" ".join(lines)]  # one object, written over several lines
    for read in read_articles(lines, sources, now):
        if isinstance(read, LineFault):
            yield read
        else:
            yield Subject(
                read.url, read.title, read.text, read.language, read.topical, "read as an article"
            )


def _page(content: bytes, url: str, name: str) -> Subject:
    page = extract(content, url)
    shown = name if url == _NOWHERE else url
    came = "extracted from a saved page"
    if page.wall:
        came += f", but {page.wall}"
    return Subject(shown, page.title, page.text, page.language, False, came)
