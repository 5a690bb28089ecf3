"""What of the lexicon is found in what is stored: aggregated by the database."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from worker.storage.tables import articles, signals


@dataclass(frozen=True, slots=True)
class Stored:
    """How many articles of a language are stored, and how many of them are relevant."""

    articles: int
    relevant: int


@dataclass(frozen=True, slots=True)
class Hits:
    """Events by language and concept, and by language and the name of a term that proves them;
    articles by language."""

    concepts: Mapping[tuple[str, str], int]
    terms: Mapping[tuple[str, str], int]
    languages: Mapping[str, Stored]


def hits(conn: Connection, since: datetime) -> Hits:
    """What was found in the articles that count from `since` on."""
    concepts: Counter[tuple[str, str]] = Counter()
    terms: Counter[tuple[str, str]] = Counter()
    told = (
        select(signals.c.language, signals.c.concept, signals.c.terms, func.count().label("events"))
        .where(signals.c.at >= since)
        .group_by(signals.c.language, signals.c.concept, signals.c.terms)
    )
    for row in conn.execute(told):
        concepts[row.language, row.concept] += row.events
        for term in json.loads(row.terms):
            terms[row.language, term] += row.events
    return Hits(concepts, terms, _languages(conn, since))


def _languages(conn: Connection, since: datetime) -> dict[str, Stored]:
    relevant = func.sum(case((articles.c.relevant, 1), else_=0))
    counted = (
        select(articles.c.language, func.count().label("all"), relevant.label("relevant"))
        .where(articles.c.at >= since)
        .group_by(articles.c.language)
    )
    return {row.language: Stored(row.all, int(row.relevant)) for row in conn.execute(counted)}
