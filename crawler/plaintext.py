"""Fragments of HTML to plain text (pure)."""

import html

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
_SPACES = re2.compile(r"[ \t\r\f\v\x{00a0}\x{2000}-\x{200b}\x{202f}\x{3000}\x{feff}]+")
_NEWLINES = re2.compile(r" ?\n[ \n]*")
# Control characters and lone surrogates: no database and no terminal wants them.
_UNWANTED = dict.fromkeys(
    (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0xD800, 0xE000))
)


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
    return " ".join(plain_text(fragment, limit).split())


def tidy(text: str) -> str:
    """The same words without control characters, runs of spaces and empty lines."""
    text = text.translate(_UNWANTED).replace("\u2028", "\n").replace("\u2029", "\n")
    return str(_NEWLINES.sub("\n", _SPACES.sub(" ", text))).strip()
