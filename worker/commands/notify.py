"""`dyadwatch notify test`: a marked message through the real channels."""

from typing import Annotated

import typer

from worker import clock
from worker.output import printable, say
from worker.settings import read_settings

notify = typer.Typer(help="Messages to people.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(notify, name="notify")


@notify.callback()
def _group() -> None:
    """Messages to people."""


@notify.command()
def test(
    channels: Annotated[
        list[str] | None, typer.Argument(help="Names of channels; all of them without.")
    ] = None,
) -> None:
    """Send a marked test message through each channel, for real."""
    from alerts.notification import Failed
    from alerts.render import render_trial
    from worker.profile.loader import load_profile

    settings = read_settings()
    profile = load_profile(settings.profile, settings.environ, settings.allowed_private_hosts)
    names = channels or list(profile.channels)
    for name in names:
        if name not in profile.channels:
            known = ", ".join(profile.channels) or "none"
            raise typer.BadParameter(f"there is no channel {name!r}; this profile has: {known}.")
    if not names:
        say(profile.silent or "This profile has no channel.")
        raise typer.Exit(1)
    failures = 0
    for name in names:
        channel = profile.channels[name]
        kind = type(channel).__name__.removesuffix("Channel").lower()
        outcome = channel.send(render_trial(name, kind, clock.now()))
        if isinstance(outcome, Failed):
            failures += 1
            say(f"{name}: {outcome.error}")
        else:
            typer.echo(printable(f"{name}: delivered. {outcome.note or ''}".rstrip()))
    if failures:
        raise typer.Exit(1)
