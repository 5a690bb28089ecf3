"""`dyadwatch profile`: validates a profile, and says where the bundled ones lie."""

from typing import Annotated

import typer

from worker.output import say
from worker.settings import read_settings

profile = typer.Typer(help="What is watched: check it, find it.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(profile, name="profile")


@profile.command()
def check(
    directory: Annotated[
        str | None,
        typer.Argument(help="A directory or a bundled name; DYADWATCH_PROFILE without it."),
    ] = None,
) -> None:
    """Name every fault of a profile, with file, line and key, and remark on what looks odd."""
    from worker.profile.check import Fault
    from worker.profile.check import check as checked

    settings = read_settings()
    name = directory or settings.profile
    findings = checked(name, settings.environ, settings.allowed_private_hosts)
    faults = [finding for finding in findings if isinstance(finding, Fault)]
    for finding in findings:
        say(f"{'Fault' if isinstance(finding, Fault) else 'Remark'}: {finding}")
    say(f"{name}: {len(faults)} faults, {len(findings) - len(faults)} remarks.")
    if faults:
        raise typer.Exit(1)


@profile.command()
def path(
    name: Annotated[str, typer.Argument(help="A bundled profile.")] = "russia_azerbaijan",
) -> None:
    """Print the directory of a bundled profile, to copy and change."""
    from worker.profile.bundled import profile_path

    typer.echo(profile_path(name))
