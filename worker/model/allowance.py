"""How often a model may be asked: a budget for every minute, and a rest after failures."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

#: Questions, and seconds spent waiting for answers, in any minute of one process. Together with the
#: last question's deadline they must be less than the time after which the batch that is being
#: classified counts as lost (`worker.ingest.BEGUN_PATIENCE`), whatever the model does.
PER_MINUTE = 30
SECONDS_PER_MINUTE = 10.0
#: So many failures in a row, and the model is left alone for so long (seconds).
FAILURES = 3
REST = 300.0

Refusal = Literal["budget spent", "resting after failures"]


@dataclass
class Allowance:
    """Decides whether to ask, by a clock of seconds that never goes back."""

    clock: Callable[[], float]
    per_minute: int = PER_MINUTE
    seconds_per_minute: float = SECONDS_PER_MINUTE
    failures_allowed: int = FAILURES
    rest: float = REST
    _asked: deque[tuple[float, float]] = field(default_factory=deque)
    _failures: int = 0
    _rests_until: float = 0.0

    def refusal(self) -> Refusal | None:
        """Why the model may not be asked now; None where it may."""
        now = self.clock()
        if now < self._rests_until:
            return "resting after failures"
        while self._asked and self._asked[0][0] <= now - 60:
            self._asked.popleft()
        spent = sum(seconds for _, seconds in self._asked)
        if len(self._asked) >= self.per_minute or spent >= self.seconds_per_minute:
            return "budget spent"
        return None

    def answered(self, began: float) -> None:
        """A question that was begun then was answered."""
        self._note(began)
        self._failures = 0

    def failed(self, began: float) -> bool:
        """A question that was begun then came to nothing; whether the model rests now."""
        self._note(began)
        self._failures += 1
        if self._failures < self.failures_allowed:
            return False
        # After its rest one question is enough to see whether it is well again.
        self._failures = self.failures_allowed - 1
        self._rests_until = self.clock() + self.rest
        return True

    def _note(self, began: float) -> None:
        now = self.clock()
        self._asked.append((now, now - began))
