"""`${NAME}` in routes.yaml: the environment's value, or the content of the file in `NAME_FILE`.

    ${NAME}             the variable must be set
    ${NAME:-default}    `default` where it is not; `${NAME:-}` is nothing at all
    $${NAME}            the five characters themselves

An empty variable counts as unset. No message of this module repeats a value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_REFERENCE = re.compile(r"\$?\$\{([^}]*)\}")
_NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?")
_LARGEST_FILE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Environment:
    """The variables that a profile may read; faults are ValueErrors that name the variable."""

    variables: Mapping[str, str]

    def is_set(self, name: str) -> bool:
        """Whether NAME or NAME_FILE is given; the file need not be readable."""
        return bool(self._raw(name) or self._raw(f"{name}_FILE"))

    def lookup(self, name: str) -> str | None:
        """The value of NAME, or the stripped content of the file in NAME_FILE, or None."""
        value, file_name = self._raw(name), self._raw(f"{name}_FILE")
        if value and file_name:
            raise ValueError(f"{name} and {name}_FILE are both set; keep one of them.")
        return _content(name, file_name) if file_name else value

    def expand(self, text: str) -> str:
        """The text with every reference replaced."""
        return _REFERENCE.sub(self._replacement, text)

    def _replacement(self, reference: re.Match[str]) -> str:
        if reference[0].startswith("$$"):
            return reference[0][1:]
        parts = _NAME.fullmatch(reference[1])
        if parts is None:
            raise ValueError(f"{reference[0]} names no variable; write ${{NAME}}.")
        value = self.lookup(parts[1])
        if value is not None:
            return value
        if parts[2] is not None:
            return parts[2]
        raise ValueError(
            f"the environment variable {parts[1]} is not set; set it, or {parts[1]}_FILE."
        )

    def _raw(self, name: str) -> str | None:
        return self.variables.get(name, "").strip() or None


def _content(name: str, file_name: str) -> str | None:
    path = Path(file_name).expanduser()
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ValueError(f"{name}_FILE names a file that is too large for a secret.")
        return path.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ValueError(
            f"{name}_FILE names {file_name!r}, which cannot be read: {reason}."
        ) from None
