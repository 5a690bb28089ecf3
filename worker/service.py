"""The service on this machine: `dyadwatch run`, and workers for a command that needs some.

Order: the home's lock, the broker, the schema, the processes; and backwards to stop.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from types import FrameType

from celery import Celery

from worker.app import broker_url, build_app
from worker.broker import BrokerUnavailable, EmbeddedBroker
from worker.lock import held_for, hold
from worker.output import say
from worker.processes import NAMES
from worker.settings import Settings, masked
from worker.storage.database import Database
from worker.supervisor import Supervisor

_WATCH_SECONDS = 0.5
_BROKER_PATIENCE_SECONDS = 30.0


def stop_asked() -> threading.Event:
    """From now on SIGTERM, Ctrl-C and a terminal that closes do nothing but set this event."""
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # `nohup` has a hang-up ignored, and so it stays.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, ask_to_stop)
    return stop


def serve(
    settings: Settings, stop: threading.Event, ready: Callable[[], None] = lambda: None
) -> None:
    """Run everything until `stop` is set; returns when no process is left.

    `ready` is called once everything has been started.
    """
    try:
        with _started(settings, "run", NAMES, stop.is_set) as keep_alive:
            ready()
            while not stop.wait(_WATCH_SECONDS):
                keep_alive()
            say("Stopping.")
    except _Stopped:
        say("Stopped before it had started.")


class _Stopped(Exception):
    """Whoever started us does not want us any more."""


@contextmanager
def workers(settings: Settings, purpose: str, names: Sequence[str]) -> Iterator[Callable[[], None]]:
    """Somebody who works while the block runs: the running service, or processes of our own.

    Yields a function to call while waiting: it keeps our own processes alive.
    """
    if _served_already(settings):
        yield lambda: None
        return
    with _started(settings, purpose, names, lambda: False) as keep_alive:
        yield keep_alive


def environment(settings: Settings) -> Mapping[str, str]:
    """What the processes of this service get: ours, and the addresses that were chosen here."""
    # A value that is set here must not also come from a file.
    files = ("DYADWATCH_DATABASE_URL_FILE", "DYADWATCH_BROKER_URL_FILE")
    return {
        **{name: value for name, value in os.environ.items() if name not in files},
        "DYADWATCH_HOME": str(settings.home),
        "DYADWATCH_DATABASE_URL": settings.database_url,
        "DYADWATCH_BROKER_URL": broker_url(settings),
        "PYTHONSAFEPATH": "1",
    }


@contextmanager
def _started(
    settings: Settings, purpose: str, names: Sequence[str], give_up: Callable[[], bool]
) -> Iterator[Callable[[], None]]:
    """Everything that runs while the block does; yields a function that revives what has died."""
    told: set[str] = set()

    def wait_for(holder: str) -> bool:
        # Another `run` never ends by itself; any other command does.
        if give_up():
            raise _Stopped
        if "'dyadwatch run'" in holder:
            return False
        if holder not in told:
            told.add(holder)
            say(f"Waiting for {holder} to finish with {settings.home}.")
        return True

    with ExitStack() as stack:
        stack.enter_context(hold(settings.home, purpose, wait_for))
        revive_broker = stack.enter_context(_broker(settings, give_up))
        Database(settings.database_url).upgrade()
        supervisor = stack.enter_context(Supervisor(names, environment(settings), say))

        def keep_alive() -> None:
            revive_broker()
            supervisor.check()

        yield keep_alive


@contextmanager
def _broker(settings: Settings, give_up: Callable[[], bool]) -> Iterator[Callable[[], None]]:
    """The broker, answering; yields a function that starts the embedded one again if it ended."""
    if settings.broker_url is not None:
        _reach(settings, give_up)
        yield lambda: None
        return
    broker = EmbeddedBroker(settings.home)
    next_try = 0.0

    def revive() -> None:
        nonlocal next_try
        if time.monotonic() < next_try or not broker.ended():
            return
        next_try = time.monotonic() + _BROKER_PATIENCE_SECONDS
        say("The broker ended; starting it again.")
        try:
            broker.start()
        except BrokerUnavailable as error:  # a full disk, say: what is pending waits for it
            say(str(error))
        else:
            next_try = 0.0

    try:
        broker.start()
        yield revive
    finally:
        broker.stop()


def _reach(settings: Settings, give_up: Callable[[], bool]) -> None:
    """Wait a little for the named broker: it may be starting at the same time as we are."""
    deadline = time.monotonic() + _BROKER_PATIENCE_SECONDS
    app = build_app(settings)
    while True:
        failure = broker_failure(app)
        if failure is None:
            return
        if give_up():
            raise _Stopped
        if time.monotonic() > deadline:
            raise BrokerUnavailable(
                f"The broker {masked(broker_url(settings))} does not answer ({failure}): "
                "start it, or correct DYADWATCH_BROKER_URL."
            )
        time.sleep(1.0)


def broker_failure(app: Celery) -> str | None:
    """Why the broker cannot be used, in a few words; None when it answers."""
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=5)
    except Exception as error:  # noqa: BLE001  every transport has errors of its own
        return str(error).splitlines()[0] if str(error) else type(error).__name__
    return None


def _served_already(settings: Settings) -> bool:
    if held_for(settings.home) == "run":
        return True
    if settings.broker_url is None:
        return False
    app = build_app(settings)
    if broker_failure(app) is not None:
        return False
    return any("ingest@" in name for answer in app.control.ping(timeout=1.5) for name in answer)
