"""Language, relevance and events of an article: pure functions, no database, no broker."""

from collections.abc import Mapping
from functools import lru_cache
from os import PathLike, fspath
from typing import Any, Protocol

from worker.classify.classifier import Classifier, Readable, Understood
from worker.classify.lexicon import Lexicon, load_lexicon
from worker.classify.record import Classification

__all__ = [
    "Classification",
    "Classifier",
    "Lexicon",
    "Readable",
    "Understood",
    "classify",
    "load_lexicon",
]


class _HasLexicon(Protocol):
    @property
    def lexicon(self) -> Lexicon: ...


def classify(
    article: Readable | Mapping[str, Any], profile: _HasLexicon | str | PathLike[str]
) -> Classification:
    """The classification of one article, an object or a record, by a profile's lexicon.

    `profile` is a loaded profile, the name of a bundled one, or a directory; what lies there is
    read once in a process. Raises ProfileError where the profile cannot be used.
    """
    if isinstance(profile, str | PathLike):
        return _classifier_of(fspath(profile)).classify(article)
    return Classifier(profile.lexicon).classify(article)


@lru_cache(maxsize=8)
def _classifier_of(name_or_dir: str) -> Classifier:
    # A profile knows its lexicon, and so this package: the way back is taken on demand.
    from worker.profile.loader import load_lexicon_of

    return Classifier(load_lexicon_of(name_or_dir))
