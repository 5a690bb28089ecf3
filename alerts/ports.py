"""What telling people needs from outside: somewhere to send."""

from typing import Protocol

from alerts.notification import Notification, Outcome


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
