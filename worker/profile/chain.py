"""A profile and what it extends, from its own directory to the farthest ancestor.

`extends` inherits all that is not given, piece by piece:

    profile.yaml   key by key: `name`, `dyad`, `languages`, `leave_out`, `false_alarms_per_year`
    sources/       as a whole: a `sources` directory of one's own replaces the inherited one
    rules.yaml     as a whole
    routes.yaml    as a whole
    lexicon/       file by file: a file of one's own stands in for the inherited file of the same
                   path, the others are inherited, new ones are added
"""

from dataclasses import dataclass
from pathlib import Path

from worker.profile.bundled import find_profile
from worker.profile.faults import Faults
from worker.profile.section import Section, nearest, section_of
from worker.profile.yaml_lines import ProfileError, read_yaml

#: What a profile directory may hold of YAML; another name is a slip that would go unread.
FILES = ("profile.yaml", "rules.yaml", "routes.yaml")
DIRECTORIES = ("sources", "lexicon")


@dataclass(frozen=True, slots=True)
class Layer:
    """One directory of the chain, with its profile.yaml."""

    directory: Path
    about: Section


@dataclass(frozen=True, slots=True)
class Chain:
    """The layers, one's own first."""

    layers: tuple[Layer, ...]

    @property
    def directories(self) -> tuple[Path, ...]:
        return tuple(layer.directory for layer in self.layers)

    def nearest(self, name: str) -> Path | None:
        """The first layer's file or directory of this name, or None."""
        paths = (directory / name for directory in self.directories)
        return next((path for path in paths if path.exists()), None)

    def about(self, key: str) -> Section | None:
        """The first profile.yaml that gives `key`."""
        return next((layer.about for layer in self.layers if layer.about.has(key)), None)


def read_chain(name_or_dir: str, faults: Faults) -> Chain:
    """Follow `extends` to its end; what breaks the chain is raised, the rest goes to `faults`."""
    layers: list[Layer] = []
    directory: Path | None = find_profile(name_or_dir)
    while directory is not None:
        layer = _layer(directory, faults)
        layers.append(layer)
        directory = _extended(layer, layers)
    return Chain(tuple(layers))


def _layer(directory: Path, faults: Faults) -> Layer:
    file = read_yaml(directory / "profile.yaml")
    about = section_of(file, file.content, faults)
    if about is None:
        raise file.error("this must be a mapping with name, dyad and languages.")
    about.only("name", "dyad", "languages", "leave_out", "false_alarms_per_year", "extends")
    _refuse_strays(directory, faults)
    return Layer(directory, about)


def _extended(layer: Layer, layers: list[Layer]) -> Path | None:
    file = layer.about.file
    extends = layer.about.text("extends")
    if extends is None:
        return None
    try:
        directory = find_profile(extends, layer.directory)
    except ProfileError as fault:
        raise file.error(f"{extends!r}: {fault.sentence}", "extends") from None
    visited = [known.directory for known in layers]
    if directory in visited:
        circle = [*visited[visited.index(directory) :], directory]
        names = " → ".join(path.name for path in circle)
        raise file.error(f"this profile extends itself ({names}); remove one `extends`.", "extends")
    return directory


def _refuse_strays(directory: Path, faults: Faults) -> None:
    for path in sorted(directory.iterdir()):
        is_yaml = path.suffix in (".yaml", ".yml")
        if is_yaml and path.name not in FILES:
            known = nearest(path.name, FILES)
            faults.add(ProfileError(f"no profile has a file of this name{known}", path))
    for name in DIRECTORIES:
        for path in sorted((directory / name).rglob("*.yml")):
            faults.add(ProfileError("this file is not read; end its name in .yaml.", path))
