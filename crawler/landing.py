"""Where a page's address led to (pure): to the article, to something else, under which name."""

import re
from urllib.parse import SplitResult, urlsplit

from crawler.failures import Failure
from crawler.urls import canonical_url

_HOME = re.compile(r"/?([a-z]{2}([-_][a-z]{2})?/?)?((index|default|home|main)(\.\w{2,5})?)?", re.I)
# Whole parts of a path: an article may be about a login, or an error.
_LOGIN = re.compile(
    r"/(log[-_]?in|log[-_]?on|sign[-_]?in|sign[-_]?up|auth|sso|register|subscribe|consent|"
    r"privacy[-_]?wall|cookie[-_]?wall)(\.\w{2,5})?(/|$)",
    re.I,
)
_LOGIN_HOST = re.compile(r"^(login|signin|auth|sso|accounts?|consent|id)\.", re.I)
_GONE = re.compile(r"/(40[34]|410|error|(page[-_]?)?not[-_]?found)(\.\w{2,5})?(/|$)", re.I)


def wrong_landing(asked: str, landed: str) -> Failure | None:
    """Why the page at `landed`, where a redirect from `asked` led, is not the article."""
    if asked == landed or canonical_url(asked) == canonical_url(landed):
        return None
    start, end = urlsplit(asked), urlsplit(landed)
    if _is_home(end) and not _is_home(start):
        return Failure("the address leads to the site's front page: the article is gone", True)
    if _LOGIN.search(end.path) and not _LOGIN.search(start.path):
        return Failure("the address leads to a login or consent page", True, verdict="wall")
    if _LOGIN_HOST.search(end.hostname or "") and not _LOGIN_HOST.search(start.hostname or ""):
        return Failure("the address leads to a login or consent page", True, verdict="wall")
    if _GONE.search(end.path) and not _GONE.search(start.path):
        return Failure("the address leads to a page that says that it is gone", True)
    return None


def believable_identity(landed: str, stated: str) -> str:
    """The canonical address of the page at `landed` that states `stated` (rel=canonical).

    What a whole section states as its address is disbelieved: a path that the page's own path goes
    on from, unless its last part looks like that of an article.
    """
    own = canonical_url(landed)
    if stated == own:
        return own
    stated_path = urlsplit(stated).path.rstrip("/")
    is_above = (urlsplit(own).path.rstrip("/") + "/").startswith(stated_path + "/")
    same_path = stated_path == urlsplit(own).path.rstrip("/")
    if _is_home(urlsplit(stated)) and not _is_home(urlsplit(own)):
        return own
    if is_above and not same_path and not _names_an_article(stated_path):
        return own
    return stated


def _is_home(parts: SplitResult) -> bool:
    return not parts.query and _HOME.fullmatch(parts.path) is not None


def _names_an_article(path: str) -> bool:
    last = path.rpartition("/")[2]
    return any(c.isdigit() for c in last) or last.count("-") >= 2
