"""A small sound profile in a directory of its own, to be broken in one place at a time."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from worker.profile.check import Fault, Remark, check
from worker.profile.loader import load_profile
from worker.profile.model import Profile

SMALL = {
    "profile.yaml": """
        name: Small
        dyad: [RUS, AZE]
        languages: [en]
        """,
    "lexicon/concepts.yaml": """
        concepts:
          raid: {category: detention_or_raid, plover: COERCE, direction: escalatory, severity: 3}
          protest: {category: diplomatic_protest, plover: ACCUSE, direction: escalatory,
                    severity: 2}
        """,
    "lexicon/en.yaml": """
        language: en
        terms:
          raid:
            - {term: police raid, pattern: police raid}
        """,
    "sources/one.yaml": """
        - id: apa-en
          kind: feed
          url: https://en.apa.az/rss
          name: APA (en)
          newsroom: apa
          country: AZ
          stance: pro_government
          language: en
        - id: tass-en
          kind: feed
          url: https://tass.com/rss/v2.xml
          name: TASS (en)
          newsroom: tass
          country: RU
          stance: state
          language: [en, ru]
          every: 10m
          expect: {articles_per_day: 65}
        """,
    "rules.yaml": """
        rules:
          - id: raids
            kind: spike
            where: {category: detention_or_raid, severity: ">=2"}
            window: 6h
            severity: critical
            false_alarms_per_year: 6
          - id: deaths
            name: Deaths
            kind: threshold
            where:
              severity: ">=4"
            window: 12h
            at_least: 3
        """,
    "routes.yaml": """
        channels:
          desk:
            kind: email
            host: mail.example.org
            tls: false
            from: watch@example.org
            to: [desk@example.org]
          room:
            kind: slack
            url: ${ROOM_URL}
        routes:
          - match: {severity: critical}
            channels: [desk, room]
            repeat_every: 12h
          - channels: [desk]
            group_wait: 5m
        """,
}
ENVIRON = {"ROOM_URL": "https://hooks.slack.com/services/T0/B0/hush"}


class Bench:
    """A profile directory, written from `SMALL`, and what loading and checking say of it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.environ: Mapping[str, str] = ENVIRON
        for name, text in SMALL.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Replace `old`, which must stand there."""
        path = self.directory / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def remove(self, name: str) -> None:
        (self.directory / name).unlink()

    def faults(self) -> list[str]:
        """Every fault as it is printed, with paths relative to the profile."""
        return [self._line(found) for found in self._checked() if isinstance(found, Fault)]

    def remarks(self) -> list[str]:
        return [self._line(found) for found in self._checked() if isinstance(found, Remark)]

    def load(self) -> Profile:
        return load_profile(str(self.directory), self.environ)

    def _checked(self) -> list[Fault | Remark]:
        return check(self.directory, self.environ)

    def _line(self, found: Fault | Remark) -> str:
        return str(found).replace(f"{self.directory}/", "")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path.resolve() / "small")
