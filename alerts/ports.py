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

    @property
    def recipient(self) -> str:
        """Who reads it, in words without a secret."""
        ...

    @property
    def edits(self) -> bool:
        """Whether a message that is there is changed as its episode moves, so that an update
        interrupts nobody."""
        ...

    def send(self, notification: Notification) -> Outcome: ...
