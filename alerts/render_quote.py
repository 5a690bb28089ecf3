"""Words of others, made fit to be shown: cut to a sentence, cleaned, still exactly quoted (pure).

What is cleaned away can only mislead: control characters, and the invisible ones that turn a line's
direction around or hide inside a word. The joiners that Persian spelling needs stay.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

from alerts.notification import Quote

QUOTE_LIMIT = 280
TITLE_LIMIT = 200
URL_LIMIT = 2000

RTL_LANGUAGES = frozenset({"ar", "ckb", "fa", "he", "ps", "ur", "yi"})

#: First strong isolate and its end: what is between them cannot turn the words around it.
ISOLATE, END_ISOLATE = "\u2068", "\u2069"

_JOINERS = "\u200c\u200d"
_SENTENCE_END = re.compile(r"[.!?…。؟۔](?=[\s»”\"’')])|\n")
_SPACES = re.compile(r"\s+")

_HOST = re.compile(r"[\w.\-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?")
_URL_SAFE = "%/:?#[]@!$&'()*+,;=-._~"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a quote, proof or not."""

    text: str
    highlighted: bool


def quote_around(
    text: str, spans: Iterable[Span], language: str = "und", limit: int = QUOTE_LIMIT
) -> Quote:
    """The sentence of `text` that holds the first of `spans`, at most `limit` code points long.

    `spans` are code points of `text`, end exclusive; those outside of the sentence are left out,
    the others are widened to whole words. A sentence that is too long is cut at a word, with "…".
    """
    found = _whole_words(text, spans)
    proof = found[0] if found else (0, 0)
    start, end = _fitted(text, *_sentence(text, *proof), proof, limit - 2)
    lead = "…" if start and not _begins_sentence(text, start) else ""
    tail = "…" if end < len(text) and not _ends_sentence(text, end) else ""
    merged = _merged(found, len(text))
    inside = [(max(a, start), min(b, end)) for a, b in merged if a < end and start < b]
    shift = len(lead) - start
    return Quote(
        lead + text[start:end] + tail, language, tuple((a + shift, b + shift) for a, b in inside)
    )


def segments(quote: Quote, limit: int = 2 * QUOTE_LIMIT) -> tuple[Segment, ...]:
    """The quote in pieces, highlighted or not, cleaned, on one line, at most `limit` code points.

    Highlights that lie outside of the text or overlap are mended, never an error.
    """
    pieces, at = [], 0
    text = quote.text[:limit]
    for start, end in _merged(quote.highlights, len(text)):
        pieces += [Segment(text[at:start], False), Segment(text[start:end], True)]
        at = end
    pieces.append(Segment(text[at:] + ("…" if len(quote.text) > limit else ""), False))
    cleaned = [Segment(_cleaned(piece.text), piece.highlighted) for piece in pieces]
    return tuple(piece for piece in cleaned if piece.text)


def isolated(text: str, language: str) -> str:
    """Text of a right-to-left language so wrapped that the words around it keep their order."""
    return f"{ISOLATE}{text}{END_ISOLATE}" if language in RTL_LANGUAGES else text


def clean_line(text: str, limit: int = TITLE_LIMIT) -> str:
    """One line of visible text, at most `limit` code points long."""
    # Cut before cleaning: a title of megabytes must not cost anything either.
    line = _cleaned(text[: 4 * limit]).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clean_url(url: str) -> str | None:
    """The address if it is http or https and fit to be a link, else None.

    Characters that could end a link in HTML, Slack or a mail are percent-encoded.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or len(url) > URL_LIMIT:
        return None
    # A name before @ makes the address look like another host's: it does not match either.
    if not _HOST.fullmatch(parts.netloc):
        return None
    try:
        host = parts.netloc.encode("idna").decode("ascii")
        return percent_encode(parts._replace(netloc=host).geturl(), safe=_URL_SAFE)
    except UnicodeError:
        return None


def _cleaned(text: str) -> str:
    visible = "".join(c for c in text if c in "\t\n\r" or not _is_misleading(c))
    return _SPACES.sub(" ", visible)


def _is_misleading(character: str) -> bool:
    """Control, format, private-use, surrogate and unassigned characters, save the joiners."""
    category = unicodedata.category(character)
    return category[0] == "C" and character not in _JOINERS and not _is_space(category, character)


def _is_space(category: str, character: str) -> bool:
    return category == "Cc" and character.isspace()


def _whole_words(text: str, spans: Iterable[Span]) -> list[Span]:
    widened = []
    for start, end in spans:
        if not 0 <= start < end <= len(text):
            continue
        while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
            end += 1
        widened.append((start, end))
    return widened


def _merged(spans: Sequence[Span], length: int) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        start, end = max(start, 0), min(end, length)
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _sentence(text: str, start: int, end: int) -> Span:
    """The sentence around a span, without the spaces at its ends."""
    window_start = max(0, start - 2000)
    ends = [m.end() for m in _SENTENCE_END.finditer(text, window_start, start)]
    first = ends[-1] if ends else window_start
    closing = _SENTENCE_END.search(text, end, min(len(text), end + 2000))
    last = closing.end() if closing else min(len(text), end + 2000)
    # A quotation mark that closes the sentence belongs to it, and not to the next one.
    while first < start and (text[first].isspace() or text[first] in "»”’)"):
        first += 1
    while last < len(text) and text[last] in "»”\"’')":
        last += 1
    return first, len(text[:last].rstrip()) if last > end else last


def _fitted(text: str, start: int, end: int, proof: Span, limit: int) -> Span:
    """The span cut to `limit` around the proof, at spaces where there are any."""
    if end - start <= limit:
        return start, end
    room = max(limit - (proof[1] - proof[0]), 0)
    start = max(start, min(proof[0] - room // 2, end - limit))
    end = min(end, start + limit)
    if start and not text[start - 1].isspace():
        space = text.find(" ", start, proof[0])
        start = space + 1 if space >= 0 else start
    if end < len(text) and not text[end].isspace():
        space = text.rfind(" ", max(proof[1], start), end)
        end = space if space >= 0 else end
    return start, end


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 2000) : start]
    kept = before.rstrip().rstrip("»”\"’')")
    return not kept or kept[-1] in ".!?…。؟۔" or "\n" in before[len(before.rstrip()) :]


def _ends_sentence(text: str, end: int) -> bool:
    kept = text[max(0, end - 3) : end].rstrip("»”\"’')")
    return (kept and kept[-1] in ".!?…。؟۔") or text[end] == "\n"
