"""Reads routes.yaml: who is told of which episodes, and how."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from alerts.episode import SEVERITIES
from alerts.pipeline import DEFAULT_GROUP_WAIT, Match, QuietHours, Route
from alerts.ports import Channel
from worker.profile.channels import ChannelList, ChannelOff, read_channels
from worker.profile.environment import Environment
from worker.profile.faults import Faults, Remark
from worker.profile.operator import OperatorRoute, read_operator
from worker.profile.section import Section, nearest, section_of, sections
from worker.profile.times import clock_of, zone_of
from worker.profile.yaml_lines import read_yaml

_KEYS = ("match", "channels", "group_wait", "repeat_every", "quiet_hours", "digest")


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
        Route(
            channels=tuple(name for name in route.channels if name in channels.on),
            match=route.match,
            group_wait=route.group_wait,
            repeat_every=route.repeat_every,
            quiet_hours=route.quiet_hours,
        )
        for route in declared
    )
    return tuple(route for route in narrowed if route.channels)


def _route(section: Section, channels: ChannelList, names: Names) -> Route | None:
    section.only(*_KEYS)
    section.require("channels")
    if section.has("digest"):
        section.fault("this version sends no digests yet; remove this key.", "digest")
    told = section.texts("channels")
    for index, name in enumerate(told):
        if name not in channels.known:
            known = nearest(name, channels.known)
            section.fault(f"there is no channel {name!r}{known}", "channels", index)
    group_wait = section.duration("group_wait", least="0s", most="1d")
    route = Route(
        channels=tuple(dict.fromkeys(told)),
        match=_match(section, names),
        group_wait=DEFAULT_GROUP_WAIT if group_wait is None else group_wait,
        repeat_every=section.duration("repeat_every", least="1m", most="30d"),
        quiet_hours=_quiet_hours(section),
    )
    return route if section.sound else None


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


def _quiet_hours(section: Section) -> QuietHours | None:
    given = section.section("quiet_hours")
    if given is None:
        return None
    given.only("from", "until", "zone")
    given.require("from", "until")
    start, end, zone = clock_of(given, "from"), clock_of(given, "until"), zone_of(given)
    section.sound = section.sound and given.sound
    return QuietHours(start, end, zone) if start and end and zone else None
