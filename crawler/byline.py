"""Who wrote it: one stated byline to names (pure)."""

import re

_LEAD = re.compile(r"^(?:written by|by|автор|müəllif|yazar)\b\s*:?\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[;|]\s*|\s+(?:and|&)\s+", re.IGNORECASE)


def names(byline: str) -> tuple[str, ...]:
    """The names in `By Anna Bell; Carl Dunn and Eve Fox`; a comma stays, it may part a title."""
    said = _LEAD.sub("", byline.strip())
    return tuple(name for part in _BETWEEN.split(said) if (name := part.strip(" ,")))
