"""What XML is refused before any parser sees it (pure): expansion, depth and breadth are what
hostile XML lives on, and what lenient parsers spend minutes on."""

import re2

MAX_DEPTH = 100
MAX_ATTRIBUTES = 5_000

_ENTITY_DECLARATION = re2.compile(r"(?i)<!ENTITY")
_CDATA_OR_COMMENT = re2.compile(r"(?s)<!\[CDATA\[.*?\]\]>|<!--.*?-->")
_TAG = re2.compile(r"<(/?)[A-Za-z_][^<>]*?(/?)>")
_PROLOG = re2.compile(r"^\s*<\?xml[^>]*\?>")


def hostility(text: str, what: str) -> str | None:
    """Why this XML is refused, as a sentence about `what`; None where nothing is wrong with it."""
    if problem := entity_declaration(text, what):
        return problem
    if _depth(text) > MAX_DEPTH:
        return f"{what} nests its tags deeper than {MAX_DEPTH}: refused"
    if _attributes(text) > MAX_ATTRIBUTES:
        return f"{what} has a tag with more than {MAX_ATTRIBUTES} attributes: refused"
    return None


def entity_declaration(text: str, what: str) -> str | None:
    """The sentence for a document that declares entities; None for one that does not."""
    if _ENTITY_DECLARATION.search(text):
        return f"{what} declares entities of its own (a DTD), which is how XML bombs work: refused"
    return None


def utf8_without_prolog(text: str) -> bytes:
    """Decoded text for a parser: UTF-8 now, so a declaration of another charset would be a lie."""
    return str(_PROLOG.sub("", text)).encode("utf-8", errors="replace")


def _attributes(text: str) -> int:
    """The most attributes that one tag may have; parsers spend quadratic time on them."""
    return max(
        (piece.count("='") + piece.count('="') for piece in text.split("<") if len(piece) > 9_999),
        default=0,
    )


def _depth(text: str) -> int:
    """How deep tags nest, at most; unclosed ones count, as a lenient parser takes them."""
    depth = deepest = 0
    for tag in _TAG.finditer(_CDATA_OR_COMMENT.sub("", text)):
        closing, empty = tag.groups()
        if closing:
            depth = max(0, depth - 1)
        elif not empty:
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MAX_DEPTH:
                break
    return deepest
