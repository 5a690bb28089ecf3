"""`dyadwatch profile`: check a profile, find the bundled ones, learn from labels."""

from typing import Annotated

import typer

from worker.commands.profile_check import check
from worker.commands.tune import tune

profile = typer.Typer(help="What is watched: check it, find it, tune it.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    profile.command()(check)
    profile.command()(path)
    profile.command()(tune)
    app.add_typer(profile, name="profile")


def path(
    name: Annotated[str, typer.Argument(help="A bundled profile.")] = "russia_azerbaijan",
) -> None:
    """Print the directory of a bundled profile, to copy and change."""
    from worker.profile.bundled import profile_path

    typer.echo(profile_path(name))
