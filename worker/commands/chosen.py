"""Sources that a person has named on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from crawler.source import Source
    from worker.profile.model import Profile


def named_sources(profile: Profile, names: Sequence[str]) -> list[Source]:
    """These sources, each once, in the order given; bad usage where there is none of a name, or
    where the profile leaves it out."""
    known = {source.id: source for source in profile.sources}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3, cutoff=0.5)
            hint = (
                f"did you mean {' or '.join(near)}?" if near else "`dyadwatch sources` lists them."
            )
            raise typer.BadParameter(f"there is no source {name!r} in this profile; {hint}")
        if why := profile.left_out.get(name):
            raise typer.BadParameter(
                f"the profile leaves {name} out ({why}); change `leave_out` in its profile.yaml."
            )
    return [known[name] for name in dict.fromkeys(names)]
