"""A loaded profile: everything that it says, checked, and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alerts.pipeline import Route
from alerts.ports import Channel
from alerts.rules import Rule
from crawler.source import Source
from worker.classify.lexicon import Lexicon
from worker.profile.channels import ChannelOff
from worker.profile.operator import OperatorRoute


@dataclass(frozen=True, slots=True)
class Profile:
    """What is watched, what raises an alert, and who is told.

    `dyad` are two ISO 3166-1 alpha-3 codes. `sources` has every source, `polled` those that this
    version asks, `left_out` says of each source that the profile leaves out why, by id.
    `rule_names` gives each rule's human name. `routes` name only channels that are in `channels`;
    `channels_off` wait for the environment. `directories` is the profile's own directory and then
    those that it extends. `operator` is who hears of the sources' troubles, None: nobody.
    `false_alarms_per_year` is what all rules promise together (it is shared out among `rules`
    already), None: each rule promises for itself.
    """

    name: str
    dyad: tuple[str, str]
    languages: tuple[str, ...]
    sources: tuple[Source, ...]
    polled: tuple[Source, ...]
    left_out: Mapping[str, str]
    lexicon: Lexicon
    rules: tuple[Rule, ...]
    rule_names: Mapping[str, str]
    routes: tuple[Route, ...]
    channels: Mapping[str, Channel]
    channels_off: tuple[ChannelOff, ...]
    directories: tuple[Path, ...]
    operator: OperatorRoute | None = None
    false_alarms_per_year: float | None = None

    @property
    def silent(self) -> str | None:
        """The sentence to say at the start when no message can leave, or None."""
        if self.routes:
            return None
        off = " ".join(str(channel) for channel in self.channels_off)
        return f"Nobody is told: alerts are stored only. {off}".rstrip()
