"""The letters of a text alone (pure)."""

import re

_NOT_LETTERS = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """What two spellings of the same words have in common: no spaces, marks and capitals. Quick,
    for it is asked of every heading and paragraph of a page; `crawler.likeness` folds more."""
    return _NOT_LETTERS.sub("", text).casefold()
