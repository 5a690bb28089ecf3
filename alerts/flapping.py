"""Flapping: an episode that goes up and down again and again tells people nothing by it.

What is counted is turns: up after down (it escalates or is opened again) and down after up (it
calms or is resolved). An episode that climbs three times and then ends has turned once. With more
than `MOST_TURNS` in a period it flaps, until no more than `FEW_TURNS` are left of them: between the
two it stays what it was. While it flaps every change is kept, and one is told.

The period is a dozen of the silences that end such an episode: 12 hours for a rule that looks back
an hour, a day for two hours, twelve days for a rule that looks back a day or more.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

#: The reason for which a message is held.
FLAPPING = "flapping"

#: A crisis of two waves turns three times: up, down, up, down.
MOST_TURNS = 3
FEW_TURNS = 1
QUIETS_A_PERIOD = 12


@dataclass(frozen=True, slots=True)
class Flapping:
    """When an episode turned lately (aware UTC), and `since` when it flaps: None while it does not.

    `rising` is the direction of its last change.
    """

    rising: bool = True
    turns: tuple[datetime, ...] = ()
    since: datetime | None = None


STEADY = Flapping()


def moved(before: Flapping, now: datetime, quiet: timedelta, *, up: bool) -> Flapping:
    """What a change at `now`, upwards or downwards, makes of it; `quiet` is the silence after which
    the episode is resolved."""
    if up == before.rising:
        return eased(before, now, quiet)
    turned = replace(before, rising=up, turns=(*before.turns, now))
    return eased(turned, now, quiet)


def eased(before: Flapping, now: datetime, quiet: timedelta) -> Flapping:
    """The same at `now`, when old turns are forgotten."""
    turns = tuple(turn for turn in before.turns if now - turn < QUIETS_A_PERIOD * quiet)
    since = before.since
    if len(turns) > MOST_TURNS:
        since = since or now
    elif len(turns) <= FEW_TURNS:
        since = None
    return replace(before, turns=turns, since=since)


def holds(flapping: Flapping, last_told: datetime | None, *, record: bool = False) -> bool:
    """Whether a change is not to be told: the episode flaps, and somebody was told since it does.

    `last_told` is when they were told last of this episode, None if never. A `record`, more severe
    than the episode has ever been, is told in any case.
    """
    if flapping.since is None or record:
        return False
    return last_told is not None and last_told >= flapping.since
