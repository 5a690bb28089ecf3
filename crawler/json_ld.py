"""The news article that a page describes in JSON-LD (pure)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.byline import names
from crawler.plaintext import one_line

_ARTICLE_TYPES = frozenset({"blogposting", "liveblogposting", "report", "newsarticle"})
_MAX_SCRIPT = 500_000
_MAX_NODES = 2_000


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """What schema.org's Article says; empty where it says nothing."""

    headline: str = ""
    authors: tuple[str, ...] = ()
    date_published: str = ""
    language: str = ""


def read_news_article(scripts: Iterable[str]) -> NewsArticle:
    """The first article among the scripts; an empty one if there is none."""
    for script in scripts:
        for node in _nodes(_loaded(script)):
            if _is_article(node):
                return NewsArticle(
                    headline=one_line(_string(node.get("headline")), 500),
                    authors=_names(node.get("author")),
                    date_published=_string(node.get("datePublished")),
                    language=_string(node.get("inLanguage")),
                )
    return NewsArticle()


def _loaded(script: str) -> object:
    if len(script) > _MAX_SCRIPT:
        return None
    try:
        # Line breaks inside strings are common, and not strict JSON.
        return json.loads(script.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(root: object) -> Iterator[dict[str, object]]:
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
            waiting.extend(node.get(key) for key in ("@graph", "mainEntity") if node.get(key))


def _is_article(node: dict[str, object]) -> bool:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    lowered = [n.rpartition("/")[2].lower() for n in names if isinstance(n, str)]
    return any(n in _ARTICLE_TYPES or n.endswith("article") for n in lowered)


def _names(author: object) -> tuple[str, ...]:
    people = author if isinstance(author, list) else [author]
    found: list[str] = []
    for person in people[:20]:
        name = person.get("name") if isinstance(person, dict) else person
        for one in name if isinstance(name, list) else [name]:
            words = one_line(_string(one), 200)
            if words and "://" not in words:
                found.extend(names(words))
    return tuple(dict.fromkeys(found))


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
