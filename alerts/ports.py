"""What telling people needs from outside: somewhere to send, and a log of what was sent."""

from collections.abc import Collection, Sequence
from typing import Protocol

from alerts.notification import Notification, Outcome
from alerts.pipeline import Told


class Channel(Protocol):
    """Somewhere a notification can be sent.

    `send` returns within a minute and raises nothing: what went wrong is in the outcome. When it
    returns Delivered the receiver has the message. A Failed that is not permanent may have arrived
    all the same (the answer was lost): the message is then sent again with the same key.
    """

    @property
    def name(self) -> str:
        """The channel's name in the profile."""
        ...

    def send(self, notification: Notification) -> Outcome: ...


class NotificationLog(Protocol):
    """The outbox, as the pipeline sees it."""

    def told(self, episodes: Collection[str]) -> Sequence[Told]:
        """Every message of these episodes (identifiers) that was ever put into the outbox,
        delivered, pending or dead."""
        ...
