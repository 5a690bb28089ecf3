"""One replay of ninety days: our rules as shipped, beside the rules of thumb that people set up.

The days are those of `harness.ninety_days`: five crises, two peaks of cooperation, an outage with
its backlog, a flood from one newsroom, an anniversary, and the quarrels between. All see the same
articles through the same classifier. An alert is right from the first article of a crisis to the
end of its third day; anything else is false. Ours are the openings of episodes that `dyadwatch
backtest` prints, each of them told: several rules may see one crisis. The articles are kept where
DYADWATCH_NINETY_DAYS names a directory, to be tried by hand. Run with `-s`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from harness import ninety_days
from harness.ninety_days_rivals import RIVALS, Outcome, alerts, harmful, judged

from worker.classify import Classifier
from worker.profile.loader import load_lexicon_of

OURS = "dyadwatch"
LATE = 6.0  # hours from a crisis's first article
DYADWATCH = Path(sys.executable).parent / "dyadwatch"


def replayed(articles: Path, truth: Path) -> list[dict[str, object]]:
    """What `dyadwatch backtest` prints, but for the summary."""
    command = [str(DYADWATCH), "backtest", "--articles", str(articles), "--truth", str(truth)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return [line for line in map(json.loads, ran.stdout.splitlines()) if "summary" not in line]


def line(name: str, outcome: Outcome, count: int) -> str:
    causes = ", ".join(f"{cause} {number}" for cause, number in sorted(outcome.false.items()))
    hours = " ".join(
        f"{outcome.hours[c.subject]:5.1f}" if c.subject in outcome.hours else "    -"
        for c in ninety_days.CRISES
    )
    found = f"{outcome.found} of {len(ninety_days.CRISES)}"
    return f"  {name:28} {found}  hours {hours}   false {outcome.wrong:3} of {count}  {causes}"


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_five_of_five_and_nothing_else(tmp_path: Path) -> None:
    home = Path(os.environ.get("DYADWATCH_NINETY_DAYS") or tmp_path)
    articles, truth = ninety_days.write(home)
    records = [json.loads(row) for row in articles.read_text(encoding="utf-8").splitlines()]
    counts = harmful(records, Classifier(load_lexicon_of("russia_azerbaijan")))
    print(
        f"\n{len(records)} articles in {articles}; hours from a crisis's first article to an alert"
    )
    outcomes: dict[str, Outcome] = {}
    for name, rule in RIVALS.items():
        times = alerts(rule(counts))
        outcomes[name] = judged(times)
        print(line(name, outcomes[name], len(times)))
    opened = [row for row in replayed(articles, truth) if row["change"] == "opened"]
    ours = judged([datetime.fromisoformat(str(row["time"])) for row in opened])
    print(line(OURS, ours, len(opened)))
    for row in opened:
        if judged([datetime.fromisoformat(str(row["time"]))]).wrong:
            print(f"    false: {row['time']} {row['rule']} {row['stories']} stories")
    assert ours.found == len(ninety_days.CRISES)
    assert ours.wrong == 0
    assert max(ours.hours.values()) < LATE
    assert all(ours.found >= other.found for other in outcomes.values())
    assert all(ours.wrong < other.wrong for other in outcomes.values())
