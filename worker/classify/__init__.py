"""Language, relevance and events of an article: pure functions, no database, no broker."""

from collections.abc import Mapping
from typing import Any, Protocol

from worker.classify.classifier import Classifier, Readable
from worker.classify.lexicon import Lexicon, load_lexicon
from worker.classify.record import Classification

__all__ = ["Classification", "Classifier", "Lexicon", "Readable", "classify", "load_lexicon"]


class _HasLexicon(Protocol):
    @property
    def lexicon(self) -> Lexicon: ...


def classify(article: Readable | Mapping[str, Any], profile: _HasLexicon) -> Classification:
    """The classification of one article by a profile's lexicon."""
    return Classifier(profile.lexicon).classify(article)
