"""Reads `channels` of routes.yaml: where messages can go, with the secrets taken from outside.

Besides the keys of its kind a channel may have `when_set`, a list of environment variables:

    none of them set    the channel is off, and says so when the service starts
    all of them set     the channel is on
    some of them set    a fault, because somebody meant to turn it on
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alerts.channels import KINDS, ChannelError, build_channel
from alerts.channels.secret import Secret
from alerts.ports import Channel
from worker.profile.addresses import wrong_address
from worker.profile.environment import Environment
from worker.profile.faults import Remark
from worker.profile.section import Section, nearest

#: Kinds of the contract that this version cannot send to.
LATER_KINDS = frozenset({"webhook", "apprise"}) - frozenset(KINDS)

#: Keys whose values no log, error or listing may show.
SECRET_KEYS = {"email": ("password",), "slack": ("url", "token")}

#: Keys that may hold several mail addresses with commas, as an environment variable must.
_ADDRESS_KEYS = ("from", "to")


@dataclass(frozen=True, slots=True)
class ChannelOff:
    """A channel that waits for its `when_set` variables, none of which is set."""

    name: str
    kind: str
    needs: tuple[str, ...]

    def __str__(self) -> str:
        return f"The channel {self.name} is off; set {' and '.join(self.needs)} to turn it on."


@dataclass(slots=True)
class ChannelList:
    """What `channels` came to: `known` are all names that a route may use, broken ones included."""

    on: dict[str, Channel] = field(default_factory=dict)
    off: list[ChannelOff] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)


def read_channels(
    given: Section | None, environment: Environment, allowed_private_hosts: frozenset[str]
) -> ChannelList:
    """Every channel of the mapping; faults go where the section's faults go."""
    channels = ChannelList()
    if given is None:
        return channels
    for name in given.content:
        channels.known.add(str(name))
        section = given.section(name)
        if section is not None:
            _read(str(name), section, environment, allowed_private_hosts, channels)
    return channels


def _read(
    name: str,
    section: Section,
    environment: Environment,
    allowed_private_hosts: frozenset[str],
    channels: ChannelList,
) -> None:
    kind = _kind(section)
    if kind is None or not _is_on(name, kind, section, environment, channels):
        return
    section.only("kind", "when_set", *KINDS[kind].keys)
    channels.remarks += _bare_secrets(section, kind)
    options = _options(section, kind, environment)
    url = options.get("url")
    if isinstance(url, Secret) and (wrong := wrong_address(url.reveal())):
        section.fault(wrong, "url")
    if not section.sound:
        return
    try:
        channels.on[name] = build_channel(name, kind, options, allowed_private_hosts)
    except ChannelError as error:
        section.fault(str(error), error.key)


def _kind(section: Section) -> str | None:
    section.require("kind")
    kind = section.text("kind")
    if kind is None or kind in KINDS:
        return kind
    if kind in LATER_KINDS:
        known = " or ".join(sorted(KINDS))
        section.fault(f"this version cannot send by {kind} yet; use {known}.", "kind")
    else:
        section.fault(f"{kind!r} is no kind of channel{nearest(kind, KINDS)}", "kind")
    return None


def _is_on(
    name: str, kind: str, section: Section, environment: Environment, channels: ChannelList
) -> bool:
    needs = section.texts("when_set")
    unset = tuple(variable for variable in needs if not environment.is_set(variable))
    if needs and unset == needs:
        channels.off.append(ChannelOff(name, kind, needs))
        return False
    if unset:
        present = " and ".join(variable for variable in needs if variable not in unset)
        missing = " and ".join(unset)
        section.fault(f"{present} is set, but {missing} is not; set it as well.", "when_set")
        return False
    return True


def _options(section: Section, kind: str, environment: Environment) -> Mapping[str, object]:
    """The channel's keys with every `${NAME}` replaced; what expands to nothing is left out."""
    options: dict[str, object] = {}
    for key, value in section.content.items():
        if key in ("kind", "when_set"):
            continue
        try:
            expanded = _expand(value, environment)
        except ValueError as error:
            section.fault(str(error), key)
            continue
        if key in _ADDRESS_KEYS:
            expanded = _split(expanded)
        if expanded not in (None, "", []):
            options[key] = expanded
    for key in SECRET_KEYS.get(kind, ()):
        if isinstance(options.get(key), str):
            options[key] = Secret(str(options[key]))
    recipients = options.get("to")
    if kind == "email" and isinstance(recipients, list):
        # A mail to oneself: most servers accept a sender that is also the recipient.
        options.setdefault("from", recipients[:1])
    return options


def _expand(value: object, environment: Environment) -> object:
    if isinstance(value, str):
        return environment.expand(value).strip()
    if isinstance(value, list):
        return [_expand(entry, environment) for entry in value]
    return value


def _split(value: object) -> object:
    """A list of addresses from one string with commas, or from a list of such strings."""
    entries = value if isinstance(value, list) else [value]
    split: list[object] = []
    for entry in entries:
        split += [part.strip() for part in entry.split(",")] if isinstance(entry, str) else [entry]
    return [part for part in split if part not in (None, "")]


def _bare_secrets(section: Section, kind: str) -> list[Remark]:
    """Secrets that stand in the file itself, where backups and repositories pick them up."""
    return [
        Remark(
            f"the {key} is a secret and stands in this file; "
            "write ${NAME} instead, and set NAME or NAME_FILE.",
            section.file.path,
            section.file.line(*section.place, key),
        )
        for key in SECRET_KEYS.get(kind, ())
        if isinstance(section.content.get(key), str) and "${" not in section.content[key]
    ]
