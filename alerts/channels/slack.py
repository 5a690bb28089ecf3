"""Slack, by an incoming webhook: its address is the only credential, and is kept as one."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.channels.http import Poster
from alerts.channels.options import Options
from alerts.notification import Notification, Outcome

KEYS = frozenset({"url"})


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """Sends the Slack blocks of a notification to one webhook.

    Slack has no key for dropping doubles: a message whose answer was lost may appear twice.
    """

    name: str
    poster: Poster

    def send(self, notification: Notification) -> Outcome:
        """Delivered when Slack took it; a full minute is never needed, nothing is raised."""
        return self.poster.post(notification.slack)


def build(
    name: str, given: Mapping[str, object], allowed_private_hosts: frozenset[str]
) -> SlackChannel:
    """A channel from its keys in the profile, or a `ChannelError`."""
    options = Options(name, given, KEYS)
    url = options.secret_url("url", allowed_private_hosts)
    return SlackChannel(name, Poster("Slack", url, allowed_private_hosts))
