"""Fragments of HTML to plain text (pure)."""

import html
import re

import re2

# RE2 and not an HTML parser: those take quadratic time on tags that nest (nh3: 37 s for 600 kB).
_INVISIBLE = re2.compile(
    r"(?is)<!--.*?(?:-->|\z)|<script\b.*?(?:</script\s*>|\z)|<style\b.*?(?:</style\s*>|\z)"
)
_TAG = re2.compile(r"<[A-Za-z/!?][^<>]*(?:>|\z)")
# Without a break here the words of two paragraphs would run into one another.
_BLOCKS = re2.compile(
    r"(?i)<(?:/?(?:p|div|br|li|ul|ol|tr|td|th|table|h[1-6]|blockquote|figure|figcaption|section|"
    r"article|header|footer|pre|dd|dt|hr))\b[^<>]*>"
)
# Control characters and lone surrogates: no database and no terminal wants them.
_UNWANTED: dict[int, str | None] = dict.fromkeys(
    (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000))
)
# Spaces of no width, and the line ends that only Unicode knows.
_UNWANTED |= {0x85: "\n", 0x200B: " ", 0xFEFF: " ", 0x2028: "\n", 0x2029: "\n"}

_HAS_UNWANTED = re.compile("[" + "".join(map(chr, _UNWANTED)) + "]")


def plain_text(fragment: str, limit: int = 50_000) -> str:
    """The words of an HTML fragment: tags and scripts gone, entities decoded once, lines kept.

    `limit` is in characters of the result; the fragment itself is cut at ten times that.
    """
    fragment = fragment[: limit * 10]
    if "<" in fragment:
        fragment = _INVISIBLE.sub(" ", fragment)
        fragment = _TAG.sub("", _BLOCKS.sub("\n", fragment))
    return tidy(html.unescape(fragment))[:limit]


def one_line(fragment: str, limit: int = 1_000) -> str:
    """The words of an HTML fragment on one line: for titles and names."""
    if "<" in fragment:
        return " ".join(plain_text(fragment, limit).split())
    # Without tags no expression is needed, which costs a title 10 µs instead of 100.
    words = html.unescape(fragment[: limit * 10]).translate(_UNWANTED).split()
    return " ".join(words)[:limit].rstrip()


def tidy(text: str) -> str:
    """The same words without control characters, runs of spaces and empty lines."""
    # No expression: `str.split` knows every space, and is twenty times as quick.
    if _HAS_UNWANTED.search(text):
        text = text.translate(_UNWANTED)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
