"""The log of a service that lives through faults: calm about them, exact about our own mistakes."""

import io
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
from kombu.exceptions import OperationalError

from worker.log import configure


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What this process logs, while the test runs."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    with redirect_stderr(stream):
        configure()
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def fail(error: Exception) -> None:
    try:
        raise error
    except type(error):
        logging.getLogger("a.process").exception("It went wrong")


def test_a_broker_that_is_away_is_told_once_and_without_a_traceback(written: io.StringIO) -> None:
    for _ in range(20):
        fail(OperationalError("Connection refused"))
    assert written.getvalue().count("Connection refused") == 1
    assert "Traceback" not in written.getvalue()


def test_a_mistake_of_our_own_keeps_its_traceback(written: io.StringIO) -> None:
    fail(KeyError("surprise"))
    fail(KeyError("surprise"))
    assert written.getvalue().count("Traceback") == 2


def test_an_ordinary_stop_is_not_worth_a_line(written: io.StringIO) -> None:
    logging.getLogger("celery.worker").warning("Initiating Soft Shutdown, terminating in 6 seconds")
    assert written.getvalue() == ""
