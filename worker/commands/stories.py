"""`dyadwatch stories`: what is told, and how the press of each side tells it."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.commands import context
from worker.commands.options import (
    FormatOption,
    JsonOption,
    LimitOption,
    Since,
    Until,
    moment,
)
from worker.output import Format, emit, say
from worker.settings import read_settings

VERSION_COLUMNS = ("at", "newsroom", "country", "language", "reprint_of", "title")


def register(app: typer.Typer) -> None:
    app.command()(stories)


def stories(
    since: Since = None,
    until: Until = None,
    query: Annotated[str | None, typer.Option(help="Words in title or text of an article.")] = None,
    story: Annotated[
        str | None,
        typer.Option(metavar="ID", help="This story alone, article by article; an old id will do."),
    ] = None,
    limit: LimitOption = None,
    form: FormatOption = Format.table,
    as_json: JsonOption = False,
) -> None:
    """List the stories about the dyad, the last told first, with each side's first headline.

    A story is listed where an article of it is of that time and has those words; its figures are
    those of all its articles. Its direction is that of its most severe articles, as most of their
    newsrooms see it.
    """
    chosen = Format.jsonl if as_json else form
    if story is None:
        _list(chosen, since, until, query, limit)
    elif any(option is not None for option in (since, until, query, limit)):
        raise typer.BadParameter(
            "this is all of one story; leave out --since, --until, --query and --limit.",
            param_hint="--story",
        )
    else:
        _lay_out(chosen, story)


def _list(
    form: Format, since: str | None, until: str | None, query: str | None, limit: int | None
) -> None:
    from worker.profile.loader import load_dyad_of
    from worker.storage import stories as stored
    from worker.story_figures import figures
    from worker.story_lines import cell_columns, line_columns, story_cells, story_line, story_record

    start, end = moment(since), moment(until, end=True)
    dyad = load_dyad_of(read_settings().profile)
    told = stored.stories(context.database(), start, end, query, limit)
    found = (figures(one, dyad) for one in told)
    match form:
        case Format.jsonl:
            emit(map(story_record, found), (), form)
        case Format.csv:
            emit(map(story_line, found), line_columns(dyad), form)
        case Format.table:
            emit(map(story_cells, found), cell_columns(dyad), form)


def _lay_out(form: Format, named: str) -> None:
    from worker.storage import stories as stored
    from worker.story_figures import versions
    from worker.story_lines import version_row

    with context.database().read() as conn:
        told = stored.story(conn, named)
    if not told:
        raise typer.BadParameter(
            f"there is no story {named!r}; `dyadwatch stories` lists them.", param_hint="--story"
        )
    if told[0].story != named:
        say(f"{named} is part of {told[0].story} by now.")
    emit(map(version_row, versions(told)), VERSION_COLUMNS, form)
