"""The authors of a page: whom its structured data, its head or its visible byline names (pure)."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from crawler.byline import looks_like_people, names, names_in_byline
from crawler.byline_words import AFFILIATION
from crawler.json_ld import NewsArticle
from crawler.likeness import letters
from crawler.near_headline import before, behind
from crawler.page_marks import PageMarks, shown_text
from crawler.site_names import SiteNames

_PIECES = re.compile(r"\s+[|\-–—·»]\s+")
_MAX_AUTHORS = 20
_MAX_BYLINE = 160
_META = (
    "author",
    "article:author",
    "article:author_name",
    "og:article:author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "parsely-author",
    "sailthru.author",
    "mediator_author",
    "article_author",
    "citation_author",
)
_CLASSES = ("[Aa]uthor", "[Bb]yline", "avtor", "mu[ae]llif", "yazar", "autor", "auteur", "writer",
            "reporter", "journalist")  # fmt: skip
_CLASS = re.compile("|".join(_CLASSES))
_BYLINES = etree.XPath(
    './/*[@rel="author" or contains(@class,"uthor") or contains(@class,"yline")]'
)
#: Of other articles, of readers, or of nobody.
_ELSEWHERE = re.compile(
    r"comment|related|sidebar|recirc|(?<!post-)(?<!entry-)(?<!article-)footer|navig|menu|(?<!no-)promo|popular|latest|teaser|trending"
    r"|most-read|recommend|newsletter|statement",
    re.IGNORECASE,
)
_BESIDE_NAME = re.compile(
    r"share|social|avatar|bio\b|desc|image|thumb|title|twitter", re.IGNORECASE
)
_NAMED = re.compile(r"(?:author|byline|autor)\w*?[-_]{1,2}(?:name|link|url)|\bfn\b", re.IGNORECASE)
_LABELLED = re.compile(
    r"\s*(?:автор(?:ы|и)?|текст|müəllif|yazan|haber|հեղինակ|ავტორი|نویسنده|الكاتب|بقلم"
    r"|autor(?:a|es)?|author|written by|作者|记者|記者)\s*[:：՝]\s*",
    re.IGNORECASE,
)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:es|en|i)?|auteurs?|profiles?|yazar(?:lar)?|writers?|journalists?|reporters?"
    r"|staff|columnists?|contributors?|avtor\w*)/[^/?#]{3}",
    re.IGNORECASE,
)
_COLON = re.compile("[:：՝]")
_LED = re.compile(
    r"\s*(?:by|von|par|por|di|door|av|af|автор|текст|yazan|müəllif|autor|od|oleh|text|tekst|teksti"
    r"|szerző|írta|autors|autorius|muallif|հեղինակ|ავტორი|συντάκτης|γράφει|מאת|بقلم|نویسنده|लेखक"
    r"|লেখক|โดย|penulis|tác giả|作者|文)(?!\w)",
    re.IGNORECASE,
)
_MAX_BYLINES = 80
#: How many elements before and behind the headline a byline may stand away.
_BEFORE, _BEHIND, _CLOSE_BEHIND = 20, 80, 30
#: Where pages whose classes are made by a machine say what a part is.
_NAMING = ("class", "data-testid", "data-component")
_NO_LINE = ("script", "style", "meta", "link", "img", "body", "article", "main", "section", "ins")


def authors(
    marks: PageMarks,
    article: NewsArticle,
    sites: SiteNames,
    language: str | None,
    heading: HtmlElement | None,
) -> tuple[str, ...]:
    """Names of people, or of an agency where it alone is named; the site's own name only where
    the reader sees it in place of a name."""
    stated = _people(article.authors, sites) or _people(_in_head(marks), sites)
    if len(stated) > 1:
        stated = _without_ends_of_title(stated, marks.document_title)
    if len(stated) > 1:
        return stated[:_MAX_AUTHORS]
    seen = _near(heading, language) if heading is not None else ()
    shown = _without_sites(seen, sites)
    if stated:
        is_better = _completes(stated, shown) or _names_people_behind(stated, shown)
        return (shown if is_better else stated)[:_MAX_AUTHORS]
    seen = seen or _anywhere(marks.root, language)
    agencies = _people(article.organisations, sites)
    own = _shown_of((*article.authors, *_in_head(marks)), heading)
    return (_without_sites(seen, sites) or agencies or seen or own)[:_MAX_AUTHORS]


def _people(stated: Iterable[str], sites: SiteNames) -> tuple[str, ...]:
    found = [name for text in stated if "://" not in text for name in names(text)]
    return _without_sites(found, sites)


def _without_sites(found: Iterable[str], sites: SiteNames) -> tuple[str, ...]:
    by_letters = {
        letters(name): name for name in reversed(tuple(found)) if not _is_site(name, sites)
    }
    return tuple(reversed(by_letters.values()))


def _is_site(name: str, sites: SiteNames) -> bool:
    """Whether it is the site that is named; a person may have a site of a similar name."""
    return sites.names(name) or (sites.includes(name) and not looks_like_people((name,)))


def _without_ends_of_title(stated: tuple[str, ...], title: str) -> tuple[str, ...]:
    """Without whom the document's title names first or last: that is the site, beside others."""
    pieces = _PIECES.split(title)
    ends = {letters(pieces[0]), letters(pieces[-1])} if len(pieces) > 1 else set()
    return tuple(name for name in stated if letters(name) not in ends) or stated


