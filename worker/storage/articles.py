"""Storing classified articles: article, story and signals in one transaction, each once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, select, update

from worker.storage import inbox, spans
from worker.storage.codec import encode
from worker.storage.columns import clean
from worker.storage.identified import identify
from worker.storage.merging import (
    WRITES,
    ClassifiedArticle,
    Draft,
    StoredVersion,
    draft,
    judge,
    read_at,
)
from worker.storage.page_tasks import make_urgent
from worker.storage.revisions import keep_replaced
from worker.storage.series import note_late
from worker.storage.signals import signal_rows
from worker.storage.statements import chunks, insert_rows, one_at_a_time, replace_rows, within
from worker.storage.story_rows import Place, PlacedBatch, place_all
from worker.storage.tables import articles, signals
from worker.timing import LATENESS

__all__ = ["ClassifiedArticle", "StoreReport", "store"]


@dataclass(frozen=True, slots=True)
class StoreReport:
    """What became of a batch, in articles; `signals` were written, of which `firing` may raise an
    alert, now or within a minute."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    signals: int = 0
    firing: int = 0

    def __add__(self, other: "StoreReport") -> "StoreReport":
        mine, theirs = asdict(self), asdict(other)
        return StoreReport(**{name: mine[name] + theirs[name] for name in mine})


def store(conn: Connection, batch: Sequence[ClassifiedArticle], now: datetime) -> StoreReport:
    """Store a batch and forget its inbox rows; run it inside `Database.retrying`.

    Idempotent: the same batch again changes nothing. Batches of other processes wait meanwhile, so
    that two of them cannot open two stories for one text, nor two articles for one page. If it
    raises, store row by row to find the one that is to blame.
    """
    one_at_a_time(conn, "store")
    report = StoreReport()
    identified = identify(conn, batch, now)
    _note_late(conn, identified.touched, now)
    for versions in _rounds(identified.batch):
        report += _store_round(conn, versions, now)
    identified.remember(conn, now)
    # By the addresses that they were shown under: so are their page tasks.
    make_urgent(conn, [c.key for c in batch if _waits_for_page(c)])
    spans.extend(conn, [c for c in batch if c.origin == "backfill"])
    inbox.done(conn, [c.inbox_id for c in batch if c.inbox_id is not None])
    return report


def _rounds(batch: Iterable[ClassifiedArticle]) -> list[list[ClassifiedArticle]]:
    """The batch, sorted by key, in rounds in which each article comes once: feed entries before
    pages (which the alphabet sees to), and older readings before newer ones."""
    rounds: list[list[ClassifiedArticle]] = []
    seen: dict[str, int] = {}
    for classified in sorted(batch, key=lambda c: (c.key, c.article.stage, c.article.fetched)):
        turn = seen.get(classified.key, 0)
        seen[classified.key] = turn + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(classified)
    return rounds


def _store_round(
    conn: Connection, versions: Sequence[ClassifiedArticle], now: datetime
) -> StoreReport:
    stored = _stored_versions(conn, [c.key for c in versions])
    verdicts = [(judge(stored.get(c.key), c), c) for c in versions]
    chosen = [c for verdict, c in verdicts if verdict in WRITES]
    _confirm(conn, stored, [c for verdict, c in verdicts if verdict == "unchanged"])
    drafts = [draft(stored.get(c.key), c) for c in chosen]
    stories = place_all(conn, drafts)
    _write_articles(conn, drafts, stories, now)
    touched = stories.save(conn, now)
    rows = [row for d in drafts for row in signal_rows(d, stories.of(d))]
    removed = _write_signals(conn, drafts, rows)
    _note_late(conn, [*removed, *touched, *(d.timing.at for d in drafts if _counts(d))], now)
    updated = sum(d.stored is not None for d in drafts)
    return StoreReport(
        inserted=len(drafts) - updated,
        updated=updated,
        unchanged=len(versions) - len(drafts),
        signals=len(rows),
        firing=sum(row["fires_from"] is not None for row in rows),
    )


def _counts(d: Draft) -> bool:
    return bool(d.incoming.classification.events)


def _waits_for_page(classified: ClassifiedArticle) -> bool:
    return classified.article.stage == "feed" and classified.classification.relevant


