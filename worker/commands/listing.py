"""Commands that list and export what is stored: articles, sources, episodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker import clock
from worker.commands import context, label, sources_check
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
    from alerts.episode import Episode
    from crawler.source import Source
    from worker.bootstrap import Services
    from worker.storage.archive import StoredArticle
    from worker.storage.versions import Version

ARTICLE_COLUMNS = ("published", "newsroom", "language", "direction", "severity", "title")
VERSION_COLUMNS = ("url", "stage", "first_seen", "last_seen", "replaced_at", "title")
SOURCE_COLUMNS = (
    "id", "healthy", "last_success", "next_poll", "articles_24h", "expected", "read_share", "why",
)  # fmt: skip
EPISODE_COLUMNS = ("id", "state", "severity", "opened_at", "count", "expected", "newsrooms")


def register(app: typer.Typer) -> None:
    stored = _group(app, "articles", "The stored articles: list them, label them.", articles)
    stored.command()(label.label)
    app.command()(label.labels)
    alarms = _group(app, "episodes", "The episodes: list them, judge them.", episodes)
    alarms.command()(label.false_alarm)
    polled = _group(app, "sources", "The sources: list them, check them.", sources)
    polled.command()(sources_check.check)


def _group(app: typer.Typer, name: str, does: str, listing: Callable[..., None]) -> typer.Typer:
    """A command that lists when it is given no other command."""
    group = typer.Typer(invoke_without_command=True, help=does)
    group.callback()(listing)
    app.add_typer(group, name=name)
    return group


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


def episodes(
    ctx: typer.Context,
    since: Since = None,
    until: Until = None,
    query: Annotated[str | None, typer.Option(help="Part of the id, rule or newsrooms.")] = None,
    state: Annotated[str | None, typer.Option(help="open or resolved.")] = None,
    limit: LimitOption = None,
    form: FormatOption = Format.table,
    as_json: JsonOption = False,
) -> None:
    """List episodes: what the rules saw, the newest first."""
    if ctx.invoked_subcommand:
        return
    from worker.storage import episodes as stored

    if state not in (None, "open", "resolved"):
        raise typer.BadParameter(f"{state!r} is no state; write open or resolved.")
    start, end = moment(since), moment(until, end=True)
    with context.database().read() as conn:
        found = stored.listing(conn, start, end, state, None if query else limit)
    rows = _asked_for(map(_episode_row, found), query, ("id", "rule", "newsroom_ids"))
    emit(islice(rows, limit), EPISODE_COLUMNS, Format.jsonl if as_json else form)


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
    rows = _asked_for(
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


def _episode_row(episode: Episode) -> dict[str, Any]:
    finding = episode.last
    return {
        "id": episode.id,
        "rule": episode.rule,
        "state": episode.state,
        "severity": episode.severity,
        "opened_at": written(episode.opened_at),
        "updated_at": written(episode.updated_at),
        "resolved_at": written(episode.resolved_at),
        "count": finding.count,
        "unit": finding.unit,
        "peak_count": episode.peak_count,
        "window_seconds": int(finding.window.total_seconds()),
        "expected": finding.expected,
        "upper": finding.upper,
        "probability": finding.probability,
        "articles": finding.articles,
        "stories": finding.stories,
        "newsrooms": finding.newsrooms,
        "newsroom_ids": list(finding.newsroom_ids),
        "story_ids": list(finding.story_ids),
        "without_largest": finding.without_largest,
        "coverage": finding.coverage,
        "provisional": finding.provisional,
    }


def _asked_for(
    rows: Iterable[dict[str, Any]], query: str | None, keys: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """The rows in which one of these keys contains the query, in any case; all without one."""
    wanted = (query or "").casefold()
    return (row for row in rows if any(wanted in str(row[key]).casefold() for key in keys))


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
