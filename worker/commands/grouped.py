"""What the commands have in common that list when they are given no other command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import typer


def group(app: typer.Typer, name: str, does: str, listing: Callable[..., None]) -> typer.Typer:
    """A command that lists when it is given no other command."""
    made = typer.Typer(invoke_without_command=True, help=does)
    made.callback()(listing)
    app.add_typer(made, name=name)
    return made


def asked_for(
    rows: Iterable[dict[str, Any]], query: str | None, keys: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """The rows in which one of these keys contains the query, in any case; all without one."""
    wanted = (query or "").casefold()
    return (row for row in rows if any(wanted in str(row[key]).casefold() for key in keys))
