"""Canonical addresses: one page, one key (pure).

What is dropped are differences that never change which article is shown: the scheme where the
port is the default one, tracking parameters and sessions, fragments, mobile, AMP and `www` hosts,
caches, a directory's index file. What might change it stays: other parameters, trailing slashes,
other ports, the fragment where it is the path of a page's own script (`#!/news/7`).
"""

import hashlib
import ipaddress
import posixpath
import re
import string
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes, urlsplit

import tldextract

from crawler.url_query import changes_nothing
from crawler.wrapped_urls import unwrapped

# No list is fetched and none is cached on disk: the bundled snapshot decides.
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TWIN_HOST_LABELS = frozenset({"www", "m", "mobile", "amp", "wap", "pda", "touch"})

_AMP_SUFFIXES = (("/amp/", "/"), ("/amp", ""), (".amp", ""), (".amp.html", ".html"))
_INDEX_FILE = re.compile(r"/index\.(?:html?|shtml)$", re.IGNORECASE)
# Only bare: /index.php?id=7 may be anything.
_SCRIPTED_INDEX_FILE = re.compile(r"/index\.(?:php|aspx?|jsp)$", re.IGNORECASE)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*|/\(S\([a-z0-9]{24}\)\)", re.IGNORECASE)

_UNRESERVED = string.ascii_letters + string.digits + "-._~"
_PATH_SAFE = _UNRESERVED + "!$&'()*+,;=:@/"
_QUERY_SAFE = _UNRESERVED + "!$'()*+,;:@/?"


def canonical_url(url: str) -> str:
    """The one address that stands for every variant of `url`; idempotent.

    Raises ValueError with a sentence for anything that is not a usable http or https address.
    """
    canonical = _canonical(url)
    # A redirect's host may itself have had a twin (m.google.com), and what it leads to another.
    while (inner := unwrapped(canonical)) != canonical:
        canonical = _canonical(inner)
    return canonical


def fingerprint(canonical: str) -> str:
    """The SHA-256 of a canonical address, 64 hexadecimal digits: a key of bounded length."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def is_front_page(canonical: str) -> bool:
    """Whether a canonical address is a host's first page, which is never an article."""
    parts = urlsplit(canonical)
    return parts.path in ("", "/") and not parts.query and not parts.fragment


def registered_domain(url: str) -> str:
    """The domain that a publisher registers (`bbc.co.uk`), or the host where there is none.

    Uses the suffix list that is bundled with tldextract and never the network. Raises ValueError
    for an address without a host.
    """
    host = urlsplit(url.strip()).hostname
    if not host:
        raise ValueError(f"{_shown(url)} names no host.")
    return _registered_domain_of_host(host.rstrip("."))


def authority(url: str) -> str:
    """Scheme, host and port of an address: what counts as one server for politeness."""
    parts = urlsplit(url)
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    host = (parts.hostname or "").rstrip(".")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """Host, and port unless it is the scheme's own: what is one server to delays and leases.

    Neither the scheme nor a `www`, mobile or AMP label makes another server. Raises ValueError for
    an address without a host.
    """
    parts = urlsplit(url.strip())
    host = _canonical_host(parts.hostname or "", url)
    port = parts.port
    return host if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{host}:{port}"


@lru_cache(maxsize=4096)
def _registered_domain_of_host(host: str) -> str:
    known = _SUFFIXES(host)
    if known.suffix or known.ipv4 or ":" in host:
        return known.top_domain_under_public_suffix or host
    # The list's default rule: an unknown last label is a suffix of one label.
    return ".".join(host.split(".")[-2:])


def _shown(url: str) -> str:
    return repr(url if len(url) <= 200 else url[:200] + "…")


def _canonical(url: str) -> str:
    try:
        parts = urlsplit(unwrapped(url).strip())
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{_shown(url)} is not an address: {error}.") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError(f"{_shown(url)} is not an http or https address.")
    host = _canonical_host(parts.hostname or "", url)
    if port in (None, _DEFAULT_PORTS[parts.scheme]):
        # Servers on this very machine rarely speak TLS, and have no twin on the other port.
        scheme = parts.scheme if _is_local(host) else "https"
        authority = host
    else:
        scheme, authority = parts.scheme, f"{host}:{port}"
    query = _canonical_query(parts.query)
    path = _canonical_path(parts.path, bare=not query)
    fragment = _scripted_path(parts.fragment)
    return (
        f"{scheme}://{authority}{path}"
        + (f"?{query}" if query else "")
        + (f"#{fragment}" if fragment else "")
    )


