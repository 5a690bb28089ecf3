"""An installation for each test, ended with it, on each stack that can be reached."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import stacks
from harness.service import Dyadwatch

NAMES = ("embedded", *stacks.BROKERS)
UNREACHABLE = {name: why for name in NAMES if (why := stacks.why_unreachable(name))}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Dyadwatch]:
    """An empty home, without any setting."""
    home = tmp_path / "home"
    home.mkdir()
    fresh = Dyadwatch(home)
    yield fresh
    fresh.stop()


@pytest.fixture(params=[name for name in NAMES if name not in UNREACHABLE])
def stack(request: pytest.FixtureRequest, installation: Dyadwatch) -> Iterator[stacks.Stack]:
    """Each stack in turn; the installation is ended before its database goes."""
    with stacks.stack(request.param) as chosen:
        yield chosen
        installation.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, why in UNREACHABLE.items():
        terminalreporter.write_line(f"NOT RUN on PostgreSQL and {name}: {why}", yellow=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if UNREACHABLE and os.environ.get("DYADWATCH_TEST_REQUIRE_SERVICES"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
