"""The bundled lexicon, loaded once for all tests of classification."""

import pytest

from worker.classify import Classifier, Lexicon
from worker.profile.loader import load_lexicon_of


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon_of("russia_azerbaijan")


@pytest.fixture(scope="session")
def classifier(lexicon: Lexicon) -> Classifier:
    return Classifier(lexicon)
