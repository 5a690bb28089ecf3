"""What an evaluation needs compiled is compiled before."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

from numba.core.dispatcher import Dispatcher

from alerts.finding import Finding
from alerts.rules import Rule, evaluate, parse_where, prepare
from alerts.series import SignalTable
from alerts.signal import Signal
from worker.warming import warm_baselines

NOW = datetime(2025, 6, 28, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_an_evaluation_finds_everything_compiled() -> None:
    warm_baselines()
    before = _variants()
    assert sum(before.values()) > 10
    burst = [
        Signal(NOW - i * timedelta(minutes=9), f"a{i}", f"s{i}", f"n{i}", "other", "escalatory", 3)
        for i in range(12)
    ]
    rule = Rule("raids", "spike", parse_where({}), 6 * HOUR)
    origin = NOW.replace(minute=0) - 500 * HOUR
    shares = {origin + i * HOUR: 1.0 for i in range(502)}
    prepared = prepare([rule], SignalTable(burst), shares, origin, {}, NOW)
    finding = evaluate(rule, prepared.views["raids"], NOW)
    assert isinstance(finding, Finding), finding
    assert _variants() == before


def _variants() -> dict[str, int]:
    """How many variants of each function are compiled."""
    names = ("dispersion", "expectation", "kernel", "record", "surprise", "tail")
    return {
        f"{name}.{key}": len(made.signatures)
        for name in names
        for key, made in vars(import_module(f"alerts.baseline.{name}")).items()
        if isinstance(made, Dispatcher)
    }
