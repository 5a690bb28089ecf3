"""Bytes to text: the declared charset, else the one that reads like a language (pure)."""

import codecs
import re

_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{2,40})["']"""
    rb"""|<meta[^>]{0,500}?charset\s*=\s*["']?\s*([A-Za-z0-9._-]{2,40})""",
    re.IGNORECASE,
)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._-]{2,40})""", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Pages that call themselves Latin-1 mean its superset, and so on, as browsers read them.
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "win-1251": "cp1251",
    "windows1251": "cp1251",
}
_NOT_TEXT_CODECS = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "utf-7"})
_CYRILLIC_FALLBACKS = ("cp1251", "koi8-r")


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a page or feed; never fails, and what cannot be read becomes U+FFFD.

    A byte order mark wins, then UTF-8 where it fits (other charsets never look like it by chance,
    and many a server declares one that it stopped using), then a charset that is declared (by
    `content_type`, then by the document) and fits, then the plausible one of windows-1251, koi8-r
    and the Western and Turkish ones.
    """
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body.decode(charset, errors="replace").removeprefix("\ufeff")
    utf8 = _strictly(body, "utf-8")
    if utf8 is not None and not utf8.isascii():
        return utf8
    for name in (_header_charset(content_type), _document_charset(body)):
        if name and (text := _strictly(body, name)) is not None:
            return text
    if utf8 is not None:
        return utf8
    # Cut in mid-character, or with a few broken ones, it is still UTF-8.
    if _mostly_utf8(body):
        return body.decode("utf-8", errors="replace")
    return _most_plausible(body)


def _header_charset(content_type: str | None) -> str | None:
    match = _HEADER.search(content_type[:200]) if content_type else None
    return match.group(1) if match else None


def _document_charset(body: bytes) -> str | None:
    match = _DECLARED.search(body[:4096])
    return (match.group(1) or match.group(2)).decode("ascii") if match else None


def _known(name: str | None) -> str | None:
    if not name:
        return None
    name = _MEANT.get(name.lower(), name)
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    # UTF-16 without a mark is a false declaration: the declaration itself was read as ASCII.
    return None if known in _NOT_TEXT_CODECS or known.startswith(("utf-16", "utf-32")) else known


def _strictly(body: bytes, name: str) -> str | None:
    charset = _known(name)
    if charset is None:
        return None
    try:
        return body.decode(charset)
    except (UnicodeError, LookupError, ValueError):
        return None


def _mostly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", errors="replace")
    beyond_ascii = sum(1 for c in text[:20_000] if c > "\x7f")
    return beyond_ascii > 0 and text[:20_000].count("\ufffd") * 10 < beyond_ascii


def _most_plausible(body: bytes) -> str:
    beyond_ascii = sum(1 for byte in body[:20_000] if byte > 0x7F)
    readings = [body.decode(charset, errors="replace") for charset in _CYRILLIC_FALLBACKS]
    best = max(readings, key=lambda text: _cyrillic_plausibility(text[:20_000]))
    # Western text in a Cyrillic charset gives lone capitals inside words, never mostly lower case.
    if _cyrillic_plausibility(best[:20_000]) > 0.6 * beyond_ascii:
        return best
    return body.decode("cp1254" if b"\xfd" in body or b"\xfe" in body else "cp1252", "replace")


def _cyrillic_plausibility(text: str) -> float:
    """Cyrillic letters in lower case or at the start of a word, less what never stands so: a
    capital within a word, or a Cyrillic letter that touches a Latin one."""
    score = 0.0
    before = " "
    for character in text:
        cyrillic = "\u0400" <= character <= "\u04ff"
        if cyrillic and (before.isascii() and before.isalpha()):
            score -= 1
        elif cyrillic:
            lower = "а" <= character <= "я" or character == "ё"
            score += 1 if lower or not before.isalpha() else -1
        elif character > "\x7f":
            score -= 0.5
        before = character
    return score
