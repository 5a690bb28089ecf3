"""What a stage may know besides its candidate: what was told, what is silenced, what was held."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.episode import Episode, Transition, known_from, linked
from alerts.level import ANOTHER_BURST
from alerts.pipeline.candidate import Candidate, Told, rank
from alerts.silence import Silence


@dataclass(slots=True)
class Ledger:
    """What was told so far, this round's decisions included, and what else decides.

    `moved` says what this evaluation did to an episode. `earlier` gives for a message's key every
    reason for which it was held before. `editing` are the channels that change a message that is
    there instead of sending another.
    """

    now: datetime
    episodes: Mapping[str, Episode]
    told: list[Told] = field(default_factory=list)
    moved: Mapping[str, Transition] = field(default_factory=dict)
    categories: Mapping[str, Collection[str]] = field(default_factory=dict)
    silences: Sequence[Silence] = ()
    earlier: Mapping[str, Collection[str]] = field(default_factory=dict)
    editing: Collection[str] = ()

    def of(self, episode: str, channel: str) -> list[Told]:
        """What this channel was told of this episode, in order."""
        return [told for told in self.told if (told.episode, told.channel) == (episode, channel)]

    def held_before(self, candidate: Candidate) -> Collection[str]:
        """Every reason for which this message was held before."""
        return self.earlier.get(candidate.key, ())

    def same_burst(self, candidate: Candidate) -> list[tuple[Told, Episode]]:
        """What this candidate's channel has been told of the same burst, as other episodes."""
        burst = self._burst(candidate.episode)
        found = []
        for told in self.told:
            other = self.episodes.get(told.episode)
            if other is None or other.id == candidate.episode.id:
                continue
            if told.channel != candidate.channel or not self._told_of(told, other):
                continue
            if other.id in burst or known_from(candidate.episode.last, other):
                found.append((told, other))
        return sorted(found, key=lambda pair: pair[1].id)

    def milder_waiting(self, candidate: Candidate) -> list[Told]:
        """Messages on the same burst that are less severe and have not left yet."""
        if candidate.change != "opened":
            return []
        return [
            told
            for told, other in self.same_burst(candidate)
            if told.waits and rank(other.severity) < rank(candidate.episode.severity)
        ]

    def waiting(self, candidate: Candidate) -> list[Told]:
        """Messages on this very episode to this channel that have not left yet."""
        return [told for told in self.of(candidate.episode.id, candidate.channel) if told.waits]

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

    def _told_of(self, told: Told, episode: Episode) -> bool:
        """Whether the message told of what the episode rests on now: when another burst has just
        come, what left before told of the one before."""
        moved = self.moved.get(episode.id)
        return told.waits or moved is None or moved.reason != ANOTHER_BURST
