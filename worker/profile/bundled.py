"""The profiles that ship inside the package, and how a profile's name becomes a directory.

A name that begins with `_` is a base: others extend it, nobody runs it.
"""

from pathlib import Path

from worker.profile.section import nearest
from worker.profile.yaml_lines import ProfileError

_HOME = Path(__file__).resolve().parent.parent / "profiles"


def bundled_profiles() -> tuple[str, ...]:
    """The names of the bundled profiles, sorted."""
    return tuple(sorted(path.parent.name for path in _HOME.glob("[!_]*/profile.yaml")))


def profile_path(name: str) -> Path:
    """The directory of a bundled profile; `ProfileError` where there is none of that name."""
    names = bundled_profiles()
    if name not in (*names, *_bases()):
        raise ProfileError(f"no bundled profile has this name{nearest(name, names)}", Path(name))
    return _HOME / name


def _bases() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in _HOME.glob("_*/profile.yaml")))


def find_profile(name_or_dir: str, base: Path | None = None) -> Path:
    """The directory that a name or a path means; a bundled name (or base) wins, `./name` is a path.

    A relative path starts at `base`, or at the working directory.
    """
    names = bundled_profiles()
    if name_or_dir in (*names, *_bases()):
        return _HOME / name_or_dir
    directory = (base or Path()) / Path(name_or_dir).expanduser()
    if directory.is_dir():
        return directory.resolve()
    if directory.exists():
        raise ProfileError("this is a file; name the profile's directory.", directory)
    raise ProfileError(
        f"there is no bundled profile and no directory of this name{nearest(name_or_dir, names)}",
        directory,
    )
