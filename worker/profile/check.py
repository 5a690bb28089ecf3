"""What `dyadwatch profile check` says: every fault, and whatever else deserves a look."""

from collections.abc import Mapping
from pathlib import Path

from worker.profile.bundled import bundled_profiles, profile_path
from worker.profile.faults import Remark
from worker.profile.loader import read_profile
from worker.profile.yaml_lines import ProfileError

__all__ = ["Fault", "Remark", "bundled_profiles", "check", "profile_path"]

#: A fault stops a profile from being used; a remark does not. Both print as one line.
Fault = ProfileError


def check(
    profile: Path | str,
    environ: Mapping[str, str],
    allowed_private_hosts: frozenset[str] = frozenset(),
) -> list[Fault | Remark]:
    """The faults of a profile (a bundled name or a directory) and then the remarks on it."""
    reading = read_profile(str(profile), environ, allowed_private_hosts)
    return [*reading.faults, *reading.remarks]
