"""The headline of a page, as its reader sees it (pure)."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.likeness import letters, likeness
from crawler.page_marks import PageMarks, shown_text
from crawler.plaintext import one_line
from crawler.site_names import SiteNames

_MAX_TITLE = 500
_STATED = ("og:title", "twitter:title", "dc.title", "dcterms.title", "sailthru.title", "title")
_SEPARATOR = re.compile(r"\s+[|\-–—:•·»«/~›]{1,2}\s+|\s*[|｜]\s*|\s*::\s*|\s+[–—]+|:\s+|\s*_\s*|－")
#: What stands between a headline and a site that is not known by name; a colon does not.
_PLAIN_SEPARATOR = re.compile(r"\s+[|\-–—»•·]\s+")
#: ` - 28 июня 2025`, as some systems put behind every document's title.
_DATE_BEHIND = re.compile(
    r"\s+[|\-–—·]\s+\d{1,2}(?:\.\d{1,2}\.|/\d{1,2}/|\.?\s[^\W\d_]{3,12}\.?\s)\d{4}(?:\s+[|\-–—·]\s.{1,60})?$"
)
_CUT_SHORT = re.compile(r"\s*(?:\.{3}|…)$")
#: A heading that shares less than this with every stated title is not the headline.
_ALIKE = 0.28
_ALIKE_IF_MARKED = 0.12
_LONG_ENOUGH = 8
_MARKED = re.compile(r"title|head|\bhed\b|__hed", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Headline:
    """A page's title, and the element that shows it, if one does."""

    text: str
    element: HtmlElement | None = None


def headline(marks: PageMarks, described: str, sites: SiteNames) -> Headline:
    """The title as shown where an element shows one that the head states alike, else as stated.

    `described` is the headline of the page's structured data. Names of the site are left out.
    """
    stated = _stated(marks, described, sites)
    document_title = without_site(marks.document_title, sites)
    known = [*stated, *([document_title] if _is_headline(document_title, sites) else [])]
    known = list(dict.fromkeys((*known, *(_DATE_BEHIND.sub("", title) for title in known))))
    shown = _shown(marks.headings, known, sites) or _shown_elsewhere(marks.root, known)
    if shown:
        return shown
    headings = [Headline(shown_text(h1)[:_MAX_TITLE], h1) for h1 in marks.headings]
    only = [found for found in headings if _is_headline(found.text, sites)]
    anchor = only[0].element if only else None
    if stated:
        return Headline(_uncut(stated[0], known)[:_MAX_TITLE], anchor)
    if len(only) == 1 and not known:
        return only[0]
    return Headline(without_unknown_site(document_title)[:_MAX_TITLE], anchor)


def without_site(title: str, sites: SiteNames) -> str:
    """A title without the site's name before or behind it, and without the sections that stand
    between the two."""
    while True:
        pieces = list(_SEPARATOR.finditer(title))
        if not pieces:
            return title
        first, last = pieces[0], pieces[-1]
        ends_with_site = sites.names if ":" in last.group() else sites.includes
        if ends_with_site(title[last.end() :]) and title[: last.start()].strip():
            title = _without_sections(title[: last.start()].strip(), last.group())
        elif sites.names(title[: first.start()]) and title[first.end() :].strip():
            title = title[first.end() :].strip()
        else:
            return title


def without_unknown_site(title: str) -> str:
    """A document's title without a short last piece, which can only be the site's name there."""
    pieces = list(_PLAIN_SEPARATOR.finditer(title))
    if not pieces:
        return title
    head, tail = title[: pieces[-1].start()], title[pieces[-1].end() :]
    is_short = len(tail.split()) <= 4 and len(tail) * 2 <= len(head)
    return head.strip() if is_short and len(letters(head)) >= 8 else title


def _without_sections(title: str, separator: str) -> str:
    """`Headline | World | News` before ` | Site` is the headline, if it is much the longest."""
    if "|" not in separator:
        return title
    head, *sections = title.split(separator)
    are_labels = all(len(s.split()) <= 3 and len(s) * 2 < len(head) for s in sections)
    return head.strip() if are_labels else title