def _shown_of(stated: Iterable[str], heading: HtmlElement | None) -> tuple[str, ...]:
    """Those of the stated names that stand alone behind the headline, where readers see them."""
    wanted = {letters(name): name for name in stated if "://" not in name}
    if heading is None or not wanted:
        return ()
    for element in islice(behind(heading), _CLOSE_BEHIND):
        if element.text and (name := wanted.get(letters(element.text[:_MAX_BYLINE]))):
            return names(name)
    return ()


def _in_head(marks: PageMarks) -> Iterable[str]:
    return next((marks.meta[name] for name in _META if _is_name(marks.meta.get(name))), ())


def _is_name(contents: list[str] | None) -> bool:
    return bool(contents) and any("://" not in x and not x.startswith("@") for x in contents or ())


def _completes(stated: tuple[str, ...], shown: tuple[str, ...]) -> bool:
    """Whether the visible byline names all that is stated and more people besides."""
    known = {letters(name) for name in stated}
    seen = {letters(name) for name in shown}
    return known < seen and looks_like_people(shown)


def _names_people_behind(stated: tuple[str, ...], shown: tuple[str, ...]) -> bool:
    """Whether an agency alone is stated, and the visible byline names people."""
    return bool(AFFILIATION.search(" ".join(stated))) and looks_like_people(shown)


def _near(heading: HtmlElement, language: str | None) -> tuple[str, ...]:
    around = [*islice(before(heading), _BEFORE), *islice(behind(heading), _BEHIND)]
    found = _first_byline([e for e in around if _is_byline(e)], language)
    return found or _led_line(heading, language)


def _led_line(heading: HtmlElement, language: str | None) -> tuple[str, ...]:
    """The people of a short line behind the headline that begins with `By`, in an element that
    nothing marks as a byline."""
    for element in islice(behind(heading), _CLOSE_BEHIND):
        if not element.text or not _LED.match(element.text):
            continue
        for line in (element, element.getparent()):
            text = shown_text(line, _MAX_BYLINE + 1)
            if len(text) > _MAX_BYLINE or not _LED.match(text):
                continue
            if looks_like_people(found := names_in_byline(text, language)):
                return found
    return ()


def _anywhere(root: HtmlElement, language: str | None) -> tuple[str, ...]:
    found = [e for e in _BYLINES(root)[:_MAX_BYLINES] if e.tag not in _NO_LINE and _is_here(e)]
    return _first_byline(found, language) or _labelled(root, language)


def _is_byline(element: HtmlElement) -> bool:
    attributes = element.attrib
    is_marked = (
        any((named := attributes.get(a)) and _CLASS.search(named) for a in _NAMING)
        or attributes.get("rel") == "author"
        or attributes.get("itemprop") in ("author", "creator")
        or (element.tag == "a" and _AUTHOR_PAGE.search(attributes.get("href") or ""))
    )
    return bool(is_marked) and element.tag not in _NO_LINE and _is_here(element)


