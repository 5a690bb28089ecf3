"""The address that a page calls its own, where that is believable (pure)."""

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from crawler.urls import canonical_url, registered_domain

_WORD_BREAKS = re.compile(r"[-_.]")
_MAX_LENGTH = 2_000


def own_address(stated: Iterable[str], confirmed_by: str, url: str) -> str | None:
    """The canonical form of the address in rel=canonical, or None.

    Believable is one of the same registered domain that can be an article's: no home page, and no
    section or script without its query where the page's own address has more. Of addresses that
    contradict each other only one that `confirmed_by` (og:url) repeats counts; where there is no
    canonical link at all, og:url counts.
    """
    links = dict.fromkeys(a for link in stated if (a := _absolute(link, url)))
    confirming = _absolute(confirmed_by, url)
    if len(links) > 1:
        links = {confirming: None} if confirming in links else {}
    elif not links and confirming:
        links = {confirming: None}
    return next((link for link in links if link and _is_believable(link, url)), None)


def _absolute(link: str, url: str) -> str | None:
    if not link or len(link) > _MAX_LENGTH:
        return None
    try:
        return canonical_url(urljoin(url, link.strip()))
    except ValueError:
        return None


def _is_believable(stated: str, url: str) -> bool:
    asked = canonical_url(url)
    if registered_domain(stated) != registered_domain(asked):
        return False
    there, here = urlsplit(stated), urlsplit(asked)
    if there.path in ("", "/") and not there.query:
        return False
    if _names_an_article(stated) or not _names_an_article(asked):
        return True
    is_above = f"{here.path}/".startswith(there.path.rstrip("/") + "/")
    return not is_above and there.path.strip("/").count("/") > 0


def _names_an_article(address: str) -> bool:
    """Whether an address has what tells articles apart: a number, or a slug of several words."""
    parts = urlsplit(address)
    last = parts.path.rstrip("/").rpartition("/")[2]
    if any(c.isdigit() for c in last + parts.query):
        return True
    if len(_WORD_BREAKS.split(last)) >= 3 or len(last) >= 20:
        return True
    return any(len(_WORD_BREAKS.split(part)) >= 4 for part in parts.path.split("/"))
