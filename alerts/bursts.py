"""Which stories came together: how one burst is told from the next, by stories and not by a clock.

An episode remembers of each story that its rule still counts when it was first seen. Another burst
has come when most of what is counted has come just now: a crisis that goes on for days renews its
stories as well, but little by little.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.finding import Finding

#: The share of a finding's stories that must be known for it to rest on the same evidence.
SAME_EVIDENCE = 0.5

#: How long a burst takes to unfold: what an episode gathers in this time after it was opened is
#: what people were told of, and other rules that fire on it in this time fire on the same burst.
UNFOLDING = timedelta(minutes=10)

#: What comes within a quarter of the window came together: at an even pace it would be a quarter of
#: what the window holds, and half of it is twice that. Never longer than news takes to go round.
OF_WINDOW = 4
LONGEST_TOGETHER = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Stories that were first counted at the same look, `at` (aware UTC)."""

    at: datetime
    stories: tuple[str, ...]


Arrivals = tuple[Arrival, ...]


def together(window: timedelta) -> timedelta:
    """How far apart stories may come and still be one burst: 10 minutes to 6 hours."""
    return min(max(window / OF_WINDOW, UNFOLDING), LONGEST_TOGETHER)


def arrived(arrivals: Arrivals, finding: Finding, now: datetime) -> Arrivals:
    """The arrivals, with what this finding counts for the first time and without what it does not
    count any more. What came too long ago to matter is held together as one arrival."""
    counted, known = set(finding.story_ids), _stories(arrivals)
    fresh = tuple(story for story in finding.story_ids if story not in known)
    kept = _kept(arrivals, counted, now - together(finding.window))
    return (*kept, Arrival(now, fresh)) if fresh else tuple(kept)


def is_another(finding: Finding, arrivals: Arrivals, told: Collection[str], now: datetime) -> bool:
    """Whether the finding, whose `arrivals` are noted, rests on another burst than what was `told`:
    less than half of it was told, more than half came together, and that would have fired alone.

    A finding without stories (a silence) rests on its time: it is never another burst.
    """
    if not finding.story_ids or mostly_in(finding.story_ids, told):
        return False
    since = now - together(finding.window)
    fresh = _stories([one for one in arrivals if one.at > since])
    share = len(fresh) / len(set(finding.story_ids))
    enough = finding.upper is None or finding.count * share >= finding.upper
    return share > SAME_EVIDENCE and enough


def mostly_in(newer: Collection[str], older: Collection[str]) -> bool:
    """Whether at least half of the newer ones are among the older ones."""
    return len(set(newer) & set(older)) >= SAME_EVIDENCE * len(set(newer))


def _kept(arrivals: Arrivals, counted: Collection[str], since: datetime) -> Iterator[Arrival]:
    still = [replace(a, stories=tuple(s for s in a.stories if s in counted)) for a in arrivals]
    past = [a for a in still if a.at <= since and a.stories]
    if past:
        yield Arrival(past[-1].at, tuple(story for a in past for story in a.stories))
    yield from (a for a in still if a.at > since and a.stories)


def _stories(arrivals: Sequence[Arrival]) -> set[str]:
    return {story for arrival in arrivals for story in arrival.stories}
