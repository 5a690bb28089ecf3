"""The bundled lexicon, loaded once for all tests of classification."""

from pathlib import Path

import pytest

import worker
from worker.classify import Classifier, Lexicon, load_lexicon

LEXICON = Path(worker.__file__).parent / "profiles" / "russia_azerbaijan" / "lexicon"


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon(LEXICON, ("RUS", "AZE"))


@pytest.fixture(scope="session")
def classifier(lexicon: Lexicon) -> Classifier:
    return Classifier(lexicon)
