"""Parts of a sentence: the clause around a word, the words inside quotation marks, the dateline."""

import re
from collections.abc import Set as AbstractSet

from worker.classify.words import Words

#: Signs that end a clause; in a verb-final language a comma often stands behind the subject.
_SIGNS = re.compile("[,;:—–،؛՝]| - ")
_STRONG_SIGNS = re.compile("[;:—–؛،]| - ")

_QUOTED = re.compile(
    r"«[^«»\n]{1,400}»|“[^“”\n]{1,400}”|„[^„“”\n]{1,400}[“”]|\"[^\"\n]{1,400}\""
    r"|(?<!\w)'(?=\w)(?:[^'\n]|(?<=\w)'(?=\w)){1,400}'(?!\w)"
)
#: BAKU, Nov 14 (Reuters) - …; МОСКВА, 28 июня. /ТАСС/; Bakı. Trend:; MOSCOW — …
_DATELINE = re.compile(
    r"\W{0,3}[A-Z\u0400-\u042fƏÖÜŞÇĞİ][\w-]{1,20}(?: [A-Z\u0400-\u042fƏÖÜŞÇĞİ]\w{1,12})?"
    r"(?:,[^,;:!?()/\n]{0,25}\d[^;:!?()/\n]{0,12}?(?:/|\(|\s[—–-]|[.,]\s)|\s?[/(]|\.\s)"
    r"|\W{0,3}[A-Z\u0400-\u042fƏÖÜŞÇĞİ -]{3,30}(?:, \w+)?\s[—–-]{1,2}\s"
)
#: The colon behind a headline's speaker stands within so many words.
_SPEAKERS_WORDS = 7
#: The source behind a headline's last dash has fewer words than this.
_SOURCES_WORDS = 6
_DASHES = (" - ", " – ", " — ", " | ")


def clause_of(
    words: Words, first: int, last: int, verb_final: bool, openers: AbstractSet[int]
) -> tuple[int, int]:
    """The first and the last word of the clause around words `first` to `last`.

    `openers`: places of words that begin a clause by themselves, such as `while`.
    """
    parts = (_STRONG_SIGNS if verb_final else _SIGNS).search
    sentence = words.sentences[first]
    start, end = first, last
    while start and words.sentences[start - 1] == sentence and start not in openers:
        if parts(words.between(start - 1, start)):
            break
        start -= 1
    while end + 1 < len(words.words) and words.sentences[end + 1] == sentence:
        if end + 1 in openers or parts(words.between(end, end + 1)):
            break
        end += 1
    return start, end


def quoted(words: Words, until: int) -> frozenset[int]:
    """The places of those of the first `until` words that stand inside quotation marks."""
    if not until:
        return frozenset()
    text = words.source.text[: words.ends[until - 1] + 1]
    spans = [match.span() for match in _QUOTED.finditer(text)]
    return frozenset(
        at
        for at in range(until)
        if any(start < words.starts[at] and words.ends[at] < end for start, end in spans)
    )


def dateline(original: str) -> int:
    """How many characters the place and date have that an agency's text begins with."""
    found = _DATELINE.match(original[:80])
    return found.end() if found else 0


def colon(words: Words) -> int | None:
    """The word before the colon that a headline begins with a source or a speaker."""
    for at in range(min(_SPEAKERS_WORDS, len(words.words) - 1)):
        if ":" in words.between(at, at + 1):
            return at
    return None


def source_behind(words: Words, said: int) -> int:
    """Where a headline's source begins, or where the headline ends; its last verb of saying
    stands at `said`."""
    for at in range(len(words.words) - 1, max(0, len(words.words) - _SOURCES_WORDS), -1):
        between = words.between(at - 1, at)
        if any(sign in between for sign in _DASHES) or ("," in between and said >= at):
            return at
    return len(words.words)
