"""`dyadwatch evidence`: what an alert rested on, and whether that still stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.commands import context
from worker.output import emit_json, printable, say

if TYPE_CHECKING:
    from alerts.evidence import Difference, Snapshot
    from worker.evidence import State
    from worker.storage.evidence import Kept

evidence = typer.Typer(
    help="What alerts rested on when people were told, and what became of it.",
    no_args_is_help=True,
)

Episode = Annotated[str, typer.Argument(metavar="EPISODE", help="The episode's identifier.")]
Digest = Annotated[
    str | None,
    typer.Option("--sha256", help="The beginning of one snapshot's hash; the newest without."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def register(app: typer.Typer) -> None:
    app.add_typer(evidence, name="evidence")


@evidence.command()
def show(episode: Episode, digest: Digest = None, as_json: AsJson = False) -> None:
    """Show what an episode rested on when people were last told."""
    from alerts.render_snapshot import snapshot_in_words
    from worker.evidence import read

    (*_, (kept, state)) = _states(episode, digest)
    if not state.intact:
        _tell_broken(kept)
        raise typer.Exit(1)
    if as_json:
        emit_json({"sha256": kept.digest, "snapshot": json.loads(kept.body)})
        return
    snapshot: Snapshot = read(kept)
    for line in snapshot_in_words(snapshot, kept.digest):
        typer.echo(printable(line))


@evidence.command()
def verify(episode: Episode, digest: Digest = None, as_json: AsJson = False) -> None:
    """Work the hashes out again, and say what was edited or deleted since.

    Exit status 1 when what is stored does not have its hash any more.
    """
    states = _states(episode, digest)
    for kept, state in states:
        if as_json:
            emit_json(_row(kept, state))
        elif state.intact:
            for sentence in state.sentences:
                typer.echo(printable(sentence))
            if all(one.kind == "unchanged" for one in state.differences):
                typer.echo("Every article still says what it said.")
        else:
            _tell_broken(kept)
    if not all(state.intact for _, state in states):
        raise typer.Exit(1)


@evidence.command()
def export(
    episode: Episode,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")],
    digest: Digest = None,
) -> None:
    """Write a snapshot to a file: the SHA-256 of the file is the hash that people were told."""
    (*_, (kept, state)) = _states(episode, digest)
    if not state.intact:
        _tell_broken(kept)
        raise typer.Exit(1)
    try:
        file.write_bytes(kept.body.encode("utf-8"))
    except OSError as error:
        say(f"{file} cannot be written ({error.strerror}); name a file in a directory that exists.")
        raise typer.Exit(1) from None
    say(f"{file}: sha256 {kept.digest}")


def _states(episode: str, digest: str | None) -> list[tuple[Kept, State]]:
    """The episode's snapshots that are asked for, the newest last, and what has become of each."""
    from worker.evidence import state
    from worker.storage import episodes
    from worker.storage import evidence as stored

    with context.database().read() as conn:
        kept = stored.of_episode(conn, episode)
        if not kept:
            known = episodes.get(conn, episode) is not None
            say(
                f"Nothing was kept of the episode {episode}: nobody was told of it."
                if known
                else f"There is no episode {episode}; `dyadwatch episodes` lists them."
            )
            raise typer.Exit(1)
        wanted = [one for one in kept if one.digest.startswith((digest or "").rstrip("…").lower())]
        if not wanted:
            hashes = ", ".join(one.digest[:12] for one in kept)
            say(f"No snapshot of {episode} has a hash that begins so; there are {hashes}.")
            raise typer.Exit(1)
        return [(one, state(conn, one)) for one in wanted]


def _tell_broken(kept: Kept) -> None:
    from worker.moments import written

    say(
        f"The evidence of {kept.episode} of {written(kept.taken_at)} was changed after it was "
        f"kept: it does not have the hash {kept.digest} any more. Trust an exported file with "
        "that hash instead."
    )


def _row(kept: Kept, state: State) -> dict[str, object]:
    from worker.moments import written

    proof = state.proof
    return {
        "episode": kept.episode,
        "taken_at": written(kept.taken_at),
        "sha256": kept.digest,
        "intact": state.intact,
        "articles": proof.articles,
        "edited": proof.edited,
        "deleted": proof.deleted,
        "differences": [_difference(one) for one in state.differences],
    }


def _difference(one: Difference) -> dict[str, object]:
    from worker.moments import written

    return {
        "url": one.article.url,
        "newsroom": one.article.newsroom,
        "kind": one.kind,
        "at": written(one.at),
        "title": one.article.title,
        "title_now": one.title,
        "url_now": one.url,
        "sentences_stand": list(one.stand),
    }
