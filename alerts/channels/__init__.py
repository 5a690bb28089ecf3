"""Channels: one file a kind, each with its `KEYS` and a `build`; this is their register."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from alerts.channels import email, slack
from alerts.channels.options import ChannelError
from alerts.ports import Channel

__all__ = ["KINDS", "ChannelError", "ChannelKind", "build_channel"]


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """The keys that a kind of channel has in a profile (besides `kind`), and how it is built."""

    keys: frozenset[str]
    build: Callable[[str, Mapping[str, object], frozenset[str]], Channel]


KINDS: Mapping[str, ChannelKind] = {
    "email": ChannelKind(email.KEYS, email.build),
    "slack": ChannelKind(slack.KEYS, slack.build),
}


def build_channel(
    name: str,
    kind: str,
    options: Mapping[str, object],
    allowed_private_hosts: frozenset[str] = frozenset(),
) -> Channel:
    """The channel of this name; `options` are its keys in the profile, without `kind`.

    Values may be text or `Secret`, with `${NAME}` already replaced. What is wrong is a
    `ChannelError`: a sentence, and the key.
    """
    if kind not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise ChannelError(
            f"Channel {name}: kind {kind!r} is not known; known are {known}.", "kind"
        )
    return KINDS[kind].build(name, options, allowed_private_hosts)
