"""Which addresses of a site look like articles (pure): by the address alone, in any language."""

import re
from datetime import date
from urllib.parse import parse_qsl, unquote, urlsplit

#: How strongly an address must look like an article's where nothing else speaks for it.
ARTICLE = 2

# fmt: off
_NEVER = frozenset({
    "tag", "tags", "topic", "topics", "label", "category", "categories", "author", "authors",
    "search", "login", "signin", "signup", "register", "account", "cart", "rss", "feed", "feeds",
    "wp-admin", "wp-login.php", "wp-content", "cdn-cgi", "subscribe", "subscription", "print",
    "share", "sitemap", "tegi", "teqler", "muellif", "etiket", "yazar", "yazarlar",
})
_NEVER_LAST = frozenset({
    "about", "about-us", "contact", "contacts", "contact-us", "privacy", "privacy-policy", "terms",
    "terms-of-use", "terms-of-service", "cookie-policy", "cookies", "advertising", "advertise",
    "careers", "jobs", "imprint", "impressum", "faq", "help", "archive", "newsletter",
    "newsletters",
})
_NOT_PAGES = (
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".ico", ".pdf", ".doc", ".docx", ".xls",
    ".xlsx", ".zip", ".rar", ".mp3", ".mp4", ".avi", ".xml", ".rss", ".json", ".js", ".css", ".gz",
)
# fmt: on
_PAGINATION = re.compile(
    r"(?:^|[?&/])(?:(?:page|paged|pagen_?\d*|start|offset)[=/-]\d+|p[=/]\d{1,3})/?(?:$|[?&/])"
)
_DATE = re.compile(
    r"(?:^|[/_.=-])((?:19|20)\d\d)(?:[/_.-]?(0[1-9]|1[0-2])(?:[/_.-]?(0[1-9]|[12]\d|3[01]))?)"
    r"(?=$|[/_.-]|\D)"
)
_ENDING = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$")
_WORDS = re.compile(r"[-_+ ]+")
_IDENTIFIER = re.compile(r"\d{4,}")
_HEXADECIMAL = re.compile(r"[0-9a-f]{12,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def article_likeness(url: str) -> int:
    """From −9 (never an article: a tag, a page of a list, a picture) over 0 (says nothing) up.

    Three for a date in the path, up to three for a path that ends in the words of a headline, two
    for a long number.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return -9
    if parts.scheme not in ("http", "https"):
        return -9
    path = unquote(parts.path).lower().rstrip("/")
    steps = [step for step in path.split("/") if step]
    if _is_never(steps, path, parts.query.lower()):
        return -9
    if not steps:
        return _of_query(parts.query) or -9
    last = _ENDING.sub("", steps[-1])
    score = _of_headline(last) + _of_query(parts.query)
    if any(_IDENTIFIER.search(step) for step in steps[-2:]) or _HEXADECIMAL.search(last):
        score += 2
    if (match := _DATE.search(path)) and match.group(3):
        score += 3
    return score


def date_in(url: str) -> tuple[date, date] | None:
    """The first and the last day of the period that an address names: a day, a month; or None."""
    parts = urlsplit(url)
    found = _DATE.search(parts.path) or _split_date(parts.query)
    if not found:
        return None
    year, month = int(found.group(1)), int(found.group(2))
    try:
        if found.group(3):
            day = date(year, month, int(found.group(3)))
            return day, day
        after = date(year + month // 12, month % 12 + 1, 1)
    except ValueError:
        return None
    return date(year, month, 1), date.fromordinal(after.toordinal() - 1)


def _split_date(query: str) -> re.Match[str] | None:
    """`yyyy=2025&mm=06&dd=28`, as some generators spell a sitemap's day."""
    named = {name.lower(): value for name, value in parse_qsl(query)[:20]}
    year = named.get("yyyy") or named.get("year") or ""
    month = named.get("mm") or named.get("month") or ""
    day = named.get("dd") or named.get("day") or ""
    spelt = "-".join([year, month.zfill(2)] + ([day.zfill(2)] if day else []))
    return _DATE.search(spelt if year and month else query)


def _is_never(steps: list[str], path: str, query: str) -> bool:
    return (
        any(step in _NEVER for step in steps)
        or (bool(steps) and _ENDING.sub("", steps[-1]) in _NEVER_LAST)
        or path.endswith(_NOT_PAGES)
        or _PAGINATION.search(f"{path}?{query}") is not None
    )


def _of_headline(last: str) -> int:
    """What a slug says: three words or more are a headline's, two might be a section's."""
    words = [word for word in _WORDS.split(last) if word and not word.isdigit()]
    if len(words) >= 5:
        return 3
    return 2 if len(words) >= 3 or len(last.encode()) >= 40 else 0


def _of_query(query: str) -> int:
    return 2 if any(len(v) >= 4 and v.isdigit() for _, v in parse_qsl(query)[:20]) else 0
