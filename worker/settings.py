"""The only reader of the environment: `DYADWATCH_*`, any secret also as `…_FILE`.

SettingsError   a variable that cannot be used; the message names it and says what to write
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, urlsplit

import platformdirs

from alerts.channels.secret import Secret
from alerts.notification import Occasion
from worker.profile.durations import parse_duration
from worker.profile.environment import Environment
from worker.trouble import Trouble

PREFIX = "DYADWATCH_"
DATABASE_SCHEMES = ("sqlite", "postgresql+psycopg")
BROKER_SCHEMES = ("redis", "rediss", "redis+socket", "amqp", "amqps")

_SHORTEST = timedelta(seconds=1)
_QUERY_PASSWORD = re.compile(r"([?&]password=)[^&#]*", re.IGNORECASE)
_HOST_PORT = re.compile(r"^(\[[0-9a-fA-F:]+\]|[^\s:/\[\]]+):(\d{1,5})$")


class SettingsError(Trouble):
    """A setting that cannot be used; the message is a sentence that names the variable."""

    exit_status = 2


@dataclass(frozen=True, slots=True)
class Model:
    """A model behind an OpenAI-compatible endpoint, whose base address is `url`."""

    url: str
    name: str
    key: Secret | None


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of `contract.md`, checked.

    `broker_url` None means the embedded broker. `environ` is what profiles may read with
    `${NAME}`. `contact` is told to the servers that are crawled. `occasion` marks the messages of
    `dyadwatch demo`, which sets it. `model` None, the default, means that none is asked. Passwords
    inside the URLs are secrets: print `masked(url)`, never the URL.
    """

    home: Path
    profile: str
    database_url: str
    broker_url: str | None
    evaluate_every: timedelta
    web_bind: str
    web_password: str | None
    allowed_private_hosts: frozenset[str]
    heartbeat_url: str | None
    contact: str
    occasion: Occasion
    environ: Mapping[str, str]
    model: Model | None = None


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; the first one that cannot be used is a `SettingsError`."""
    source = _Environment(os.environ if environ is None else environ)
    home = source.home()
    settings = Settings(
        home=home,
        profile=source.text("PROFILE", "russia_azerbaijan"),
        database_url=source.database_url(home),
        broker_url=source.broker_url(),
        evaluate_every=source.duration("EVALUATE_EVERY", "60s"),
        web_bind=source.bind("WEB_BIND", "127.0.0.1:8642"),
        web_password=source.secret("WEB_PASSWORD"),
        allowed_private_hosts=source.hosts("ALLOWED_PRIVATE_HOSTS"),
        heartbeat_url=source.http_url("HEARTBEAT_URL"),
        contact=source.text("CONTACT", "the operator of this installation"),
        occasion="demo" if source.text("OCCASION", "real") == "demo" else "real",
        environ=source.environ,
        model=source.model(source.hosts("ALLOWED_PRIVATE_HOSTS")),
    )
    if settings.web_password is None and not _is_loopback(settings.web_bind):
        raise SettingsError(
            f"DYADWATCH_WEB_BIND is {settings.web_bind!r}, which others can reach: "
            "set DYADWATCH_WEB_PASSWORD too, or bind to 127.0.0.1."
        )
    return settings


def sqlite_url(home: Path) -> str:
    """The address of the database in this home, whatever characters its path has."""
    return f"sqlite:///{quote(os.fsencode(home / 'dyadwatch.db'))}"


def masked(url: str) -> str:
    """The address without its password, for logs and errors."""
    parts = urlsplit(_QUERY_PASSWORD.sub(r"\1***", url))
    if parts.password is None:
        return parts.geturl()
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{parts.username or ''}:***@{host}").geturl()


@dataclass(frozen=True, slots=True)
class _Environment:
    """Reads one variable at a time, and names it when it cannot be used."""

    environ: Mapping[str, str]

    def secret(self, name: str) -> str | None:
        """The value of NAME, or the content of the file that NAME_FILE names; "" is unset."""
        try:
            return Environment(self.environ).lookup(PREFIX + name)
        except ValueError as error:
            raise SettingsError(str(error)) from None

    def text(self, name: str, default: str) -> str:
        return self.secret(name) or default

    def home(self) -> Path:
        given = self.environ.get("DYADWATCH_HOME", "").strip()
        home = Path(given).expanduser() if given else platformdirs.user_data_path("dyadwatch")
        return home.absolute()

    def duration(self, name: str, default: str) -> timedelta:
        value = self.text(name, default)
        try:
            duration = parse_duration(value)
        except ValueError as error:
            raise SettingsError(f"{PREFIX}{name} is {value!r}: {error}") from None
        if duration < _SHORTEST:
            raise SettingsError(f"{PREFIX}{name} is {value!r}: write 1s or more.")
        return duration

    def database_url(self, home: Path) -> str:
        value = self.secret("DATABASE_URL")
        if value is None:
            return sqlite_url(home)
        if urlsplit(value).scheme == "postgresql":
            raise SettingsError(
                f"DYADWATCH_DATABASE_URL is {masked(value)!r}: "
                "write postgresql+psycopg://… instead."
            )
        return self._url("DATABASE_URL", value, DATABASE_SCHEMES, needs_host=False)

    def broker_url(self) -> str | None:
        value = self.secret("BROKER_URL")
        return value and self._url("BROKER_URL", value, BROKER_SCHEMES, needs_host=False)

    def http_url(self, name: str) -> str | None:
        value = self.secret(name)
        return value and self._url(name, value, ("http", "https"), needs_host=True)

    def model(self, allowed: frozenset[str]) -> Model | None:
        """The model, where its address and its name are both given."""
        url, name, key = self.http_url("MODEL_URL"), self.secret("MODEL"), self.secret("MODEL_KEY")
        if url is None and name is None:
            return None
        if url is None or name is None:
            given, missing = ("MODEL_URL", "MODEL") if url else ("MODEL", "MODEL_URL")
            raise SettingsError(f"{PREFIX}{given} is set, but {PREFIX}{missing} is not; set both.")
        if key and not (key.isascii() and key.isprintable()):
            raise SettingsError(
                f"{PREFIX}MODEL_KEY holds what no request can carry: write one line of ASCII."
            )
        parts = urlsplit(url)
        if key and parts.scheme == "http" and parts.netloc not in allowed:
            raise SettingsError(
                f"{PREFIX}MODEL_KEY would travel in the clear: write https:// in "
                f"{PREFIX}MODEL_URL, or name {parts.netloc.rpartition('@')[2]} in "
                f"{PREFIX}ALLOWED_PRIVATE_HOSTS."
            )
        return Model(url, name, Secret(key) if key else None)

    def bind(self, name: str, default: str) -> str:
        value = self.text(name, default)
        _check_host_port(name, value)
        return value

    def hosts(self, name: str) -> frozenset[str]:
        entries = [entry.strip() for entry in self.text(name, "").split(",")]
        for entry in filter(None, entries):
            _check_host_port(name, entry)
        return frozenset(filter(None, entries))

    def _url(self, name: str, value: str, schemes: tuple[str, ...], needs_host: bool) -> str:
        shapes = " or ".join(f"{scheme}://…" for scheme in schemes)
        try:
            parts = urlsplit(value)
            parts.port  # noqa: B018  a wrong port is told when it is asked for
        except ValueError:
            # Not the error's own words: they quote what may be a password with a "/" in it.
            raise SettingsError(f"{PREFIX}{name} is not an address: write {shapes}.") from None
        if parts.scheme not in schemes or (needs_host and not parts.hostname):
            raise SettingsError(f"{PREFIX}{name} is {masked(value)!r}: write {shapes}.")
        return value


def _check_host_port(name: str, value: str) -> None:
    match = _HOST_PORT.match(value)
    if match is None or not 0 < int(match[2]) < 65536:
        raise SettingsError(
            f"{PREFIX}{name} is {value!r}: write HOST:PORT, such as 127.0.0.1:8901."
        )


def _is_loopback(bind: str) -> bool:
    host = bind.rpartition(":")[0].strip("[]")
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
