"""Tags with thousands of attributes, which no page needs and which stop a parser (pure)."""

import re

# A tag and its attributes, if they are a hundred or more. No step is taken back, so that no text
# makes the search itself slow; a `<` among the attributes is one to libxml2, too.
_CROWDED = re.compile(
    rb"""(<[A-Za-z][A-Za-z0-9]{0,20}+)"""
    rb"""(?:(?:[\s/]++|(?<=["']))[^\s/>"'=]{1,100}+"""
    rb"""(?:\s{0,3}+=\s{0,3}+(?:"[^"]{0,3000}+"|'[^']{0,3000}+'|[^\s>"']{0,3000}+))?+){100,}+"""
    rb"""[\s/]*+>?+"""
)


def without_crowded_tags(html: bytes) -> bytes:
    """The same page in an ASCII-compatible charset, its crowded tags without attributes.

    libxml2 compares each attribute of a tag with each other: 100,000 of them take two minutes.
    """
    return _CROWDED.sub(rb"\1>", html)
