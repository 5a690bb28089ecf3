"""Addresses that stand inside other addresses: caches, and redirects that count clicks (pure)."""

import re
from urllib.parse import parse_qs, urlsplit

# ampproject.org/c/s/HOST/PATH: s for https; google.com/amp/s/HOST/PATH; Yandex' turbo pages.
_CACHES = (
    (re.compile(r"(?:.+\.)?cdn\.ampproject\.org"), re.compile(r"/[a-z]+/(s/)?(?=[^/]+\.[^/]+/?)")),
    (re.compile(r"(?:.+\.)?bing-amp\.com"), re.compile(r"/[a-z]+/(s/)?(?=[^/]+\.[^/]+/?)")),
    (
        re.compile(r"(?:www\.)?google\.[a-z.]{2,6}"),
        re.compile(r"/amp/(s/)?(?=[^/]+\.[^/]+/?)"),
    ),
)
_TURBO_HOST = re.compile(r"(?:.+\.)?turbopages\.org|(?:www\.)?yandex\.[a-z.]{2,6}")
_TURBO_PATH = re.compile(r"/(?:turbo/)?([^/]+\.[^/]+)/s/(.*)")

#: Host, path and parameter of pages whose one purpose is to lead to another.
_REDIRECTS = (
    (re.compile(r"(?:www\.)?google\.[a-z.]{2,6}"), "/url", ("url", "q")),
    (re.compile(r"(?:www\.)?bing\.com"), "/news/apiclick.aspx", ("url",)),
    (re.compile(r"(?:l|lm|m|www)\.facebook\.com"), "/l.php", ("u",)),
    (re.compile(r"(?:m\.|away\.)?vk\.com"), "/away.php", ("to",)),
    (re.compile(r"t\.umblr\.com"), "/redirect", ("z",)),
)


def unwrapped(url: str) -> str:
    """The address that this one is a cached copy of, or only leads to; itself where it is neither.

    Nothing is asked of the network: a short link stays one. Raises ValueError for no address.
    """
    # Whatever stands inside is shorter, so this ends.
    while (inner := _inner(url)) is not None:
        url = inner
    return url


def _inner(url: str) -> str | None:
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    query = f"?{parts.query}" if parts.query else ""
    for hosts, prefix in _CACHES:
        if hosts.fullmatch(host) and (match := prefix.match(parts.path)):
            scheme = "https" if match.group(1) else "http"
            return f"{scheme}://{parts.path[match.end() :]}{query}"
    if _TURBO_HOST.fullmatch(host) and (match := _TURBO_PATH.fullmatch(parts.path)):
        return f"https://{match.group(1)}/{match.group(2)}{query}"
    for hosts, path, names in _REDIRECTS:
        if hosts.fullmatch(host) and parts.path == path:
            return _given(parts.query, names)
    return None


def _given(query: str, names: tuple[str, ...]) -> str | None:
    try:
        given = parse_qs(query, max_num_fields=100)
    except ValueError:
        return None
    targets = (target for name in names for target in given.get(name, ()))
    return next((t for t in targets if t.lower().startswith(("http://", "https://"))), None)
