"""Faults are collected, so that one check of a profile names all of them.

ProfileError        one fault: file, line, key, and what to do (yaml_lines.py)
└── ProfileFaults   every fault of one profile; its message has one line for each
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from worker.profile.yaml_lines import ProfileError


class ProfileFaults(ProfileError):
    """A profile with at least one fault; `faults` are in the order of files and lines."""

    def __init__(self, faults: Iterable[ProfileError]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(first.sentence, first.path, first.line, first.key)
        self.args = ("\n".join(str(fault) for fault in self.faults),)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that deserves a look and stops nothing; `path` and `line` say where it stands."""

    sentence: str
    path: Path
    line: int | None = None

    def __str__(self) -> str:
        place = str(self.path) if self.line is None else f"{self.path}, line {self.line}"
        return f"{place}: {self.sentence}"


class Faults:
    """Gathers the faults of one profile; a file that cannot be read does not hide the others."""

    def __init__(self) -> None:
        self._found: list[ProfileError] = []

    def add(self, fault: ProfileError) -> None:
        self._found.extend(fault.faults if isinstance(fault, ProfileFaults) else (fault,))

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """A fault that is raised inside is kept, and the block is left."""
        try:
            yield
        except ProfileError as fault:
            self.add(fault)

    def __len__(self) -> int:
        return len(self._found)

    def all(self) -> tuple[ProfileError, ...]:
        """Every fault so far, those of one file together and by line, each once."""
        unique = {str(fault): fault for fault in self._found}
        order = list(dict.fromkeys(fault.path for fault in unique.values()))
        return tuple(
            sorted(unique.values(), key=lambda fault: (order.index(fault.path), fault.line or 0))
        )

    def raise_any(self) -> None:
        """Raise `ProfileFaults` if there is any fault."""
        if self._found:
            raise ProfileFaults(self.all())
