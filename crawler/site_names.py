"""What a page's site calls itself, to tell it from headlines and people (pure)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.likeness import letters
from crawler.urls import registered_domain

_STATED = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site")

_WORD = re.compile(r"[^\W_]+")
#: A site's name may be followed by the name of a section or an edition: `CNN Politics`.
_MAX_WORDS, _MAX_LENGTH = 6, 80
_MAX_ADDED_LETTERS = 14
_SHORTEST_PREFIX = 4


@dataclass(frozen=True, slots=True)
class SiteNames:
    """The site's names as bare letters."""

    known: frozenset[str]

    def names(self, text: str) -> bool:
        """Whether a text is just one of the site's names."""
        return _without_article(letters(text)) in self.known

    def includes(self, text: str) -> bool:
        """Whether a text is the site's name, or the name with a section or edition added."""
        if not text or len(text) > _MAX_LENGTH:
            return False
        bare = _without_article(letters(text))
        if bare in self.known:
            return True
        words = [word.casefold() for word in _WORD.findall(text)]
        if len(words) > _MAX_WORDS:
            return False
        return any(self._extends(bare, words, name) for name in self.known)

    @staticmethod
    def _extends(bare: str, words: list[str], name: str) -> bool:
        if len(name) < _SHORTEST_PREFIX:
            return name in (words[0], words[-1]) and len(words) <= _SHORTEST_PREFIX
        added = len(bare) - len(name)
        if 0 < added <= _MAX_ADDED_LETTERS:
            return bare.startswith(name) or bare.endswith(name)
        # `The Guardian` of `theguardian.com`, `Sky` of `Sky News`.
        return len(bare) >= _SHORTEST_PREFIX and name.startswith(bare) and len(name) < 30


def site_names(meta: Mapping[str, list[str]], stated: Iterable[str], url: str) -> SiteNames:
    """The names in the head, those that structured data states, and the words of the host."""
    found = {letters(name[:_MAX_LENGTH]) for key in _STATED for name in meta.get(key, ())}
    found |= {letters(name) for name in stated}
    found |= _of_host(url)
    return SiteNames(frozenset(_without_article(name) for name in found if len(name) > 1))


def _of_host(url: str) -> set[str]:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    if not host:
        return set()
    domain = registered_domain(url)
    return {letters(x) for x in (host, f"www.{host}", domain, domain.partition(".")[0])}


def _without_article(name: str) -> str:
    return name[3:] if name.startswith("the") and len(name) > 6 else name
