"""Which files of a sitemap index are worth asking for (pure)."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, zip_longest

from crawler.article_links import date_in
from crawler.entries import is_older

#: How many files of one index an ordinary poll asks for; whoever wants history asks for all.
MOST_FILES = 4

_LATEST = re.compile(r"news|latest|recent|today|current|google", re.IGNORECASE)
_NO_ARTICLES = re.compile(
    r"tag|categor|author|image|video|photo|static|page-|pages|taxonom|rubric|section", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of an index."""

    loc: str
    lastmod: datetime | date | None = None


def promising(files: list[Listed], since: datetime, all_since: bool) -> tuple[str, ...]:
    """The files that may hold something newer than `since`, the most promising first.

    A period in the name (`2025-06.xml`) decides before `lastmod`, which generators like to set to
    now for every file. Of files without either, the first and the last come before the middle.
    """
    dated: list[tuple[bool, str, str]] = []
    undated: list[str] = []
    for file in files:
        moment = _newest_possible(file)
        if moment is None:
            undated.append(file.loc)
        elif not is_older(moment, since):
            dated.append((_is_promising(file.loc), moment.isoformat(), file.loc))
    dated.sort(reverse=True)
    undated = sorted(_ends_first(undated), key=lambda loc: not _is_promising(loc))
    better = [loc for loc in undated if not _holds_no_articles(loc)]
    undated = better if better or dated else undated
    chosen = list(dict.fromkeys([loc for *_, loc in dated] + undated))
    return tuple(chosen if all_since else chosen[:MOST_FILES])


def _newest_possible(file: Listed) -> datetime | date | None:
    try:
        period = date_in(file.loc)
    except ValueError:
        period = None
    return period[1] if period else file.lastmod


def _is_promising(loc: str) -> bool:
    name = _file_name(loc)
    return _LATEST.search(name) is not None and not _NO_ARTICLES.search(name)


def _holds_no_articles(loc: str) -> bool:
    return _NO_ARTICLES.search(_file_name(loc)) is not None


def _file_name(loc: str) -> str:
    return loc.rstrip("/").rpartition("/")[2]


def _ends_first(locs: list[str]) -> list[str]:
    middle = (len(locs) + 1) // 2
    pairs = zip_longest(locs[:middle], reversed(locs[middle:]))
    return [loc for loc in chain.from_iterable(pairs) if loc is not None]
