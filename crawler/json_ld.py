"""The news article that a page describes in JSON-LD (pure)."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawler.likeness import letters
from crawler.plaintext import one_line

_ARTICLE_TYPES = frozenset({"blogposting", "liveblogposting", "report", "newsarticle"})
# What else may state when a page appeared and who wrote it, where no article is described.
_PAGE_TYPES = frozenset({"webpage", "medicalwebpage", "claimreview", "itempage"})
_SITE_TYPES = frozenset({"website", "organization", "newsmediaorganization"})
_ORGANISATIONS = ("organization", "organisation", "corporation", "website", "brand")
_INNER = ("@graph", "mainEntity", "itemReviewed")
_MAX_SCRIPT = 500_000
_MAX_NODES = 2_000
_MAX_PEOPLE = 20

_BROKEN_DATE = re.compile(r'"datePublished"\s{0,9}:\s{0,9}"([^"]{8,40})"')
_BROKEN_HEADLINE = re.compile(r'"headline"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.){3,400})"\s{0,9}[,}\n]')
_BROKEN_AUTHOR = re.compile(
    r'"author"\s{0,9}:\s{0,9}\[?\s{0,40}\{[^{}]{0,300}?"name"\s{0,9}:\s{0,9}"([^"\\]{2,100})"'
)

Node = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """What schema.org's Article says; empty where it says nothing.

    `authors` are names as they are stated, `organisations` those among them that are no people.
    `dates` are the publication as it, and then the page that holds it, state it. `sites` are the
    names of the publisher and of the website.
    """

    headline: str = ""
    authors: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    language: str = ""
    body: str = ""
    free: bool | None = None
    sites: tuple[str, ...] = ()


def read_news_article(
    scripts: Iterable[str], url: str = "", document_title: str = ""
) -> NewsArticle:
    """The article that the page at `url` is about, among all that its scripts describe."""
    scripts = tuple(scripts)
    nodes = [node for script in scripts for node in _nodes(_loaded(script))]
    by_id = {i: node for node in nodes if isinstance(i := node.get("@id"), str) and len(node) > 1}
    sites = _site_names(nodes, by_id)
    own = _own(nodes, url, document_title)
    pages = [node for node in nodes if _kinds(node) & _PAGE_TYPES]
    found = _article(own, by_id) if own is not None else _salvaged(scripts)
    for page in pages:
        if url and _addresses(page) and not _is_about(page, url):
            continue
        found = _completed(found, _article(page, by_id))
    return replace(found, sites=sites)


def _own(nodes: list[Node], url: str, document_title: str) -> Node | None:
    """The article of this very page: the one with its address, else with its title, else the
    first."""
    articles = [node for node in nodes if _is_article(node)]
    if len(articles) < 2:
        return articles[0] if articles else None
    title = letters(document_title)

    def fit(node: Node) -> tuple[bool, bool, bool]:
        headline = letters(one_line(_string(node.get("headline")), 500))
        return (
            _is_about(node, url),
            bool(headline) and (headline in title or title in headline),
            bool(headline) and bool(node.get("datePublished")),
        )

    return max(articles, key=fit)


def _article(node: Node, by_id: Mapping[str, Node]) -> NewsArticle:
    people, organisations = _authors(node.get("author") or node.get("creator"), by_id)
    return NewsArticle(
        headline=_line(node.get("headline"), 500),
        authors=people,
        organisations=organisations,
        dates=tuple(filter(None, [_string(node.get("datePublished"))])),
        language=_string(node.get("inLanguage")),
        body=_string(node.get("articleBody")),
        free=_truth(node.get("isAccessibleForFree")),
    )


def _completed(article: NewsArticle, page: NewsArticle) -> NewsArticle:
    """What the article leaves open, as the page that holds it states it."""
    anyone = article.authors or article.organisations
    return replace(
        article,
        authors=article.authors if anyone else page.authors,
        organisations=article.organisations if anyone else page.organisations,
        dates=tuple(dict.fromkeys((*article.dates, *page.dates))),
        language=article.language or page.language,
        free=page.free if article.free is None else article.free,
    )


def _salvaged(scripts: Iterable[str]) -> NewsArticle:
    """The plain statements of a script that is broken JSON, as one in fifty is."""
    for script in scripts:
        if len(script) > _MAX_SCRIPT or ("rticle" not in script and "BlogPosting" not in script):
            continue
        day, headline = _BROKEN_DATE.search(script), _BROKEN_HEADLINE.search(script)
        author = _BROKEN_AUTHOR.search(script)
        if day or headline or author:
            return NewsArticle(
                headline=_line(headline.group(1).replace('\\"', '"'), 500) if headline else "",
                authors=(_line(author.group(1), 200),) if author else (),
                dates=(day.group(1),) if day else (),
            )
    return NewsArticle()


def _loaded(script: str) -> object:
    script = script.strip().removeprefix("<!--").removeprefix("<![CDATA[").lstrip()
    if len(script) > _MAX_SCRIPT:
        return None
    try:
        # Line breaks inside strings are common, and not strict JSON; so is something behind it.
        return json.JSONDecoder(strict=False).raw_decode(script)[0]
    except (ValueError, RecursionError):
        return None


def _nodes(root: object) -> Iterator[Node]:
    """Objects at the top, in lists and in @graph; not those that an article merely mentions."""
    waiting = [root]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting.extend(node[:_MAX_NODES])
        elif isinstance(node, dict):
            yield node
            waiting.extend(node.get(key) for key in _INNER if node.get(key))


def _kinds(node: Node) -> set[str]:
    kinds = node.get("@type")
    stated = kinds if isinstance(kinds, list) else [kinds]
    return {k.rpartition("/")[2].rpartition(":")[2].lower() for k in stated if isinstance(k, str)}


def _is_article(node: Node) -> bool:
    return any(kind in _ARTICLE_TYPES or kind.endswith("article") for kind in _kinds(node))


def _addresses(node: Node) -> list[str]:
    found: list[str] = []
    for value in (node.get("url"), node.get("@id"), node.get("mainEntityOfPage")):
        inner = [value.get("@id"), value.get("url")] if isinstance(value, dict) else [value]
        found += [text for text in inner if isinstance(text, str)]
    return found


def _is_about(node: Node, url: str) -> bool:
    """Whether one of a node's addresses leads to the page, on whatever host and scheme."""
    path = _path(url)
    return bool(path) and any(_path(address) == path for address in _addresses(node))


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.strip("/")
    except ValueError:
        return ""


