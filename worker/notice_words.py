"""What the operator is told of the sources, and when (pure).

A trouble is told when it has lasted for `LASTING`, once, in the day's digest; so is its end. When
most of the sources are lost that is told as soon as it has lasted for `OUTAGE_LASTING`, as one
trouble of its own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.notification import Notice, NoticeLine
from worker.storage.source_health import SourceHealth
from worker.storage.source_notices import Standing

LASTING = timedelta(hours=3)
OUTAGE_LASTING = timedelta(hours=1)
#: Well for so long, and a trouble that nobody was told of never was.
_FORGOTTEN = timedelta(hours=1)
#: From this share of lost sources on it is an outage; a handful of sources has none.
_OUTAGE_SHARE, _LEAST_SOURCES = 0.5, 4
_LINES = 25
#: No source may be called so.
OUTAGE = "*"
_LOST = ("failing", "overdue", "resting")
_FOOTER = "`dyadwatch sources` lists all of them. Times are UTC."


@dataclass(frozen=True, slots=True)
class Digest:
    """What to tell, and what is known once it has been told."""

    notice: Notice
    after: Mapping[str, Standing]


def reviewed(
    before: Mapping[str, Standing], health: Sequence[SourceHealth], now: datetime
) -> dict[str, Standing]:
    """What is known of each trouble after one more look."""
    troubles = {one.source: one.why for one in health if one.why is not None}
    if sentence := outage(health):
        troubles[OUTAGE] = sentence
    found = {
        source: replace(before[source], why=why, well_since=None)
        if source in before
        else Standing(source, why, now)
        for source, why in troubles.items()
    }
    known = {one.source for one in health} | {OUTAGE}
    for source in (before.keys() & known) - troubles.keys():
        standing = before[source]
        well_since = standing.well_since or now
        if standing.told_at is not None or now - well_since < _FORGOTTEN:
            found[source] = replace(standing, well_since=well_since)
    return found


def outage(health: Sequence[SourceHealth]) -> str | None:
    """That most of the sources are lost, in a sentence; None while they are not."""
    lost = [one for one in health if one.trouble in _LOST]
    if len(health) < _LEAST_SOURCES or len(lost) <= len(health) * _OUTAGE_SHARE:
        return None
    unpolled = sum(one.trouble == "overdue" for one in lost) * 2 > len(lost)
    how = "were not polled: is the service" if unpolled else "cannot be read: is the network"
    return (
        f"{len(lost)} of {len(health)} sources {how} well? "
        "Until they are back, nothing is learned and little can be alerted."
    )


def outage_notice(standings: Mapping[str, Standing], now: datetime) -> Digest | None:
    """The word about an outage that has lasted, once."""
    found = standings.get(OUTAGE)
    if found is None or found.told_at or found.well_since or now - found.since < OUTAGE_LASTING:
        return None
    line = NoticeLine("Sources", f"{found.why} Since {_when(found.since)}.")
    notice = Notice("most sources cannot be read", (line,), _FOOTER)
    return Digest(notice, {**standings, OUTAGE: replace(found, told_at=now)})


def digest(
    standings: Mapping[str, Standing], names: Mapping[str, str], slot: datetime, now: datetime
) -> Digest | None:
    """The digest of the slot: what had lasted by then and was not told; None if that is nothing.

    `names` are the sources' names for people.
    """
    ordered = sorted(standings.values(), key=lambda one: (one.since, one.source))
    worse = [one for one in ordered if _is_news(one, slot) and one.source != OUTAGE]
    better = [one for one in ordered if _is_over(one, slot)]
    if not worse and not better:
        return None
    lines = [NoticeLine(names.get(one.source, one.source), _trouble(one)) for one in worse]
    lines += [NoticeLine(_name(one, names), _recovery(one)) for one in better]
    still = sum(one.told_at is not None and one.well_since is None for one in ordered)
    more = f"And {len(lines) - _LINES} more. " if len(lines) > _LINES else ""
    before = f"{still} told of before still need one. " if still else ""
    notice = Notice(_headline(worse, better), tuple(lines[:_LINES]), more + before + _FOOTER)
    told = {one.source: replace(one, told_at=now) for one in worse}
    over = {one.source for one in better}
    kept = {source: one for source, one in standings.items() if source not in over}
    return Digest(notice, kept | told)


def _is_news(standing: Standing, slot: datetime) -> bool:
    lasted = standing.since + LASTING <= slot
    return standing.told_at is None and standing.well_since is None and lasted


def _is_over(standing: Standing, slot: datetime) -> bool:
    well = standing.well_since
    return standing.told_at is not None and well is not None and well + LASTING <= slot


def _headline(worse: Collection[Standing], better: Collection[Standing]) -> str:
    said = []
    if worse:
        said.append(f"{len(worse)} source{'s need' if len(worse) > 1 else ' needs'} a look")
    if better:
        noun = "" if worse else f" source{'s' if len(better) > 1 else ''}"
        said.append(f"{len(better)}{noun} work{'' if len(better) > 1 else 's'} again")
    return ", ".join(said)


def _trouble(standing: Standing) -> str:
    return f"{standing.why} Noticed {_when(standing.since)}."


def _recovery(standing: Standing) -> str:
    since = standing.well_since or standing.since
    return f"Works again since {_when(since)}. It was: {standing.why}"


def _name(standing: Standing, names: Mapping[str, str]) -> str:
    return "Most sources" if standing.source == OUTAGE else names.get(standing.source, "?")


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