def _first_byline(found: list[HtmlElement], language: str | None) -> tuple[str, ...]:
    """The names of the first byline: in the most exact elements, in the innermost ones, or in
    whole lines, whichever names the most people."""
    exact = [e for e in found if e.get("rel") == "author" or _NAMED.search(e.get("class") or "")]
    containers = {id(a) for e in found for a in e.iterancestors()}
    innermost = [e for e in found if id(e) not in containers]
    readings = [_first_together(group, language) for group in (exact, innermost, found)]
    of_people = [names for names in readings if looks_like_people(names)]
    apart = _apart(found, language)
    if of_people:
        best = max(of_people, key=len)
        return apart if len(best) == 1 and _has_run_together(best[0], apart) else best
    anyone: tuple[str, ...] = next(filter(None, readings), ())
    return apart if anyone and _has_run_together(anyone[0], apart) else apart[:1] or anyone


def _apart(found: list[HtmlElement], language: str | None) -> tuple[str, ...]:
    """The people whom the innermost elements of the first byline name, each alone."""
    for element in found[:3]:
        if len(shown_text(element, _MAX_BYLINE + 1)) > _MAX_BYLINE:
            continue
        leaves = [e for e in element.iter() if not len(e) and isinstance(e.tag, str) and e.text]
        lines = [names_in_byline(leaf.text or "", language) for leaf in leaves]
        if people := _without_longer(
            [n for line in lines for n in line if looks_like_people((n,))]
        ):
            return people
    return ()


def _has_run_together(name: str, apart: tuple[str, ...]) -> bool:
    """Whether one name is two that no word and no sign divides, with a lead perhaps; or is one
    with the beginning of what stands behind it."""
    whole, parts = letters(name), [letters(part) for part in apart]
    if len(parts) > 1:
        return whole.endswith("".join(parts))
    return (
        bool(parts)
        and whole != parts[0]
        and whole.startswith(parts[0])
        and apart[0] + " " not in name
    )


def _first_together(group: list[HtmlElement], language: str | None) -> tuple[str, ...]:
    """The names in the first element that has any, and in those that share its short line."""
    people: list[str] = []
    line_around: HtmlElement | None = None
    for element in group:
        if line_around is not None and line_around not in element.iterancestors():
            continue
        line = shown_text(element, _MAX_BYLINE + 1)
        if not line or len(line) > _MAX_BYLINE:
            continue
        if found := names_in_byline(line, language):
            people += found
            line_around = line_around if line_around is not None else _line_around(element)
    return _without_longer(people)


def _without_longer(people: list[str]) -> tuple[str, ...]:
    """Without lines that were not understood: a name with more words around it, beside the name."""
    distinct = tuple(dict.fromkeys(people))
    return tuple(n for n in distinct if not any(o != n and o in n for o in distinct))


def _line_around(element: HtmlElement) -> HtmlElement:
    """The widest of the nearest ancestors that is still no longer than a byline."""
    widest = element
    for ancestor in islice(element.iterancestors(), 3):
        if len(shown_text(ancestor, _MAX_BYLINE + 1)) > _MAX_BYLINE:
            break
        widest = ancestor
    return widest


def _is_here(element: HtmlElement) -> bool:
    if _BESIDE_NAME.search(_named(element)):
        return False
    for near in islice((element, *element.iterancestors()), 7):
        if near.tag == "body":
            return True
        if near.tag == "nav" or (near.tag == "footer" and not _is_in_article(near)):
            return False
        if _ELSEWHERE.search(_named(near)):
            return False
    return True


def _is_in_article(element: HtmlElement) -> bool:
    return any(ancestor.tag in ("article", "main") for ancestor in element.iterancestors())


def _named(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _labelled(root: HtmlElement, language: str | None) -> tuple[str, ...]:
    """The names of a short line that begins with `Author:` in one of the languages."""
    for element in root.iter("p", "div", "span", "strong", "em", "b", "i", "li", "br"):
        text = element.text if element.tag != "br" else element.tail
        if text and len(text) < _MAX_BYLINE and _COLON.search(text) and _LABELLED.match(text):
            for line in _lines(element):
                if len(line) <= 80 and (found := names_in_byline(line, language)):
                    return found
    return ()


def _lines(element: HtmlElement) -> Iterator[str]:
    if element.tag == "br":
        yield _LABELLED.sub("", element.tail or "")
        return
    yield _LABELLED.sub("", shown_text(element))
    yield element.tail or ""
    if (following := element.getnext()) is not None:
        yield shown_text(following)
