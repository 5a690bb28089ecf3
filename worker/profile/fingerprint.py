"""What a profile's files said when they were read, as hashes: an alert names what counted it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

#: Who is told is no part of what counts, and may hold secrets.
_LEFT_OUT = frozenset({"routes.yaml"})


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """SHA-256 in hexadecimal, each over paths and contents: of all of a profile's files save its
    routes, of its rules alone, and of its lexicon alone."""

    profile: str
    rules: str
    lexicon: str


@cache
def fingerprints(directories: tuple[Path, ...]) -> Fingerprints:
    """Those of the profile in these directories, its own first and then what it extends.

    Read once a process: what is changed afterwards is not what counts.
    """
    layers = [
        (f"{number}", directory, sorted(_files(directory)))
        for number, directory in enumerate(directories)
    ]
    rules = next((d for d in directories if (d / "rules.yaml").is_file()), None)
    return Fingerprints(
        profile=_digest(
            (f"{layer}/{path.relative_to(directory).as_posix()}", path)
            for layer, directory, paths in layers
            for path in paths
        ),
        rules=_digest([("rules.yaml", rules / "rules.yaml")] if rules else []),
        lexicon=_digest(
            (f"{layer}/{path.relative_to(directory).as_posix()}", path)
            for layer, directory, paths in layers
            for path in paths
            if path.is_relative_to(directory / "lexicon")
        ),
    )


def _files(directory: Path) -> Iterator[Path]:
    for pattern in ("*.yaml", "sources/**/*.yaml", "lexicon/**/*.yaml"):
        yield from (path for path in directory.glob(pattern) if path.name not in _LEFT_OUT)


def _digest(files: Iterable[tuple[str, Path]]) -> str:
    total = sha256()
    for name, path in files:
        for part in (name.encode(), _content(path)):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def _content(path: Path) -> bytes:
    """What the file holds; nothing where it cannot be read: no alert may fail for that."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
