"""A channel's keys as the profile gives them, read one by one and checked.

ChannelError   a key that is missing, unknown or wrong; the message is a sentence
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

from alerts.channels.secret import Secret


class ChannelError(ValueError):
    """A channel that cannot be built; `key` is the one to look at, for whoever knows its line."""

    def __init__(self, sentence: str, key: str) -> None:
        super().__init__(sentence)
        self.key = key


@dataclass(frozen=True, slots=True)
class Options:
    """The keys of one channel; any key that is not in `known` is refused."""

    channel: str
    given: Mapping[str, object]
    known: frozenset[str]

    def __post_init__(self) -> None:
        for key in self.given:
            if key not in self.known:
                names = ", ".join(sorted(self.known))
                raise self.error(key, f"is not a key of this kind; known are {names}")

    def error(self, key: str, complaint: str) -> ChannelError:
        """The sentence for a key, without its value: that may be a secret."""
        return ChannelError(f"Channel {self.channel}: {key} {complaint}.", key)

    def text(self, key: str, default: str | None = None) -> str:
        """A line of text that must be there unless it has a default."""
        value = self.given.get(key, default)
        value = value.reveal() if isinstance(value, Secret) else value
        if value is None or value == "":
            raise self.error(key, "is missing")
        if not isinstance(value, str) or any(ord(character) < 32 for character in value):
            raise self.error(key, "must be one line of text")
        return value

    def secret(self, key: str) -> Secret | None:
        """A secret, or None where it is not given."""
        return Secret(self.text(key)) if self.given.get(key) else None

    def port(self, default: int) -> int:
        """The key `port`: 1 to 65535."""
        value = self.given.get("port", default)
        digits = str(value)
        if not digits.isdecimal() or not 1 <= int(digits[:6]) <= 65535:
            raise self.error("port", "must be a number from 1 to 65535")
        return int(digits)

    def addresses(self, key: str) -> tuple[str, ...]:
        """One mail address or a list of them, at least one."""
        value = self.given.get(key)
        listed = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        found = tuple(entry for entry in listed if isinstance(entry, str) and _is_address(entry))
        if not found or len(found) != len(listed):
            raise self.error(key, "must be a list of mail addresses")
        return found

    def secret_url(self, key: str, allowed_private_hosts: frozenset[str]) -> Secret:
        """An https address; plain http only to a private host that is allowed."""
        value = self.text(key)
        try:
            parts = urlsplit(value)
            entry = f"{parts.hostname}:{parts.port or 80}"
        except ValueError:
            raise self.error(key, "is not a web address") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise self.error(key, "must begin with https:// and name a host")
        if parts.scheme == "http" and entry not in allowed_private_hosts:
            raise self.error(key, "must begin with https://: who reads it on the way can post too")
        return Secret(value)


def _is_address(value: str) -> bool:
    local, at, domain = parseaddr(value)[1].rpartition("@")
    return bool(local and at and domain) and value.isprintable() and " " not in domain