def _canonical_host(host: str, url: str) -> str:
    host = host.rstrip(".")
    if not host:
        raise ValueError(f"{_shown(url)} names no host.")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return _without_twin_labels(_ascii_host(host, url))
    return f"[{address}]" if address.version == 6 else str(address)


def _ascii_host(host: str, url: str) -> str:
    try:
        ascii_host = host.encode("idna").decode("ascii").lower() if not host.isascii() else host
    except UnicodeError as error:
        raise ValueError(f"{_shown(url)} has a host name that cannot exist.") from error
    if not all(c in _UNRESERVED for c in ascii_host) or ".." in ascii_host or ascii_host[0] == ".":
        raise ValueError(f"{_shown(url)} has a host name that cannot exist.")
    return ascii_host


def _without_twin_labels(host: str) -> str:
    """`m.example.az` and `www.example.az` show what `example.az` shows; `m.az` is itself."""
    while True:
        first, _, rest = host.partition(".")
        if first not in _TWIN_HOST_LABELS or "." not in rest:
            return host
        if _registered_domain_of_host(rest) != _registered_domain_of_host(host):
            return host
        host = rest


def _is_local(host: str) -> bool:
    return host.replace(".", "").isdigit() or host.startswith("[") or "." not in host


def _canonical_path(path: str, *, bare: bool) -> str:
    path = _normal_escapes(_SESSION.sub("", path), _PATH_SAFE) or "/"
    trailing = "/" if path.endswith(("/", "/.", "/..")) else ""
    # posixpath keeps exactly two leading slashes, and folds the rest, as servers do.
    path = "/" + posixpath.normpath("/" + path.lstrip("/")).lstrip("/")
    return _without_dress(path if path == "/" else path + trailing, bare=bare)


def _without_dress(path: str, *, bare: bool) -> str:
    """Without what asks for another look of the same page, or names the file that a directory
    shows anyway."""
    while True:
        shorter = _INDEX_FILE.sub("/", path)
        if bare:
            shorter = _SCRIPTED_INDEX_FILE.sub("/", shorter)
        for suffix, replacement in _AMP_SUFFIXES:
            if shorter.endswith(suffix) and len(shorter) > len(suffix):
                shorter = shorter.removesuffix(suffix) + replacement
        if shorter.startswith("/amp/") and len(shorter) > len("/amp/"):
            shorter = shorter.removeprefix("/amp")
        if shorter == path:
            return path
        path = shorter or "/"


def _scripted_path(fragment: str) -> str:
    """The fragment, where it says which page a script shows; a place on the page is dropped."""
    if not fragment.startswith(("!", "/")) or len(fragment) < 3:
        return ""
    return _normal_escapes(fragment, _QUERY_SAFE + "=&")


def _canonical_query(query: str) -> str:
    kept = []
    # Feeds append "?utm_…" to addresses that have a query, and escape "&" once too often.
    for pair in query.replace("?utm_", "&utm_").split("&"):
        name, equals, value = pair.removeprefix("amp;").partition("=")
        name = _normal_escapes(name, _QUERY_SAFE)
        if not name or changes_nothing(name, value):
            continue
        kept.append((name, equals, _normal_escapes(value, _QUERY_SAFE + "=")))
    kept.sort(key=lambda pair: pair[0])
    return "&".join(name + equals + value for name, equals, value in kept)


def _normal_escapes(text: str, safe: str) -> str:
    """Escapes what must be escaped, in capitals, and nothing else.

    A reserved character that came escaped stays escaped: `%2F` is not a slash.
    """
    pieces = []
    for index, piece in enumerate(text.split("%")):
        if index == 0:
            pieces.append(quote(piece, safe=safe))
        elif len(piece) >= 2 and all(c in string.hexdigits for c in piece[:2]):
            decoded = unquote_to_bytes("%" + piece[:2]).decode("latin-1")
            kept = decoded if decoded in _UNRESERVED else f"%{piece[:2].upper()}"
            pieces.append(kept + quote(piece[2:], safe=safe))
        else:
            pieces.append("%25" + quote(piece, safe=safe))
    return "".join(pieces)
