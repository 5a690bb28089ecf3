"""Which addresses lead to the same article (pure).

An address leads to at most one article, and straight to it: never over a third one, and never in a
circle. What a page says first stands: where /a says that it is /b, and /b later that it is /a, both
are /b. An address that leads on to another article today than it did yesterday (`/latest`) keeps
leading to yesterday's, so that the two are not taken for one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crawler.article import Article
from crawler.urls import is_front_page
from worker.keys import article_key

#: What more addresses than this lead to is no article: a log-in form, a page for all that is gone.
MOST_ALIASES = 32


@dataclass(frozen=True, slots=True)
class Link:
    """An address turned out to lead to another one; both are canonical."""

    alias: str
    canonical_url: str


def links_of(articles: Iterable[Article]) -> list[Link]:
    """What these articles' aliases say, in the order in which they were read."""
    with_aliases = sorted((a for a in articles if a.aliases), key=_when)
    return [Link(alias, a.canonical_url) for a in with_aliases for alias in a.aliases]


def _when(article: Article) -> tuple[object, str]:
    return article.fetched, article.canonical_url


class Addresses:
    """Where addresses lead: what is `known` (article's canonical URL by alias key), and what is
    learnt. `crowd` says how many aliases lead to an article already, by its key."""

    def __init__(self, known: Mapping[str, str], crowd: Mapping[str, int]) -> None:
        self._leads_to = dict(known)
        self._crowd = Counter(crowd)

    def leads_to(self, url: str) -> str:
        """The canonical URL of the article at this canonical address."""
        return self._leads_to.get(article_key(url), url)

    def learn(self, link: Link) -> Link | None:
        """Take in a link; returns what follows from it (what was one article's address is now an
        alias of the other), or None where nothing does."""
        alias, target = article_key(link.alias), self.leads_to(link.canonical_url)
        if alias in self._leads_to or link.alias == target:
            return None
        crowd = self._crowd[article_key(target)] + self._crowd[alias] + 1
        if crowd > MOST_ALIASES or is_front_page(link.alias) or is_front_page(target):
            return None
        for older, url in self._leads_to.items():
            if url == link.alias:
                self._leads_to[older] = target
        self._leads_to[alias] = target
        self._crowd[article_key(target)] = crowd
        return Link(link.alias, target)
