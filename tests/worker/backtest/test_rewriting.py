"""A rules file with other settings, and everything else as its author wrote it."""

from datetime import timedelta
from pathlib import Path

import pytest

from alerts.baseline import DEFAULT_FALSE_ALARMS
from worker.backtest.rewriting import duration, number, rewritten
from worker.backtest.variants import Setting
from worker.profile.bundled import profile_path
from worker.profile.yaml_lines import read_yaml

RULES = """\
# What raises an alert.
rules:
  # Measures, not words.
  - id: worse
    name: Escalation, все меры  # in two languages
    kind: spike
    where: {direction: escalatory, severity: ">=2"}
    window: 6h   # a working day's half
    false_alarms_per_year: 12  # one a month

  - id: raids
    kind: spike
    window: 6h  # no sensitivity of its own
    severity: critical
  - {id: trade, kind: spike, window: 1d}  # all on one line
  - id: deaths
    kind: threshold
    window: 12h
    at_least: 3
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    return path


def test_values_are_replaced_where_they_stand(file: Path) -> None:
    text = rewritten(file, {"worse": Setting(timedelta(hours=3), 6.0)}, "# Proposed.\n")
    changed = RULES.replace("window: 6h   # a", "window: 3h   # a").replace(": 12  #", ": 6  #")
    assert text == "# Proposed.\n" + changed


def test_a_missing_sensitivity_is_put_behind_the_window(file: Path) -> None:
    text = rewritten(
        file,
        {"raids": Setting(timedelta(hours=6), 24.0), "trade": Setting(timedelta(days=2), 0.5)},
    )
    assert "    window: 6h  # no sensitivity of its own\n    false_alarms_per_year: 24\n" in text
    assert "{id: trade, kind: spike, window: 2d, false_alarms_per_year: 0.5}  # all" in text


def test_a_default_that_was_not_given_stays_away(file: Path) -> None:
    default = Setting(timedelta(hours=3), DEFAULT_FALSE_ALARMS)
    text = rewritten(file, {"raids": default})
    assert text == RULES.replace("window: 6h  # no", "window: 3h  # no")


def test_windows_alone_can_be_set(file: Path) -> None:
    text = rewritten(file, {"worse": Setting(timedelta(hours=3), 6.0)}, alarms=False)
    assert text == RULES.replace("window: 6h   # a", "window: 3h   # a")


def test_nothing_changes_without_settings(file: Path) -> None:
    assert rewritten(file, {}) == RULES


def test_a_last_line_without_an_end_is_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("rules:\n- id: a\n  kind: spike\n  window: 6h")
    text = rewritten(path, {"a": Setting(timedelta(hours=3), 6.0)})
    assert text == "rules:\n- id: a\n  kind: spike\n  window: 3h\n  false_alarms_per_year: 6"


def test_the_bundled_rules_can_be_rewritten(tmp_path: Path) -> None:
    path = profile_path("russia_azerbaijan") / "rules.yaml"
    rules = read_yaml(path).content["rules"]
    spikes = [rule["id"] for rule in rules if rule["kind"] == "spike"]
    text = rewritten(path, {id: Setting(timedelta(hours=3), 7.5) for id in spikes})
    out = tmp_path / "rules.yaml"
    out.write_text(text, encoding="utf-8")
    for before, after in zip(rules, read_yaml(out).content["rules"], strict=True):
        if before["id"] in spikes:
            assert (after["window"], after["false_alarms_per_year"]) == ("3h", 7.5)
        else:
            assert after == before
    comments = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]
    assert comments == [line for line in text.splitlines() if line.startswith("#")]


@pytest.mark.parametrize(
    ("minutes", "text"), [(15, "15m"), (90, "90m"), (360, "6h"), (1440, "1d"), (4320, "3d")]
)
def test_durations_are_written_shortly(minutes: int, text: str) -> None:
    assert duration(timedelta(minutes=minutes)) == text


def test_numbers_are_written_shortly() -> None:
    assert [number(one) for one in (12.0, 0.25, 7.5, 1000.0)] == ["12", "0.25", "7.5", "1000"]
