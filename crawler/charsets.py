"""Bytes to text: the declared charset where it fits, else the likeliest one (pure)."""

import codecs
import re
from collections.abc import Iterator

import charset_normalizer

from crawler.latin_charsets import LATIN, latin_charset

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
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "win-1251": "cp1251",
    "windows1251": "cp1251",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
}
_NOT_TEXT_CODECS = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "utf-7"})
# Latin-1 and its superset: what servers declare when nobody has told them.
_DEFAULT = "cp1252"
_WESTERN = frozenset({_DEFAULT, "cp1254"})
_CYRILLIC = frozenset({"cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic"})
# Only what the press has used; among all that exist a guess is a lottery.
_PRESS = "cp1251 koi8_r iso8859_5 cp866 cp1250 iso8859_2 cp1252 cp1253 cp1254 cp1255 cp1256 cp874"
_GUESSED = f"{_PRESS} gb18030 big5 cp932 euc_jp cp949".split()
_ASCII = bytes(range(0x80))
_HEADLINE = 120
# Control characters that no text holds; tabs, line ends and the escapes of ISO 2022 it may.
_UNWRITTEN = bytes({*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)})
_NOT_LETTERS = bytes(b for b in range(0x80) if not chr(b).isalpha())


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a page or feed; never fails, and what cannot be read becomes U+FFFD.

    A byte order mark wins, then UTF-8 where it fits (other charsets never look like it by chance,
    and many a server declares one that it stopped using), then a charset that is declared (by
    `content_type`, then by the document) and fits, then the one of the press's old charsets that
    gives the likeliest text. A Western declaration is not believed of a text that is not Western,
    nor one Cyrillic charset where the text is in another.
    """
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body.decode(charset, errors="replace").removeprefix("\ufeff")
    utf8 = body.decode("utf-8", errors="replace")
    if _fits(utf8) and not utf8.isascii():
        return utf8
    sample = _foreign_text(body)
    for name in _declared(body, content_type):
        text = body.decode(name, errors="replace")
        if _fits(text) and _is_believable(name, text, sample):
            return text
    return utf8 if body.isascii() else _guessed(body, sample)


def is_binary(body: bytes) -> bool:
    """Whether these are no words in any charset: a picture, a PDF, something packed."""
    head = body[:4096]
    if head.startswith(b"%PDF-"):
        return True
    if any(head.startswith(mark) for mark, _ in _BOMS):
        return False
    return len(head) - len(head.translate(None, _UNWRITTEN)) > len(head) / 50


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    header = _HEADER.search(content_type[:200]) if content_type else None
    document = _DECLARED.search(body[:4096])
    names = [header.group(1)] if header else []
    if document:
        names.append((document.group(1) or document.group(2)).decode("ascii"))
    charsets = [known for name in names if (known := _known(name))]
    # Latin-1 is what servers declare of everything: any other declaration knows better.
    yield from sorted(charsets, key=lambda charset: charset == _DEFAULT)


def _known(name: str) -> str | None:
    try:
        known = codecs.lookup(_MEANT.get(name.lower(), name)).name
    except (LookupError, ValueError):
        return None
    # UTF-16 without a mark is a false declaration: the declaration itself was read as ASCII.
    is_text = known not in _NOT_TEXT_CODECS and not known.startswith(("utf-", "utf_"))
    return known if is_text and _decodes(known) else None


def _decodes(name: str) -> bool:
    # Python counts codecs among its encodings that are none: base64, rot13.
    try:
        return isinstance(b"".decode(name), str)
    except (LookupError, ValueError):
        return False


def _fits(text: str) -> bool:
    """Whether bytes were read in their own charset: cut in mid-character, or with a few broken
    ones, they still were."""
    broken = text.count("\ufffd")
    return not broken or broken * 20 < sum(character > "\x7f" for character in text)


def _foreign_text(body: bytes) -> bytes:
    """What stands between tags and is not ASCII: scripts and styles tell nothing."""
    pieces = re.split(rb"[<>]", body[:200_000])
    return b" ".join(piece for piece in pieces if not piece.isascii())[:20_000]


def _is_believable(name: str, text: str, sample: bytes) -> bool:
    beyond_ascii = len(sample.translate(None, _ASCII))
    if name in _WESTERN:
        # Every third letter has an accent in no Western language.
        return beyond_ascii * 3 < len(sample.translate(None, _NOT_LETTERS))
    if name in _CYRILLIC and beyond_ascii > 20:
        return _reads_as_cyrillic(sample, name) > 0.6
    return bool(text)


def _guessed(body: bytes, sample: bytes) -> str:
    # Of a headline alone the library makes what it likes; these two can be told by their capitals.
    for charset in ("cp1251", "koi8-r") if len(sample) < _HEADLINE else ():
        if _reads_as_cyrillic(sample, charset) > 0.9:
            return body.decode(charset, errors="replace")
    found = charset_normalizer.from_bytes(
        sample, cp_isolation=_GUESSED, enable_fallback=False, preemptive_behaviour=False
    ).best()
    charset = found.encoding if found else _DEFAULT
    return body.decode(latin_charset(sample) if charset in LATIN else charset, errors="replace")


def _reads_as_cyrillic(sample: bytes, charset: str) -> float:
    """How much of what is not ASCII is plausible Cyrillic in this charset, 1 at most."""
    plausible = _cyrillic_plausibility(sample.decode(charset, errors="replace"))
    return plausible / max(1, len(sample.translate(None, _ASCII)))


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
            score += 1 if character.islower() or not before.isalpha() else -1
        elif character > "\x7f":
            score -= 0.5
        before = character
    return score
