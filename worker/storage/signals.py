"""Signals: written with their article, read by the rules."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from alerts.signal import Signal
from worker.classify.record import Event
from worker.countries import alpha_3
from worker.storage.archive import StoredArticle
from worker.storage.merging import Draft
from worker.storage.story_rows import Place
from worker.storage.tables import articles
from worker.storage.tables import signals as table

#: What each newsroom stands for, as the profile says.
Stances = Mapping[str, str | None]


def signals(
    conn: Connection, since: datetime, until: datetime, now: datetime,
    stances: Stances | None = None,
) -> list[Signal]:  # fmt: skip
    """The signals that count from `since` (inclusive) to `until` (exclusive), by time.

    One fires when it may as of `now`.
    """
    counted = (
        select(table)
        .where(table.c.at >= since, table.c.at < until)
        .order_by(table.c.at, table.c.id)
    )
    read = _Reader(stances or {})
    return [
        read.signal(row, fires=row.fires_from is not None and row.fires_from <= now)
        for row in conn.execute(counted)
    ]


def arrivals(
    conn: Connection, since: datetime, until: datetime, stances: Stances | None = None
) -> Iterator[tuple[Signal, datetime]]:
    """Every signal that counts from `since` on and came before `until`, with when it came.

    History that was filled in came, as it were, when it was published, and may fire: here nobody
    is woken.
    """
    chosen = (
        select(table, articles.c.first_seen, articles.c.origin)
        .join_from(table, articles, articles.c.key == table.c.article)
        .where(table.c.at >= since, table.c.at < until)
        .order_by(table.c.at, table.c.id)
    )
    read = _Reader(stances or {})
    for row in conn.execute(chosen):
        came = row.at if row.origin == "backfill" else max(row.first_seen, row.fires_from or row.at)
        if came < until:
            fires = row.origin == "backfill" or row.fires_from is not None
            yield read.signal(row, fires=fires), came


class _Reader:
    """Rows into signals; texts that repeat are read once."""

    def __init__(self, stances: Stances) -> None:
        self._stances = stances
        self._terms: dict[str, tuple[str, ...]] = {}

    def signal(self, row: Row[Any], *, fires: bool) -> Signal:
        terms = self._terms.get(row.terms)
        if terms is None:
            terms = self._terms[row.terms] = tuple(json.loads(row.terms))
        return Signal(
            at=row.at,
            article=row.article,
            story=row.story,
            teller=row.teller,
            newsroom=row.newsroom,
            category=row.category,
            direction=row.direction,
            severity=row.severity,
            initiator=row.initiator,
            target=row.target,
            language=row.language,
            country=row.country,
            concept=row.concept,
            terms=terms,
            main=row.main,
            fires=fires,
            stance=self._stances.get(row.newsroom),
        )


def signal_of(article: StoredArticle, event: Event) -> Signal:
    """The signal of one event of a stored article; whether it fires is not known here."""
    return Signal(
        at=article.at,
        article=article.key,
        story=article.story,
        newsroom=article.newsroom,
        category=event.category,
        direction=event.direction,
        severity=event.severity,
        initiator=event.initiator,
        target=event.target,
        language=article.language,
        country=alpha_3(article.country),
        concept=event.concept,
        terms=tuple(sorted({evidence.term for evidence in event.evidence})),
        main=event.main,
    )


def signal_rows(d: Draft, place: Place) -> list[dict[str, Any]]:
    """One row for each event of the article."""
    article, classification = d.incoming.article, d.incoming.classification
    return [
        {
            "article": d.incoming.key,
            "at": d.timing.at,
            "fires_from": d.timing.fires_from,
            "story": place.story,
            "teller": place.teller or article.newsroom,
            "newsroom": article.newsroom,
            "category": event.category,
            "concept": event.concept,
            "direction": event.direction,
            "severity": event.severity,
            "initiator": event.initiator,
            "target": event.target,
            "language": classification.language,
            "country": alpha_3(article.country),
            "terms": json.dumps(
                sorted({evidence.term for evidence in event.evidence}), ensure_ascii=False
            ),
            "main": event.main,
        }
        for event in classification.events
    ]
