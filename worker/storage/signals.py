"""Signals: written with their article, read by the rules."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from alerts.signal import Signal
from worker.classify.record import Event
from worker.countries import alpha_3
from worker.storage.archive import StoredArticle
from worker.storage.merging import Draft
from worker.storage.story_rows import Place
from worker.storage.tables import signals as table


def signals(conn: Connection, since: datetime, until: datetime, now: datetime) -> list[Signal]:
    """The signals that count from `since` (inclusive) to `until` (exclusive), by time.

    One fires when it may as of `now`.
    """
    counted = (
        select(table)
        .where(table.c.at >= since, table.c.at < until)
        .order_by(table.c.at, table.c.id)
    )
    terms: dict[str, tuple[str, ...]] = {}
    return [
        Signal(
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
            terms=terms.get(row.terms) or terms.setdefault(row.terms, tuple(json.loads(row.terms))),
            main=row.main,
            fires=row.fires_from is not None and row.fires_from <= now,
        )
        for row in conn.execute(counted)
    ]


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
