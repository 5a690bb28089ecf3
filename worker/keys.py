"""Keys by hash: addresses run to kilobytes, and an index row may not (PostgreSQL: 2.7 kB)."""

from hashlib import sha256

from crawler.urls import fingerprint


def article_key(canonical_url: str) -> str:
    """The key of an article: 128 bits of the SHA-256 of its canonical URL, as 32 hex digits."""
    return fingerprint(canonical_url)[:32]


def digest(*texts: str) -> str:
    """32 hex digits over the texts; where one ends and the next begins matters."""
    # What no database stores must not make a difference: `worker.storage.columns.clean`.
    joined = "\x00".join(text.replace("\x00", "") for text in texts)
    return sha256(joined.encode("utf-8", "ignore")).hexdigest()[:32]
