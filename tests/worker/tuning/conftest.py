"""A small lexicon whose weights are wrong on purpose."""

from pathlib import Path

import pytest

from worker.classify import Lexicon, load_lexicon

LEXICON = """
concepts:
  arrest: {category: detention_or_raid, plover: COERCE, direction: escalatory, severity: 3}
  talks: {category: diplomacy, plover: CONSULT, direction: de_escalatory, severity: 0,
          roles: mutual}
actors:
- {id: russia, kind: country, side: RUS, names: {en: [russia*]}}
- {id: azerbaijan, kind: country, side: AZE, names: {en: [azerbaijan*]}}
language: en
terms:
  arrest:
  - {term: arrest, pattern: arrest*, weight: 1}
  talks:
  - {term: meet, pattern: meets, weight: 4}
"""


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "all.yaml").write_text(LEXICON)
    return load_lexicon(tmp_path / "lexicon", ("RUS", "AZE"))
