"""Which message goes to which channel, and when: route → group, repeat, overlap, quiet, dedup.

Pure: episodes, routes and the log of what was told go in, one decision for each message comes out,
Passed with the moment at which it is due, or Held with a named reason.

An episode that opens is told once to each channel. While it stays open it is told again only where
its route has `repeat_every`. Its updates are silent, and so is its end.

One burst often fires several rules, some of them seconds after the others, and on different halves
of it. A channel hears of it once: a rule on the same burst is held when it is no more severe, or
when the channel was told within the last minute; a more severe one takes the place of a message
that has not left yet. For that, a route without `group_wait` of its own waits a few seconds.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo

from alerts.episode import SEVERITIES, Episode, known_from, linked
from alerts.notification import MessageChange

#: Every reason for which a message is held.
NOT_DUE = "repeat_not_due"
COVERED = "covered"
TOLD_ALREADY = "told_already"

#: Long enough for sources that are polled every few seconds to bring the rest of a burst, and short
#: enough for whoever waits for it.
DEFAULT_GROUP_WAIT = timedelta(seconds=5)

#: One burst reaches several rules within seconds, by the order in which its reports come in.
JUST_TOLD = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Passed:
    """The message goes out at `due_at` (aware UTC), which may be now, instead of those of the keys
    `replaces`, which have not left."""

    due_at: datetime
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """The message does not go out: a constant of this module, and a sentence."""

    reason: str
    detail: str


Verdict = Passed | Held


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until `end`, by the clock of `zone`; it may cross midnight, and never covers
    the whole day (equal ends mean no quiet at all)."""

    start: time
    end: time
    zone: tzinfo

    def end_after(self, moment: datetime) -> datetime | None:
        """When the quiet hours that contain `moment` end (UTC), or None outside of them."""
        local = moment.astimezone(self.zone)
        clock = local.time()
        crosses = self.start > self.end
        if not (
            self.start <= clock or clock < self.end if crosses else self.start <= clock < self.end
        ):
            return None
        next_day = crosses and clock >= self.start
        day = local.date() + timedelta(days=1 if next_day else 0)
        return datetime.combine(day, self.end, tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Match:
    """Which episodes a route takes: each field that is given must hold; an empty one takes all."""

    rules: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    def takes(self, episode: Episode, categories: Collection[str]) -> bool:
        """Whether this episode, whose counted events are of `categories`, is taken."""
        return (
            (not self.rules or episode.rule in self.rules)
            and (not self.severities or episode.severity in self.severities)
            and (not self.categories or not self.categories.isdisjoint(categories))
        )


@dataclass(frozen=True, slots=True)
class Route:
    """Who is told of which episodes, and how.

    `group_wait` lets a message gather stories, and be replaced by a more severe one on the same
    burst, before it leaves; 0 sends at once. `repeat_every`
    None never repeats. `quiet_hours` hold back what is not critical until they end.
    """

    channels: tuple[str, ...]
    match: Match = Match()
    group_wait: timedelta = timedelta(0)
    repeat_every: timedelta | None = None
    quiet_hours: QuietHours | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A message that is in the outbox, whatever has become of it; `waits` while nobody has tried to
    send it."""

    key: str
    episode: str
    channel: str
    number: int
    due_at: datetime
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that might go out: `number` 0 tells of the opening, 1 is the first repeat."""

    episode: Episode
    route: Route
    channel: str
    number: int = 0
    last_due: datetime | None = None

    @property
    def change(self) -> MessageChange:
        return "repeat" if self.number else "opened"

    @property
    def key(self) -> str:
        """The outbox key: one episode, change and channel are one message, for ever."""
        number = f"-{self.number}" if self.number else ""
        return f"{self.episode.id}:{self.change}{number}:{self.channel}"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one candidate."""

    candidate: Candidate
    verdict: Verdict


@dataclass(slots=True)
class _Ledger:
    """What was told so far, this round's decisions included."""

    episodes: Mapping[str, Episode]
    told: list[Told] = field(default_factory=list)

    def last(self, episode: str, channel: str) -> Told | None:
        """The newest message of this episode to this channel."""
        mine = [told for told in self.told if (told.episode, told.channel) == (episode, channel)]
        return max(mine, key=lambda told: told.number, default=None)

    def same_burst(self, candidate: Candidate) -> list[tuple[Told, Episode]]:
        """What this candidate's channel has been told of the same burst, as other episodes."""
        burst = self._burst(candidate.episode)
        found = []
        for told in self.told:
            other = self.episodes.get(told.episode)
            if other is None or other.id == candidate.episode.id:
                continue
            if told.channel == candidate.channel and (
                other.id in burst or known_from(candidate.episode.last, other)
            ):
                found.append((told, other))
        return sorted(found, key=lambda pair: pair[1].id)

    def milder_waiting(self, candidate: Candidate) -> list[Told]:
        """Messages on the same burst that are less severe and have not left yet."""
        if candidate.number:
            return []
        severity = SEVERITIES.index(candidate.episode.severity)
        return [
            told
            for told, other in self.same_burst(candidate)
            if told.waits and SEVERITIES.index(other.severity) < severity
        ]

    def _burst(self, episode: Episode) -> set[str]:
        """The episodes that tell of the same burst: one rule may see one half of it, another the
        other half, and a third, untold, holds them together."""
        found, ahead = {episode.id}, [episode]
        while ahead:
            one = ahead.pop()
            for other in self.episodes.values():
                if other.id not in found and linked(one, other):
                    found.add(other.id)
                    ahead.append(other)
        return found


def decide(
    opened: Sequence[Episode],
    standing: Sequence[Episode],
    routes: Sequence[Route],
    told: Iterable[Told],
    now: datetime,
    categories: Mapping[str, Collection[str]] | None = None,
) -> tuple[Decision, ...]:
    """Every message that this evaluation could send, with its verdict, the most severe first.

    `opened` are the episodes that were opened by this evaluation, `standing` the others that are
    open, `told` the outbox rows of all of them. `categories` gives for an episode's identifier
    what its counted events are about, for routes that match on it.
    """
    ledger = _Ledger({episode.id: episode for episode in (*standing, *opened)}, list(told))
    decisions = []
    for candidate in _candidates(opened, standing, routes, ledger, categories or {}):
        verdict = _through(candidate, ledger, now)
        decisions.append(Decision(candidate, verdict))
        if isinstance(verdict, Passed):
            ledger.told = [told for told in ledger.told if told.key not in verdict.replaces]
            ledger.told.append(_told(candidate, verdict))
    return tuple(decisions)


def _through(candidate: Candidate, ledger: _Ledger, now: datetime) -> Verdict:
    """The candidate through every stage: each may move the moment at which it is due, or hold."""
    verdict: Verdict = Passed(now)
    for stage in STAGES:
        if isinstance(verdict, Passed):
            verdict = stage(candidate, ledger, verdict.due_at)
    if isinstance(verdict, Passed):
        replaced = tuple(told.key for told in ledger.milder_waiting(candidate))
        return Passed(verdict.due_at, replaced)
    return verdict


def _group(candidate: Candidate, ledger: _Ledger, due: datetime) -> Verdict:
    """The wait counts from the first message on the burst: it does not begin anew with each rule
    that takes the place of another."""
    if candidate.number:
        return Passed(due)
    waited = candidate.episode.opened_at + candidate.route.group_wait
    earliest = min([waited, *(told.due_at for told in ledger.milder_waiting(candidate))])
    return Passed(max(due, earliest))


def _repeat(candidate: Candidate, _: _Ledger, due: datetime) -> Verdict:
    every = candidate.route.repeat_every
    if not candidate.number or candidate.last_due is None or every is None:
        return Passed(due)
    if candidate.last_due + every > due:
        when = f"{candidate.last_due + every:%Y-%m-%d %H:%M} UTC"
        return Held(NOT_DUE, f"{candidate.channel} was told; it is told again at {when}.")
    return Passed(due)


def _overlap(candidate: Candidate, ledger: _Ledger, due: datetime) -> Verdict:
    """One burst often fires several rules: a channel hears of it once, unless it gets worse."""
    for told, other in ledger.same_burst(candidate):
        as_severe = SEVERITIES.index(other.severity) >= SEVERITIES.index(candidate.episode.severity)
        # Whoever was woken a moment ago is reading: how severe it is they see for themselves.
        reading = not told.waits and candidate.episode.opened_at - told.due_at < JUST_TOLD
        if not candidate.number and (as_severe or reading):
            return Held(COVERED, f"{candidate.channel} was told of this burst as {other.id}.")
    return Passed(due)


def _quiet_hours(candidate: Candidate, _: _Ledger, due: datetime) -> Verdict:
    quiet = candidate.route.quiet_hours
    if quiet is None or candidate.episode.severity == "critical":
        return Passed(due)
    return Passed(quiet.end_after(due) or due)


def _dedup(candidate: Candidate, ledger: _Ledger, due: datetime) -> Verdict:
    if any(told.key == candidate.key for told in ledger.told):
        return Held(TOLD_ALREADY, f"{candidate.key} is in the outbox already.")
    return Passed(due)


STAGES: tuple[Callable[[Candidate, _Ledger, datetime], Verdict], ...] = (
    _group,
    _repeat,
    _overlap,
    _quiet_hours,
    _dedup,
)


def _candidates(
    opened: Sequence[Episode],
    standing: Sequence[Episode],
    routes: Sequence[Route],
    ledger: _Ledger,
    categories: Mapping[str, Collection[str]],
) -> Iterator[Candidate]:
    for episode in sorted(opened, key=_most_severe_first):
        for channel, route in _routed(episode, routes, categories).items():
            yield Candidate(episode, route, channel)
    for episode in sorted(standing, key=_most_severe_first):
        for channel, route in _routed(episode, routes, categories).items():
            last = ledger.last(episode.id, channel)
            if route.repeat_every is not None and last is not None and episode.state == "open":
                yield Candidate(episode, route, channel, last.number + 1, last.due_at)


def _routed(
    episode: Episode, routes: Sequence[Route], categories: Mapping[str, Collection[str]]
) -> dict[str, Route]:
    """The channels that hear of this episode, each by the first route that takes it there."""
    channels: dict[str, Route] = {}
    for route in routes:
        if route.match.takes(episode, categories.get(episode.id, ())):
            for channel in route.channels:
                channels.setdefault(channel, route)
    return channels


def _most_severe_first(episode: Episode) -> tuple[int, datetime, int, str]:
    """Of equals that opened together, the one that has more to tell."""
    severity = SEVERITIES.index(episode.severity)
    return -severity, episode.opened_at, -episode.last.stories, episode.id


def _told(candidate: Candidate, passed: Passed) -> Told:
    return Told(
        candidate.key,
        candidate.episode.id,
        candidate.channel,
        candidate.number,
        passed.due_at,
        waits=True,
    )
