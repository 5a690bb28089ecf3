"""Slack, in one of two ways:

    url                by an incoming webhook: its address is the only credential. Nothing that was
                       posted can be changed, so every message is a new one.
    token, channel     by an app (a bot's token, xoxb-…, with the scope chat:write): one message for
                       each episode, changed as it moves; see `alerts.channels.slack_app`.

Both are secrets and are kept as such.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.channels.http import Poster
from alerts.channels.options import Options
from alerts.channels.secret import Secret
from alerts.channels.slack_app import API, SlackAppChannel, method_posters
from alerts.notification import Notification, Outcome

KEYS = frozenset({"url", "token", "channel", "api"})


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """Sends the Slack blocks of a notification to one webhook.

    Slack has no key for dropping doubles: a message whose answer was lost may appear twice.
    """

    name: str
    poster: Poster

    @property
    def recipient(self) -> str:
        return "the Slack channel of the webhook"

    @property
    def edits(self) -> bool:
        return False

    def send(self, notification: Notification) -> Outcome:
        """Delivered when Slack took it; a full minute is never needed, nothing is raised."""
        return self.poster.post(notification.slack)


def build(
    name: str, given: Mapping[str, object], allowed_private_hosts: frozenset[str]
) -> SlackChannel | SlackAppChannel:
    """A channel from its keys in the profile, or a `ChannelError`."""
    options = Options(name, given, KEYS)
    token = options.secret("token")
    if token is None:
        for key in ("channel", "api"):
            if key in given:
                raise options.error(key, "goes with token, not with url: give the app's token")
        url = options.secret_url("url", allowed_private_hosts)
        return SlackChannel(name, Poster("Slack", url, allowed_private_hosts))
    if "url" in given:
        raise options.error("url", "and token exclude each other: give one of them")
    return SlackAppChannel(
        name, options.text("channel"), *_posters(options, token, allowed_private_hosts)
    )


def _posters(
    options: Options, token: Secret, allowed_private_hosts: frozenset[str]
) -> tuple[Poster, Poster]:
    api = API
    if options.given.get("api"):
        api = options.secret_url("api", allowed_private_hosts).reveal()
    return method_posters(api, token, allowed_private_hosts)
