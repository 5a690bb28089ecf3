"""`leave_out` of profile.yaml: sources that are not polled here, although they are listed as on.

    leave_out:
      sanctioned: [EU]       whatever a sources file marks as sanctioned there
      sources: [some-id]     these

Their newsrooms stay known, and the pages of a newsroom of which nothing is left are not read
either when a search engine's feed leads to them (`worker/newsrooms.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crawler.source import Source
from worker.profile.codes import wrong_jurisdiction
from worker.profile.section import Section, nearest


def read_left_out(about: Section | None, sources: Sequence[Source]) -> Mapping[str, str]:
    """Why each source that is left out is, by id; faults go where the section's faults go."""
    given = about.section("leave_out") if about else None
    if given is None:
        return {}
    given.only("sanctioned", "sources")
    return _by_jurisdiction(given, sources) | _by_name(given, sources)


def without(sources: Sequence[Source], left_out: Mapping[str, str]) -> tuple[Source, ...]:
    """The same sources, those that are left out switched off."""
    return tuple(
        replace(source, enabled=False) if source.id in left_out else source for source in sources
    )


def _by_jurisdiction(given: Section, sources: Sequence[Source]) -> dict[str, str]:
    found: dict[str, str] = {}
    for index, code in enumerate(given.texts("sanctioned")):
        if wrong := wrong_jurisdiction(code):
            given.fault(wrong, "sanctioned", index)
        found |= {s.id: f"sanctioned in {code}" for s in sources if code in s.sanctioned}
    return found


def _by_name(given: Section, sources: Sequence[Source]) -> dict[str, str]:
    known = {source.id for source in sources}
    names = given.texts("sources")
    for index, name in enumerate(names):
        if name not in known:
            given.fault(f"there is no source {name!r}{nearest(name, known)}", "sources", index)
    return dict.fromkeys((name for name in names if name in known), "named in leave_out")