def _confirm(
    conn: Connection, stored: Mapping[str, StoredVersion], again: Iterable[ClassifiedArticle]
) -> None:
    """Note that the same words were read again."""
    rows = [
        {"confirmed": c.key, "read_at": read_at(c)}
        for c in again
        if read_at(c) > stored[c.key].confirmed_at
    ]
    if rows:
        same = update(articles).where(articles.c.key == bindparam("confirmed"))
        conn.execute(same.values(confirmed_at=bindparam("read_at")), rows)


_STORED = select(
    articles.c.key,
    articles.c.story,
    articles.c.telling,
    articles.c.at,
    articles.c.first_seen,
    articles.c.fetched,
    articles.c.stage,
    articles.c.origin,
    articles.c.first_poll,
    articles.c.published_at,
    articles.c.published_on,
    articles.c.published_from,
    articles.c.content_hash,
    articles.c.fingerprint,
    articles.c.title,
    articles.c.source,
    func.coalesce(articles.c.worded_at, articles.c.first_seen).label("worded_at"),
    func.coalesce(articles.c.confirmed_at, articles.c.updated_at).label("confirmed_at"),
    (func.length(articles.c.title) + func.length(articles.c.text)).label("characters"),
)


def _stored_versions(conn: Connection, keys: Sequence[str]) -> dict[str, StoredVersion]:
    found = {}
    for some in chunks(keys):
        for row in conn.execute(_STORED.where(within(conn, articles.c.key, some))).mappings():
            found[row["key"]] = _stored_version(row)
    return found


def _stored_version(row: RowMapping) -> StoredVersion:
    values = dict(row)
    at, on = values.pop("published_at"), values.pop("published_on")
    return StoredVersion(**values, published=at or on)


def _write_articles(
    conn: Connection, drafts: Sequence[Draft], stories: PlacedBatch, now: datetime
) -> None:
    if not drafts:
        return
    keep_replaced(conn, drafts, now)
    rows = [_article_row(d, stories.of(d), now) for d in drafts]
    replace_rows(conn, articles, ["key"], rows)


def _article_row(d: Draft, place: Place, now: datetime) -> dict[str, object]:
    article, classification = d.incoming.article, d.incoming.classification
    moment = d.published if isinstance(d.published, datetime) else None
    return {
        "key": d.incoming.key,
        "story": place.story,
        "telling": place.telling,
        "at": d.timing.at,
        "first_seen": d.first_seen,
        "fetched": article.fetched,
        "updated_at": now,
        "published_at": moment,
        "published_on": None if moment else d.published,
        "published_from": d.published_from,
        "source": article.source,
        "newsroom": article.newsroom,
        "country": article.country,
        "language": classification.language,
        "declared_language": article.language,
        "stage": article.stage,
        "origin": d.origin,
        "topical": article.topical,
        "first_poll": d.first_poll,
        "relevant": classification.relevant,
        "relevance": classification.relevance,
        "direction": classification.direction,
        "severity": classification.severity,
        "initiator": classification.initiator,
        "escalation": classification.escalation,
        "timing": d.timing.reason,
        "content_hash": d.incoming.content_hash,
        "fingerprint": d.incoming.fingerprint,
        "given_id": article.id,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "authors": encode(article.authors),
        "reason": classification.reason,
        "events": d.incoming.events_json,
        "text": clean(article.text),
        "worded_at": d.worded_at,
        "confirmed_at": read_at(d.incoming),
    }


def _write_signals(
    conn: Connection, drafts: Sequence[Draft], rows: Sequence[dict[str, object]]
) -> list[datetime]:
    """Write the signals of these articles over what they had; returns the times of what they had.

    Nine articles in ten never had any: their new versions change nothing that was counted.
    """
    replaced = [d.incoming.key for d in drafts if d.stored is not None]
    removed: list[datetime] = []
    for some in chunks(replaced):
        old = delete(signals).where(within(conn, signals.c.article, some)).returning(signals.c.at)
        removed += conn.execute(old).scalars()
    insert_rows(conn, signals, rows)
    return removed


def _note_late(conn: Connection, touched: Sequence[datetime], now: datetime) -> None:
    """Buckets that were settled change when something comes in late, or moves out of them."""
    if touched and min(touched) < now - LATENESS:
        note_late(conn, min(touched))
