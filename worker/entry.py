"""Where `dyadwatch` begins: signals first, for the imports that follow take seconds.

Told to stop, a command leaves by `SystemExit`, so that whatever it has started (workers, a broker)
is stopped with it; `run` takes over as soon as it can stop in order.
"""

import signal
import sys
from types import FrameType
from typing import NoReturn

_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    """Run the command that the arguments name; see `worker.cli`."""
    for number in _STOPS:
        # `nohup` has a hang-up ignored, and so it stays.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _leave)
    try:
        from worker.cli import main as run_command

        run_command()
    finally:
        # All is done: an impatient second Ctrl-C must not change the exit status any more.
        for number in _STOPS:
            signal.signal(number, signal.SIG_IGN)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(exit_status(sys.argv[1:], number))


def exit_status(arguments: list[str], number: int) -> int:
    """0 for `run`, which is meant to go on until it is told to stop; else what a shell says of a
    command that this signal ended."""
    endless = arguments[:1] == ["run"] and "--once" not in arguments
    return 0 if endless else 128 + number
