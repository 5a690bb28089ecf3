"""The console script `dyadwatch`: one command a line here, each in its file under `commands/`.

Exit status: 0 success, 1 failure, 2 bad usage or a setting that cannot be used. Errors that a
person can mend are sentences on standard error; nothing else is printed of them.
"""

import contextlib
import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from worker.commands import (
    backtest,
    decisions,
    evidence,
    explain,
    history,
    listing,
    notify,
    operate,
    profile,
    pure,
    rules,
    silences,
    stories,
)
from worker.output import say, write_utf8
from worker.trouble import Trouble

app = typer.Typer(
    name="dyadwatch",
    help="Watches the relationship between two countries in the press, and says when it escalates.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (
    operate, history, pure, backtest, explain, listing, evidence, decisions, silences, stories,
    notify, profile, rules,
):  # fmt: skip
    module.register(app)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(version("dyadwatch"))
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version and exit.",
            callback=_print_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Watches the relationship between two countries, and says when it escalates."""


def main() -> None:
    """Run the command that the arguments name, and turn what went wrong into a sentence."""
    write_utf8()
    try:
        app()
    except Trouble as error:
        say(str(error))
        sys.exit(error.exit_status)
    except BrokenPipeError:
        # Whoever read the output has seen enough (`| head`).
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
