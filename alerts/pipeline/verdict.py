"""What a stage says of a message: it goes on, or it is held and why."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Passed:
    """The message goes out at `due_at` (aware UTC), which may be now, instead of those of the keys
    `replaces`, which have not left."""

    due_at: datetime
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """The message does not go out: a constant of `alerts.pipeline.reasons`, and a sentence."""

    reason: str
    detail: str


Verdict = Passed | Held