def _stated(marks: PageMarks, described: str, sites: SiteNames) -> list[str]:
    """The titles in the head, without the site's name; never the site's name alone.

    og:title first: where it differs from the structured headline, which is written for search
    engines, it is more often the one that is shown.
    """
    found = [text for name in _STATED for text in marks.meta.get(name, ())[:2]]
    found.insert(min(1, len(found)), described)
    cleaned = (without_site(_clean(text), sites) for text in found if text)
    kept = [text for text in cleaned if _is_headline(text, sites)]
    return list(dict.fromkeys(kept))


def _clean(text: str) -> str:
    line = one_line(text, _MAX_TITLE)
    return " ".join(html.unescape(line).split()) if "&" in line else line


def _is_headline(text: str, sites: SiteNames) -> bool:
    return len(letters(text)) >= 2 and not sites.includes(text)


def _shown(headings: Iterable[HtmlElement], known: list[str], sites: SiteNames) -> Headline | None:
    """The heading that is most like one of the known titles, the first of equals."""
    best, best_score = None, 0.0
    for heading in headings:
        least = _ALIKE_IF_MARKED if _is_marked(heading) else _ALIKE
        for text in _readings(heading):
            if not _is_headline(text, sites):
                continue
            score = max((likeness(text, title) for title in known), default=0.0)
            if score >= least and score > best_score:
                best, best_score = Headline(text, heading), score
    if best is None:
        return None
    return Headline(_as_punctuated(best.text, known)[:_MAX_TITLE], best.element)


def _is_marked(heading: HtmlElement) -> bool:
    named = " ".join(filter(None, map(heading.get, ("class", "id", "itemprop"))))
    return bool(_MARKED.search(named))


def _readings(heading: HtmlElement) -> Iterator[str]:
    """A heading's words, and the same without each of the labels that may stand in it."""
    whole = shown_text(heading)
    yield whole
    own = "".join((heading.text or "", *(child.tail or "" for child in heading)))
    if len(heading) > 1 and own.strip():
        yield " ".join(own.split())
    for child in heading:
        label = shown_text(child) if isinstance(child.tag, str) else ""
        if label and label != whole:
            if whole.startswith(label):
                yield whole[len(label) :].lstrip(" :|–—-•·")
            if whole.endswith(label):
                yield whole[: -len(label)].rstrip(" :|–—-•·")
            yield label


def _as_punctuated(shown: str, known: list[str]) -> str:
    """Two lines of a heading are one title with the colon, or at least the space, that its head
    has between them."""
    for title in known:
        if letters(title) != letters(shown):
            continue
        if title.count(":") > shown.count(":") or len(title.split()) > len(shown.split()):
            return title
    return shown


def _shown_elsewhere(root: HtmlElement, known: list[str]) -> Headline | None:
    """A headline that is set as another element: only if it says just what the head says."""
    wanted = {letters(title) for title in known if len(letters(title)) >= _LONG_ENOUGH}
    longest = max(map(len, known), default=0) + _LONG_ENOUGH
    if not wanted:
        return None
    for element in root.iter("h2", "h3", "h4", "div", "span", "p", "td", "strong", "b", "font"):
        if element.getparent().tag == "a":
            continue  # the ticker of news, more often than not
        own = "".join((element.text or "", *(child.tail or "" for child in element)))
        text = own if element.tag[0] != "h" else shown_text(element)
        if _LONG_ENOUGH <= len(text) <= 2 * longest and letters(text) in wanted:
            return Headline(_as_punctuated(" ".join(text.split()), known), element)
    return None


def _uncut(title: str, known: Iterable[str]) -> str:
    """The whole of a title that ends in dots, where another statement goes on."""
    start = _CUT_SHORT.sub("", title)
    if start == title:
        return title
    longer = (t for t in known if len(t) > len(title) and t.startswith(start))
    return next(longer, title)
