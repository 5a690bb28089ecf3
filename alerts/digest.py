"""A digest: what became of the episodes of a route in a day or a week, in one message (pure).

An empty day is not told: no news is nothing to read. An empty week is, in one line, so that whoever
waits for it knows that the watch went on.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from alerts.episode import Episode
from alerts.notification import Notice, NoticeLine
from alerts.pipeline.candidate import rank
from alerts.pipeline.times import Period
from alerts.render_words import counted

#: A digest names so many episodes and so many reasons, and counts the rest.
EPISODES_NAMED = 40
REASONS_NAMED = 8


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A message of `episode` to `channel` that was held back in the time, and for what reason."""

    episode: str
    channel: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a digest is made of: the `episodes` that its route takes and that were opened, escalated
    or resolved from `since` to `until` (aware UTC), or are open; `escalated` says how often."""

    period: Period
    since: datetime
    until: datetime
    episodes: Sequence[Episode]
    escalated: Mapping[str, int]
    held: Sequence[HeldBack]


def compose(gathered: Gathered, rule_names: Mapping[str, str], zone: tzinfo) -> Notice | None:
    """The message of the digest; None for a day in which nothing was.

    `rule_names` are the rules' names for people; times are told by the clock of `zone`.
    """
    ordered = sorted(
        gathered.episodes, key=lambda one: (-rank(one.worst or one.severity), one.opened_at, one.id)
    )
    lines = [_line(one, gathered, rule_names, zone) for one in ordered[:EPISODES_NAMED]]
    if len(ordered) > EPISODES_NAMED:
        rest = counted(len(ordered) - EPISODES_NAMED, "more episode")
        lines.append(NoticeLine("And", f"{rest}."))
    if gathered.held:
        lines.append(NoticeLine("Held back", _held(gathered.held)))
    if not lines:
        if gathered.period == "day":
            return None
        lines.append(NoticeLine("Nothing", "No episode was opened, and none is open."))
    span = f"{_when(gathered.since, zone)} to {_when(gathered.until, zone)}"
    footer = f"{span}, {zone}. `dyadwatch decisions` says what was told to whom, and what was not."
    return Notice(_headline(gathered), tuple(lines), footer, banner="")


def _headline(gathered: Gathered) -> str:
    episodes = gathered.episodes
    opened = sum(_is_new(one, gathered) for one in episodes)
    still = sum(one.state == "open" for one in episodes)
    over = sum(_is_over(one, gathered) for one in episodes)
    said = f"{opened} opened, {len(gathered.escalated)} escalated, {over} resolved, {still} open"
    return f"The {gathered.period}: {said}"


def _line(
    episode: Episode, gathered: Gathered, rule_names: Mapping[str, str], zone: tzinfo
) -> NoticeLine:
    finding = episode.last
    said = [
        f"{counted(finding.stories, 'story')}, {counted(finding.newsrooms, 'newsroom')}",
        f"{_began(episode, gathered)} {_when(episode.opened_at, zone)}",
    ]
    if times := gathered.escalated.get(episode.id):
        said.append("escalated" if times == 1 else f"escalated {times} times")
    said.append(_standing(episode, zone))
    name = rule_names.get(episode.rule, episode.rule)
    return NoticeLine(f"{name} ({episode.severity})", f"{'; '.join(said)}. {episode.id}")


def _standing(episode: Episode, zone: tzinfo) -> str:
    who = episode.handling
    if who.false_alarm:
        return f"a false alarm, says {who.closed_by or 'somebody'}"
    if episode.closed:
        return f"closed by {who.closed_by or 'somebody'}"
    if episode.state == "resolved" and episode.resolved_at is not None:
        return f"over since {_when(episode.resolved_at, zone)}"
    if who.owner is not None:
        return f"still open, with {who.owner}"
    return "still open, with nobody"


def _held(held: Sequence[HeldBack]) -> str:
    reasons = Counter(one.reason for one in held).most_common()
    shown = [f"{count} {reason.replace('_', ' ')}" for reason, count in reasons[:REASONS_NAMED]]
    return f"{counted(len(held), 'message')}: {', '.join(shown)}."


def _began(episode: Episode, gathered: Gathered) -> str:
    """What is over is not open since then."""
    still = episode.state == "open" and not _is_new(episode, gathered)
    return "open since" if still else "opened"


def _is_new(episode: Episode, gathered: Gathered) -> bool:
    return gathered.since <= episode.opened_at < gathered.until


def _is_over(episode: Episode, gathered: Gathered) -> bool:
    over = episode.resolved_at
    return over is not None and gathered.since <= over < gathered.until


def _when(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
