"""Episodes that a person has named on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from alerts.episode import Episode


def named(conn: Connection, id: str) -> Episode:
    """The episode of this identifier; bad usage, with the nearest there are, without one."""
    from worker.storage import episodes as stored

    found = stored.get(conn, id)
    if found is not None:
        return found
    raise typer.BadParameter(unknown(id, stored.ids(conn)))


def unknown(id: str, known: Sequence[str]) -> str:
    """That there is no such episode, and which may be meant."""
    begun = [one for one in known if id and one.startswith(id)]
    near = begun[:3] or get_close_matches(id, known, n=3, cutoff=0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else "`dyadwatch episodes` lists them."
    return f"there is no episode {id!r}; {hint}"
