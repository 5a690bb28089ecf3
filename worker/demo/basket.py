"""What a catcher has caught so far."""

from threading import Condition
from typing import Generic, TypeVar

Caught = TypeVar("Caught")


class Basket(Generic[Caught]):
    """Keeps what is caught, in order; safe to fill and to read from several threads."""

    def __init__(self, what: str) -> None:
        """`what` names the contents in the plural, for the sentence of a TimeoutError."""
        self._what = what
        self._caught: list[Caught] = []
        self._changed = Condition()

    def add(self, caught: Caught) -> None:
        with self._changed:
            self._caught.append(caught)
            self._changed.notify_all()

    def all(self) -> tuple[Caught, ...]:
        with self._changed:
            return tuple(self._caught)

    def wait_for(self, count: int, timeout: float) -> tuple[Caught, ...]:
        """All of it as soon as there are `count`; a TimeoutError after `timeout` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._caught) >= count, timeout):
                raise TimeoutError(
                    f"Waited {timeout:g} s for {count} {self._what}, and {len(self._caught)} came."
                )
            return tuple(self._caught)
