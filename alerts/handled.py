"""Who does what about an episode."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Handling:
    """What people have done with an episode; times are aware UTC, names as people gave them.

    An acknowledged episode is somebody's: nobody else is called, and it is not repeated. A snoozed
    one says nothing until `snoozed_until`, unless it gets worse. A closed one says nothing more,
    whatever its rule sees of the same evidence; `false_alarm` is a way of closing it.
    """

    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    assigned_to: str | None = None
    snoozed_until: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    false_alarm: bool = False

    @property
    def owner(self) -> str | None:
        """Who has it: whom it was given to, else who has acknowledged it."""
        return self.assigned_to or self.acknowledged_by


UNTOUCHED = Handling()
