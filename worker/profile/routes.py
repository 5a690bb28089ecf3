"""Reads routes.yaml: who is told of which episodes, and how."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from alerts.episode import SEVERITIES
from alerts.notification import MessageChange
from alerts.pipeline import DEFAULT_GROUP_WAIT, DEFAULT_TELL, Match, Route, Step
from alerts.pipeline.route import CHANGES
from alerts.ports import Channel
from worker.profile.channels import ChannelList, ChannelOff, read_channels
from worker.profile.environment import Environment
from worker.profile.faults import Faults, Remark
from worker.profile.operator import OperatorRoute, read_operator
from worker.profile.route_times import digest_times, mute_times, quiet_hours
from worker.profile.section import Section, nearest, section_of, sections
from worker.profile.yaml_lines import read_yaml

_KEYS = (
    "match", "channels", "tell", "group_wait", "repeat_every", "quiet_hours", "mute_times",
    "digest", "escalate",
)  # fmt: skip
#: What only a route that tells at once can have.
_AT_ONCE = ("tell", "group_wait", "repeat_every", "quiet_hours", "mute_times", "escalate")


@dataclass(frozen=True, slots=True)
class Names:
    """What a route may match on; None where the file that says so could not be read."""

    rules: Mapping[str, str] | None
    categories: Collection[str] | None


@dataclass(frozen=True, slots=True)
class Routing:
    """What routes.yaml came to.

    `routes` go to channels that are on. `declared` are all of them, those whose channels wait for
    the environment included. `rules` of `Names` maps a rule's id to its severity.
    """

    routes: tuple[Route, ...] = ()
    declared: tuple[Route, ...] = ()
    channels: Mapping[str, Channel] = field(default_factory=dict)
    off: tuple[ChannelOff, ...] = ()
    remarks: tuple[Remark, ...] = ()
    operator: OperatorRoute | None = None

    def reaches(self, rule: str, severity: str) -> bool:
        """Whether any declared route may take an episode of this rule."""
        return any(
            (not route.match.rules or rule in route.match.rules)
            and (not route.match.severities or severity in route.match.severities)
            for route in self.declared
        )


def read_routes(
    path: Path,
    names: Names,
    environment: Environment,
    allowed_private_hosts: frozenset[str],
    faults: Faults,
) -> Routing:
    """The routes and channels of one file; every fault goes to `faults`."""
    file = read_yaml(path)
    top = section_of(file, file.content if file.content is not None else {}, faults)
    if top is None:
        return Routing()
    top.only("channels", "routes", "operator")
    channels = read_channels(top.section("channels"), environment, allowed_private_hosts)
    declared = tuple(
        route
        for section in sections(file, top.content.get("routes"), faults, "routes")
        if (route := _route(section, channels, names)) is not None
    )
    return Routing(
        routes=_open(declared, channels),
        declared=declared,
        channels=channels.on,
        off=tuple(channels.off),
        remarks=tuple(channels.remarks),
        operator=read_operator(top.section("operator"), channels.known, channels.on),
    )


def _open(declared: tuple[Route, ...], channels: ChannelList) -> tuple[Route, ...]:
    """The routes with those of their channels that are on; a route without any is left out."""
    narrowed = (
        replace(
            route,
            channels=_on(route.channels, channels),
            escalate=tuple(
                replace(step, channels=told)
                for step in route.escalate
                if (told := _on(step.channels, channels))
            ),
        )
        for route in declared
    )
    return tuple(route for route in narrowed if route.channels)


def _on(names: tuple[str, ...], channels: ChannelList) -> tuple[str, ...]:
    return tuple(name for name in names if name in channels.on)


def _route(section: Section, channels: ChannelList, names: Names) -> Route | None:
    section.only(*_KEYS)
    section.require("channels")
    if section.has("digest"):
        for key in _AT_ONCE:
            if section.has(key):
                section.fault(f"a route with a digest tells nothing at once; remove {key}.", key)
    group_wait = section.duration("group_wait", least="0s", most="1d")
    route = Route(
        channels=_told(section, channels),
        match=_match(section, names),
        group_wait=DEFAULT_GROUP_WAIT if group_wait is None else group_wait,
        repeat_every=section.duration("repeat_every", least="1m", most="30d"),
        quiet_hours=quiet_hours(section),
        mute_times=mute_times(section),
        tell=_changes(section),
        escalate=_steps(section, channels),
        digest=digest_times(section),
    )
    return route if section.sound else None


def _told(section: Section, channels: ChannelList) -> tuple[str, ...]:
    """The names under `channels`, each once; one that is not known is a fault."""
    told = section.texts("channels")
    for index, name in enumerate(told):
        if name not in channels.known:
            known = nearest(name, channels.known)
            section.fault(f"there is no channel {name!r}{known}", "channels", index)
    return tuple(dict.fromkeys(told))


def _changes(section: Section) -> frozenset[MessageChange]:
    """The changes under `tell`; opening is one of them, or there would be no thread."""
    told = section.texts("tell")
    for index, word in enumerate(told):
        if word not in CHANGES:
            section.fault(f"there is no change {word!r}{nearest(word, CHANGES)}", "tell", index)
    if told and "opened" not in told:
        section.fault("'opened' is missing; the rest of a thread follows it.", "tell")
    return frozenset(change for change in CHANGES if change in told) or DEFAULT_TELL


def _steps(section: Section, channels: ChannelList) -> tuple[Step, ...]:
    """The next persons: one step or a list of them, each later than the one before."""
    steps: list[Step] = []
    for given in section.one_or_more("escalate"):
        given.only("after", "channels")
        given.require("after", "channels")
        after = given.duration("after", least="1m", most="7d") or timedelta(0)
        if steps and after and after <= steps[-1].after:
            given.fault("each step comes later than the one before; write a longer time.", "after")
        steps.append(Step(after, _told(given, channels)))
        section.sound = section.sound and given.sound
    return tuple(steps)


def _match(section: Section, names: Names) -> Match:
    given = section.section("match")
    if given is None:
        return Match()
    given.only("rule", "severity", "category")
    rules = given.texts("rule")
    categories = given.texts("category")
    _known(given, "rule", rules, names.rules, "rule")
    _known(given, "category", categories, names.categories, "category")
    severities = _severities(given)
    section.sound = section.sound and given.sound
    return Match(frozenset(rules), severities, frozenset(categories))


def _known(
    given: Section, key: str, words: tuple[str, ...], known: Collection[str] | None, what: str
) -> None:
    for word in words:
        if known is not None and word not in known:
            given.fault(f"there is no {what} {word!r}{nearest(word, known)}", key)


def _severities(given: Section) -> frozenset[str]:
    """`critical`, a list, or `>=warning`."""
    chosen: set[str] = set()
    for word in given.texts("severity"):
        from_here = word.startswith(">=")
        level = word.removeprefix(">=").strip()
        if level not in SEVERITIES:
            given.fault(f"there is no severity {word!r}{nearest(level, SEVERITIES)}", "severity")
        elif from_here:
            chosen.update(SEVERITIES[SEVERITIES.index(level) :])
        else:
            chosen.add(level)
    return frozenset(chosen)
