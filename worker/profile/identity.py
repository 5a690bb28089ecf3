"""Identifiers in a profile: how they are written, and that each stands once."""

import re

from worker.profile.section import Section

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def identifier(section: Section, key: str = "id") -> str | None:
    """The section's identifier, or None and a fault."""
    text = section.text(key)
    if text is not None and not _IDENTIFIER.fullmatch(text):
        section.fault(
            f"{text!r} cannot be an identifier; write letters, digits, '-', '_' and '.' only.", key
        )
        return None
    return text


class Identities:
    """Remembers where each identifier stands, and faults the second of two."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def note(self, section: Section) -> None:
        text = section.content.get("id")
        if not isinstance(text, str):
            return
        line = section.file.line(*section.place, "id")
        here = f"{section.file.path}, line {line}"
        if text in self._places:
            section.fault(f"{text!r} stands at {self._places[text]} too; rename one of them.", "id")
        self._places.setdefault(text, here)
