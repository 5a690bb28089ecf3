"""Web addresses in a profile: what is refused before anything is asked of the network."""

import re
from urllib.parse import urlsplit

_LABELS = re.compile(r"[^\s/?#@\\\[\]<>\"'`{}|^]+")


def wrong_address(url: str) -> str | None:
    """Why `url` is not an http(s) address, as a sentence that does not repeat it, or None.

    It is not repeated because an address may be a secret (a Slack webhook's is).
    """
    if any(letter.isspace() for letter in url):
        return "this address has white space in it; write a blank as %20."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"this is not an address: {str(error).rstrip('.').lower()}."
    if parts.scheme not in ("http", "https"):
        return "this is not a web address; it must start with https:// or http://."
    if not parts.hostname:
        return "this address has no host; write https://HOST/PATH."
    if "@" in parts.netloc:
        return "this address has a user or a password in it; remove them."
    if ":" not in parts.hostname and not _LABELS.fullmatch(parts.hostname):
        return "the host of this address has a character that no host name has."
    if port == 0:
        return "port 0 cannot be asked; write a port from 1 to 65535."
    return None
