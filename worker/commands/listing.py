"""Commands that list and export what is stored: articles, sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker import clock
from worker.commands import context, episodes, label, sources_check
from worker.commands.grouped import asked_for, group
from worker.commands.options import (
    FormatOption,
    JsonOption,
    LimitOption,
    Since,
    Until,
    moment,
)
from worker.moments import written
from worker.output import Format, emit

if TYPE_CHECKING:
    from crawler.source import Source
    from worker.bootstrap import Services
    from worker.storage.archive import StoredArticle
    from worker.storage.versions import Version

ARTICLE_COLUMNS = ("published", "newsroom", "language", "direction", "severity", "title")
VERSION_COLUMNS = ("url", "stage", "first_seen", "last_seen", "replaced_at", "title")
SOURCE_COLUMNS = (
    "id", "healthy", "last_success", "next_poll", "articles_24h", "expected", "read_share", "why",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    stored = group(app, "articles", "The stored articles: list them, label them.", articles)
    stored.command()(label.label)
    app.command()(label.labels)
    episodes.register(app)
    polled = group(app, "sources", "The sources: list them, check them.", sources)
    polled.command()(sources_check.check)


def articles(
    ctx: typer.Context,
    since: Since = None,
    until: Until = None,
    query: Annotated[str | None, typer.Option(help="Words in title or text.")] = None,
    relevant: Annotated[
        bool | None, typer.Option(help="Only what is about the dyad, or only what is not.")
    ] = None,
    limit: LimitOption = None,
    revisions: Annotated[
        bool, typer.Option("--revisions", help="Only what was edited, with all that it said.")
    ] = False,
    form: Annotated[
        Format,
        typer.Option(
            "--format", help="How to write the list; jsonl is what `dyadwatch ingest` takes in."
        ),
    ] = Format.table,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON lines with all that is known, not for ingest.")
    ] = False,
) -> None:
    """List the articles that are stored, the newest first."""
    if ctx.invoked_subcommand:
        return
    from worker.article_lines import article_record
    from worker.storage import archive
    from worker.storage.versions import versions

    database = context.database()
    start, end = moment(since), moment(until, end=True)
    found = archive.articles(
        database, start, end, query, limit, relevant=relevant, edited=revisions
    )
    if revisions:
        rows = (_version_row(version) for one in found for version in versions(database, one))
        emit(rows, VERSION_COLUMNS, Format.jsonl if as_json else form)
    elif as_json:
        emit(map(_article_row, found), ARTICLE_COLUMNS, Format.jsonl)
    else:
        row = article_record if form is Format.jsonl else _article_row
        emit(map(row, found), ARTICLE_COLUMNS, form)


def sources(
    ctx: typer.Context,
    since: Annotated[str | None, typer.Option(help="Last polled from this time on.")] = None,
    until: Annotated[str | None, typer.Option(help="Last polled up to this time.")] = None,
    query: Annotated[
        str | None, typer.Option(help="Part of the id, name, newsroom or address.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that are off or not polled.")
    ] = False,
    form: FormatOption = Format.table,
    as_json: JsonOption = False,
) -> None:
    """List the sources of the profile, and how each is doing."""
    if ctx.invoked_subcommand:
        return
    start, end = moment(since), moment(until, end=True)
    services = context.services()
    chosen = services.profile.sources if everything else services.profile.polled
    rows = asked_for(
        _source_rows(services, chosen, start, end), query, ("id", "name", "newsroom", "url")
    )
    emit(rows, SOURCE_COLUMNS, Format.jsonl if as_json else form)


def _article_row(article: StoredArticle) -> dict[str, Any]:
    from worker.article_lines import article_record
    from worker.storage.codec import to_json

    return {
        **article_record(article),
        "first_seen": written(article.first_seen),
        "story": article.story,
        "stage": article.stage,
        "revisions": article.revisions,
        "relevant": article.relevant,
        "relevance": article.relevance,
        "direction": article.direction,
        "severity": article.severity,
        "initiator": article.initiator,
        "escalation": article.escalation,
        "reason": article.reason,
        "events": [to_json(event) for event in article.events],
    }


def _version_row(version: Version) -> dict[str, Any]:
    return {
        "url": version.url,
        "newsroom": version.newsroom,
        "stage": version.stage,
        "title": version.title,
        "text": version.text,
        "first_seen": written(version.first_seen),
        "last_seen": written(version.last_seen),
        "replaced_at": written(version.replaced_at),
        "content_hash": version.content_hash,
    }


def _source_rows(
    services: Services, chosen: Sequence[Source], start: datetime | None, end: datetime | None
) -> Iterator[dict[str, Any]]:
    from worker.storage.source_health import source_health

    health = source_health(services.database, chosen, clock.now())
    for source, seen in zip(chosen, health, strict=True):
        if start and (seen.last_poll is None or seen.last_poll < start):
            continue
        if end and (seen.last_poll is None or seen.last_poll >= end):
            continue
        left_out = services.profile.left_out.get(source.id)
        yield {
            "id": source.id,
            "name": source.name,
            "kind": source.kind,
            "url": source.url,
            "newsroom": source.newsroom,
            "country": source.country,
            "stance": source.stance,
            "languages": list(source.languages),
            "enabled": source.enabled,
            "sanctioned": list(source.sanctioned),
            "left_out": left_out,
            "healthy": seen.healthy,
            "last_poll": written(seen.last_poll),
            "last_success": written(seen.last_success),
            "status": seen.status,
            "failures": seen.failures,
            "entries": seen.entries,
            "newest": written(seen.newest),
            "next_poll": written(seen.next_poll),
            "articles_24h": seen.articles_24h,
            "expected": None if seen.expected is None else round(seen.expected, 1),
            "promised": seen.promised,
            "pages": seen.pages,
            "read_share": None if seen.read_share is None else round(seen.read_share, 2),
            "note": seen.note,
            "trouble": seen.trouble,
            "why": f"The profile leaves it out ({left_out})." if left_out else seen.why,
        }
