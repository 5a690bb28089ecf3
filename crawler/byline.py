"""Who wrote it: one stated byline to names (pure)."""

import html
import re
from collections.abc import Iterable, Iterator

from crawler.byline_words import (
    AFFILIATION,
    AND,
    AND_OF_ONE_LETTER,
    DEGREE,
    GENERATION,
    LOGIN,
    PICTURE,
    ROLE,
    SURE_LEADS,
    VISIBLE_LEADS,
)
from crawler.month_names import calendar_words

_MAX_BYLINE = 400
_MAX_NAME = 70
_MAX_WORDS = 6
_SURE_LEAD = re.compile(rf"(?:{'|'.join(SURE_LEADS)})(?:\s*[:：՝]\s*|\s+)", re.IGNORECASE)
_LABEL = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,2}\s*[:：՝]\s*")
# `文/` and `文｜` before a name, `기자` and `記者` behind it.
_CJK_LEAD = re.compile(r"(?:(?:文|글)\s*[/／|｜:：]|(?:作者|记者|記者)\s*[/／|｜:：]?)\s*(?=\S)")
_CJK_ROLE = re.compile(r"(?<=\S)\s*(?:기자|記者|记者|特派员|編集委員)$")
_NOISE = re.compile(r"\S+@\S+|@\w+|https?://\S+|www\.\S+|\([^)]*\)?|\[[^\]]*\]?|[\"“”«»„]")
_DIGIT = re.compile(r"(?<!\w)\d")
_AND = "|".join(dict.fromkeys(AND))
_BETWEEN = re.compile(rf"\s*[;；、•·|｜/／\n]\s*|\s+(?:{_AND}|&)\s+", re.IGNORECASE)
_AND_OF_ONE_LETTER = re.compile(
    rf"(?<=\S)\s+(?:{'|'.join(AND_OF_ONE_LETTER)})\s+(?=[^\W\d_]\S*\s+\S)"
)
# A dash or a full stop after a whole word leads to where the person works.
_BEHIND = re.compile(r"\s+[-–—]+\s*|\s*[–—]\s+|(?<=[^\W\d_]{3})[.]\s+|\s+для\s+|\s+for\s+|\s+in\s+")
_COMMA = re.compile(r"\s*[,،，]\s*")
_BEFORE_DATES = frozenset(
    ("", "on", "at", "в", "am", "le", "el", "il", "published", "posted", "updated", "опубликовано")
)
_EDGES = " \t,.:;-–—|•·/\\*'’՝›»«"
_DOMAIN = re.compile(
    r"\w\.(?:com|org|net|ru|az|tr|am|ge|ua|info|tv|news|co|de|fr|it|es|uk|[a-z]{2})\b"
)


def names(byline: str) -> tuple[str, ...]:
    """The people (or agencies) that structured data states in one text: `By Anna Bell; Carl Dunn
    and Eve Fox, Staff Writer`; roles, places of work, addresses and logins are left out."""
    said = html.unescape(byline[:_MAX_BYLINE]) if "&" in byline else byline[:_MAX_BYLINE]
    found = tuple(dict.fromkeys(_people(_without_lead(_NOISE.sub(" ", said)))))
    if not any(_is_like_person(name) for name in found):
        return found
    return tuple(name for name in found if " " not in name or not AFFILIATION.search(name))


def names_in_byline(shown: str, language: str | None = None) -> tuple[str, ...]:
    """The same of a line that a reader sees: with `Von` or `Par` before it, as the page's language
    has it, and a date behind it."""
    said = _without_lead(_NOISE.sub(" ", shown[:_MAX_BYLINE]).strip())
    for lead in VISIBLE_LEADS.get(language or "", ()):
        if said.casefold().startswith(f"{lead} "):
            said = said[len(lead) :].lstrip()
    if date := _DIGIT.search(said):
        said = _without_calendar_words(said[: date.start()], calendar_words(language))
    found = tuple(dict.fromkeys(_people(said)))
    people = tuple(name for name in found if _is_like_person(name))
    # Beside people an agency or a role is where they work.
    return people or found


def looks_like_people(found: Iterable[str]) -> bool:
    """Whether every name is one that a person may have: two to four words, each capitalised where
    the script has capitals."""
    found = tuple(found)
    return bool(found) and all(_is_like_person(name) for name in found)


def _is_like_person(name: str) -> bool:
    words = name.split()
    if not 2 <= len(words) <= 4 or AFFILIATION.search(name) or ROLE.search(name):
        return False
    long_words = [word for word in words if len(word) > 3]
    return all(not word[0].islower() for word in long_words)


def _without_lead(said: str) -> str:
    said = " ".join(said.split())
    for lead in (_SURE_LEAD, _LABEL, _CJK_LEAD):
        found = lead.match(said)
        if found and not PICTURE.search(found.group()):
            said = said[found.end() :]
    return said


def _without_calendar_words(said: str, named: frozenset[str]) -> str:
    words = said.split()
    while words and (last := words[-1].strip(_EDGES).casefold()) in named | _BEFORE_DATES:
        words.pop()
        if last and last not in named:
            break
    return " ".join(words)


def _people(said: str) -> Iterator[str]:
    for part in _BETWEEN.split(said):
        if PICTURE.search(part):
            continue
        for smaller in _AND_OF_ONE_LETTER.split(part):
            yield from _between_commas(_BEHIND.split(smaller.strip(_EDGES))[0])


def _between_commas(part: str) -> Iterator[str]:
    """`Anna Bell, Carl Dunn` are two; `Anna Bell, Reuters` and `Anna Bell, PhD` are one, and
    `Bell, Anna` stays as it is."""
    pieces = [piece for piece in (p.strip(_EDGES) for p in _COMMA.split(part)) if piece]
    if len(pieces) == 2 and all(" " not in p and not p.isupper() for p in pieces):
        whole = ", ".join(pieces)
        if not AFFILIATION.search(whole) and not ROLE.search(whole):
            yield whole
            return
    first_words = len(pieces[0].split()) if pieces else 0
    for place, piece in enumerate(pieces):
        if place and _adds_to_name(piece, first_words):
            continue
        if name := _name(piece):
            yield name


def _adds_to_name(piece: str, first_words: int) -> bool:
    if GENERATION.fullmatch(piece):
        return True
    if first_words < 2:
        return False
    return (
        " " not in piece
        or bool(DEGREE.fullmatch(piece))
        or bool(AFFILIATION.search(piece) or ROLE.search(piece) or _DOMAIN.search(piece))
    )


def _name(piece: str) -> str:
    name = _CJK_ROLE.sub("", piece).strip(_EDGES)
    is_one = name and len(name) <= _MAX_NAME and len(name.split()) <= _MAX_WORDS
    has_letters = any(c.isalpha() for c in name)
    if not is_one or not has_letters or LOGIN.fullmatch(name) or _DOMAIN.search(name):
        return ""
    return _before_role(name)


def _before_role(name: str) -> str:
    """`Anna Bell` of `Anna Bell Senior Reporter`; nothing of a role alone."""
    role = ROLE.search(name)
    if role is None:
        return name
    before = name[: role.start()].strip(_EDGES)
    return before if looks_like_people((before,)) else name
