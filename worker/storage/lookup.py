"""Finding the one stored article that somebody means."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, select

from crawler.urls import canonical_url
from worker.keys import article_key
from worker.storage import archive
from worker.storage.archive import StoredArticle
from worker.storage.tables import articles

_KEY = re.compile(r"[0-9a-f]{32}")


def find(conn: Connection, named: str) -> StoredArticle | None:
    """The article of a key or of an address, whatever form of it; None where none is stored.

    An address that is none is a `ValueError`.
    """
    key = named if _KEY.fullmatch(named) else article_key(canonical_url(named))
    return next(iter(archive.get(conn, [key]).values()), None)


@dataclass(frozen=True, slots=True)
class Declared:
    """What its page or its source said of an article, which its classification heard."""

    language: str | None
    topical: bool


def declared(conn: Connection, key: str) -> Declared:
    """What was declared of a stored article."""
    said = select(articles.c.declared_language, articles.c.topical).where(articles.c.key == key)
    row = conn.execute(said).one()
    return Declared(row.declared_language, row.topical)
