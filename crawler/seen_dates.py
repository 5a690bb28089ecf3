"""Dates that stand around the headline for the reader, outside sentences (pure)."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from lxml.html import HtmlElement

from crawler.byline import looks_like_people, names_in_byline
from crawler.month_names import calendar_words
from crawler.near_headline import before, behind, from_start, is_in_teaser
from crawler.page_marks import shown_text
from crawler.written_dates import WrittenDate, written_dates

#: How many elements are looked at where there is no headline to start from.
_WITHOUT_HEADING = 200
_MAX_LINE = 140
_MAX_LETTERS_BESIDE = 70
_MAX_LETTERS_UNMARKED = 4
#: A line among the first behind the headline may name who wrote it, besides when.
_CLOSE, _LETTERS_IN_BYLINE = 8, 35
_DATED = re.compile(
    r"date|time|publi|posted|stamp|meta|info|byline|detail|tarix|tarih|data\b|datum|fecha|дата",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"comment|related|sidebar|recirc|widget|footer|menu|popular|latest|teaser|recommend|weather|"
    r"currency|copyright|calendar|clock|today|current|breaking|ticker|lastnews|last-news|most-|tweet|embed",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE = re.compile(r"[^\W\d_]{3}[.!?।。]$")
_LABEL = re.compile(r"(?:[^\W\d_]+\s){0,2}[^\W\d_]+\s*[:：՝]")
_UPDATED = re.compile(
    r"updat|modified|обновл|измен|оновлен|güncelle|yenilə|թարմաց|განახლ|به.?روز|تحديث|آخر|actualiz"
    r"|atualiz|mis à jour|màj|aktualis|aktualiz|aggiorna|bijgewerkt|gewijzigd|oppdater|opdater"
    r"|uppdater|frissít|päivitet|ενημερώ|diperbarui|cập nhật|更新|수정|업데이트|עודכן",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"publi\w*|posted|on|at|am|le|el|em|il|den|the|опубл\w*|дата|размещен\w*|розміщен\w*|veröff\w*|erstellt"
    r"|yayın\w*|tarihi?|dərc|tarixi?|saat|giriş|հրապարակ\w*|გამოქვეყნ\w*|თარიღი|تاریخ|انتشار|نشر"
    r"|\w*اریخ|geplaatst|pubblicat\w*|opublik\w*|dodano|zveřejn\w*|publiko\w*|objav\w*|megjelen\w*"
    r"|julkaistu|publicerad|δημοσ\w*|diterbitkan|tayang|đăng|lúc|ngày|เผยแพร่|発行|公開|発表|发布|發布|时间|時間"
    r"|来源|입력|등록|פורסם\w*|প্রকাশ\w*|ET|пуб\w*|жарияла\w*|e'lon|uhr|г|ч|год\w*|в|u|klo|kl|ora|ore|à|a|às|las|óra|wib|มี|น",
    re.IGNORECASE,
)
_NO_CONTENT = (
    "script",
    "style",
    "noscript",
    "svg",
    "option",
    "select",
    "footer",
    "nav",
    "template",
)


def seen_dates(
    root: HtmlElement, heading: HtmlElement | None, language: str | None, month_first: bool | None
) -> tuple[datetime | date, ...]:
    """The dates of the element nearest to the headline that shows one; without a headline, of the
    first in the page. Dates of an update are left out."""
    for place, element in enumerate(_by_nearness(root, heading)):
        unmarked = _LETTERS_IN_BYLINE if heading is not None and place < _CLOSE else 0
        found = _dates_in(element, language, month_first, unmarked)
        if found and not is_in_teaser(element, heading):
            return found
    return ()


def says_updated(words: str) -> bool:
    """Whether words before a date say that it is one of an update, in whatever language."""
    return bool(_UPDATED.search(words))


def _by_nearness(root: HtmlElement, heading: HtmlElement | None) -> Iterator[HtmlElement]:
    """By turns behind the headline and before it: today's date stands far before it, the dates of
    other articles far behind."""
    if heading is None:
        yield from islice(from_start(root), _WITHOUT_HEADING)
        return
    later, earlier = behind(heading), before(heading)
    for elements, count in ((later, 8), (earlier, 4), (later, 12), (earlier, 8), (later, 20),
                            (earlier, 13), (later, 120)):  # fmt: skip
        yield from islice(elements, count)


def _dates_in(
    element: HtmlElement, language: str | None, month_first: bool | None, unmarked: int
) -> tuple[datetime | date, ...]:
    if element.tag in _NO_CONTENT:
        return ()
    named = _names(element)
    is_marked = element.tag == "time" or bool(_DATED.search(named))
    line = shown_text(element, _MAX_LINE + 1) if is_marked else _own_text(element)
    if not any(c.isdigit() for c in line) or len(line) > _MAX_LINE:
        return ()
    dates = written_dates(line, language, month_first)
    if not dates or _is_elsewhere(element):
        return ()
    beside = _letters_beside(line, dates, language)
    allowed = _MAX_LETTERS_BESIDE if is_marked else _MAX_LETTERS_UNMARKED
    is_line = beside <= unmarked and (_is_byline(line, language) or _is_led(line, dates, language))
    if beside > allowed and not is_line:
        return ()
    return tuple(_not_updated(line, dates))


def _own_text(element: HtmlElement) -> str:
    pieces = [element.text or "", *(child.tail or "" for child in element)]
    return " ".join(" ".join(pieces).split())


def _letters_beside(line: str, dates: tuple[WrittenDate, ...], language: str | None) -> int:
    """How many letters are neither of the dates nor of words that go with a date."""
    rest = line
    for found in reversed(dates):
        rest = rest[: found.start] + " " + rest[found.end :]
    words = _WORD.findall(_LABEL.sub(" ", rest).lower())
    days = calendar_words(language)
    return sum(len(w) for w in words if w not in days and not _PUBLISHED.fullmatch(w))


def _is_led(line: str, dates: tuple[WrittenDate, ...], language: str | None) -> bool:
    """Whether a line begins with its date, or with a word that leads to one, and is no sentence."""
    before = WrittenDate(dates[0].stated, dates[0].start, len(line))
    return not _SENTENCE.search(line) and not _letters_beside(line, (before,), language)


def _is_byline(line: str, language: str | None) -> bool:
    return looks_like_people(names_in_byline(line, language))


def _not_updated(line: str, dates: tuple[WrittenDate, ...]) -> Iterator[datetime | date]:
    last_end = 0
    for found in dates:
        if not says_updated(line[last_end : found.start]):
            yield found.stated
        last_end = found.end


def _is_elsewhere(element: HtmlElement) -> bool:
    near = (element, *islice(element.iterancestors(), 6))
    return any(e.tag in ("footer", "nav") or _ELSEWHERE.search(_names(e)) for e in near)


def _names(element: HtmlElement) -> str:
    if element.tag in ("body", "html"):
        return ""
    return " ".join(filter(None, map(element.get, ("class", "id", "itemprop"))))