def _authors(stated: object, by_id: Mapping[str, Node]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of people, and those of organisations."""
    people: list[str] = []
    organisations: list[str] = []
    for author in (stated if isinstance(stated, list) else [stated])[:_MAX_PEOPLE]:
        node = _resolved(author, by_id)
        name = node.get("name") if isinstance(node, dict) else node
        kinds = _kinds(node) if isinstance(node, dict) else set()
        of_people = not any(kind.endswith(_ORGANISATIONS) for kind in kinds)
        for one in (name if isinstance(name, list) else [name])[:_MAX_PEOPLE]:
            if words := _line(one, 200):
                (people if of_people else organisations).append(words)
    return tuple(dict.fromkeys(people)), tuple(dict.fromkeys(organisations))


def _resolved(author: object, by_id: Mapping[str, Node]) -> object:
    """The node that a mere reference names, else what was stated."""
    reference = author.get("@id") if isinstance(author, dict) and not author.get("name") else author
    known = by_id.get(reference) if isinstance(reference, str) else None
    return author if known is None else dict(known)


def _site_names(nodes: Iterable[Node], by_id: Mapping[str, Node]) -> tuple[str, ...]:
    found: list[str] = []
    for node in nodes:
        if _kinds(node) & _SITE_TYPES:
            found += [_line(node.get("name"), 100), _line(node.get("alternateName"), 100)]
        publisher = _resolved(node.get("publisher"), by_id)
        if isinstance(publisher, dict):
            found.append(_line(publisher.get("name"), 100))
    return tuple(dict.fromkeys(name for name in found if name))


def _line(value: object, limit: int) -> str:
    text = one_line(_string(value), limit)
    # Escaped for HTML once more than JSON asks for, in one of ten.
    return " ".join(html.unescape(text).split()) if "&" in text else text


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _truth(value: object) -> bool | None:
    """A statement of true or false, as JSON or in words as the validators of search engines
    read it; None where it is neither."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().rpartition("/")[2].lower())
    return value if isinstance(value, bool) else None
