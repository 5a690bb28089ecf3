"""What keeps this installation from working, each in a sentence with its remedy."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import packages_distributions

from worker import clock
from worker.app import broker_url, build_app
from worker.broker import BrokerUnavailable, EmbeddedBroker
from worker.notice_words import outage
from worker.profile.loader import load_profile
from worker.profile.yaml_lines import ProfileError
from worker.service import broker_failure
from worker.settings import Settings, masked
from worker.storage import inbox, outbox
from worker.storage.database import Database, DatabaseError
from worker.storage.source_health import source_health

#: The schema of an answer that says nothing.
_EMPTY = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}

OUR_PACKAGES = ("crawler", "worker", "alerts")
_LEAST_FREE_BYTES = 1 << 30
_OLDEST_PENDING = timedelta(minutes=10)
#: Nothing that this version wrote is older than this: a clock before it is wrong.
_BUILT = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Checkup:
    """One subject: whether it is well, and a sentence."""

    subject: str
    well: bool
    sentence: str


def examine(settings: Settings) -> Iterator[Checkup]:
    """Every check, in the order in which one would look."""
    yield _packages()
    yield _clock()
    yield _disk(settings)
    yield _profile(settings)
    yield _channels(settings)
    yield _broker(settings)
    yield from _database(settings)
    yield from _model(settings)


def _packages() -> Checkup:
    claims = packages_distributions()
    foreign = {
        name: sorted(set(claims.get(name, ())) - {"dyadwatch"})
        for name in OUR_PACKAGES
        if set(claims.get(name, ())) - {"dyadwatch"}
    }
    if foreign:
        told = "; ".join(f"{name} also comes from {', '.join(by)}" for name, by in foreign.items())
        return Checkup(
            "packages", False, f"{told}: install dyadwatch into an environment of its own."
        )
    return Checkup("packages", True, "no other distribution claims our package names.")


def _clock() -> Checkup:
    now = clock.now()
    if now < _BUILT:
        return Checkup(
            "clock", False, f"this machine believes it is {now:%Y-%m-%d}: set its clock."
        )
    return Checkup("clock", True, f"{now:%Y-%m-%d %H:%M:%S} UTC.")


def _disk(settings: Settings) -> Checkup:
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = settings.home / ".doctor"
        probe.write_text("", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        return Checkup(
            "disk",
            False,
            f"{settings.home} cannot be written to ({error.strerror}): "
            "set DYADWATCH_HOME to a directory of yours.",
        )
    free = shutil.disk_usage(settings.home).free
    told = f"{free / 1e9:.1f} GB free at {settings.home}"
    if free < _LEAST_FREE_BYTES:
        return Checkup("disk", False, f"only {told}: free at least 1 GB, or move DYADWATCH_HOME.")
    return Checkup("disk", True, f"{told}.")


def _profile(settings: Settings) -> Checkup:
    try:
        profile = load_profile(settings.profile, settings.environ, settings.allowed_private_hosts)
    except ProfileError as error:
        return Checkup("profile", False, str(error))
    return Checkup(
        "profile",
        True,
        f"{profile.name}: {len(profile.polled)} sources are polled, {len(profile.rules)} rules.",
    )


def _channels(settings: Settings) -> Checkup:
    try:
        profile = load_profile(settings.profile, settings.environ, settings.allowed_private_hosts)
    except ProfileError:
        return Checkup("channels", False, "they cannot be read before the profile is mended.")
    if profile.silent:
        return Checkup("channels", True, profile.silent)
    names = ", ".join(profile.channels)
    return Checkup("channels", True, f"{names}; `dyadwatch notify test` sends through them.")


def _broker(settings: Settings) -> Checkup:
    name = masked(broker_url(settings))
    if settings.broker_url is None:
        return _embedded(settings)
    failure = broker_failure(build_app(settings))
    if failure:
        return Checkup(
            "broker",
            False,
            f"{name} does not answer ({failure}): start it, or correct DYADWATCH_BROKER_URL.",
        )
    return Checkup("broker", True, f"{name} answers.")


def _embedded(settings: Settings) -> Checkup:
    broker = EmbeddedBroker(settings.home)
    if broker.answers():
        return Checkup("broker", True, "the embedded broker is running.")
    try:
        broker.start()
    except BrokerUnavailable as error:
        return Checkup("broker", False, str(error))
    broker.stop()
    return Checkup("broker", True, "the embedded broker can run here; it starts with the service.")


def _database(settings: Settings) -> Iterator[Checkup]:
    name = "database"
    try:
        database = Database(settings.database_url)
        database.upgrade()
        problem = database.check()
    except DatabaseError as error:
        yield Checkup(name, False, str(error))
        return
    if problem:
        yield Checkup(name, False, problem)
        return
    yield Checkup(name, True, f"{database.name} works.")
    yield _inbox(database)
    yield _outbox(database)
    yield _sources(settings, database)


def _inbox(database: Database) -> Checkup:
    found = inbox.counts(database)
    if found.oldest and clock.now() - found.oldest > _OLDEST_PENDING:
        return Checkup(
            "inbox",
            False,
            f"{found.pending} articles wait, the oldest since {found.oldest:%Y-%m-%d %H:%M} UTC: "
            "is `dyadwatch run` running?",
        )
    if found.quarantined:
        reasons = {row.reason for row in inbox.quarantined(database, 3)}
        return Checkup(
            "inbox",
            False,
            f"{found.quarantined} articles were set aside after three attempts: "
            f"{' '.join(sorted(reasons))}",
        )
    return Checkup("inbox", True, f"{found.pending} articles wait.")


def _outbox(database: Database) -> Checkup:
    found = outbox.counts(database)
    if found.dead:
        with database.read() as conn:
            last = outbox.listing(conn, status=outbox.DEAD, limit=1)[0]
        return Checkup(
            "outbox",
            False,
            f"{found.dead} messages could not be delivered; the last, {last.key}: {last.error}",
        )
    return Checkup("outbox", True, f"{found.due} messages wait.")


def _sources(settings: Settings, database: Database) -> Checkup:
    """A fault when most of them are lost: one of many always is."""
    try:
        profile = load_profile(settings.profile, settings.environ, settings.allowed_private_hosts)
    except ProfileError:
        return Checkup("sources", False, "they cannot be read before the profile is mended.")
    health = source_health(database, profile.polled, clock.now())
    troubled = [one for one in health if one.trouble not in (None, "unpolled")]
    told = f"{len(troubled)} of {len(health)} need a look; `dyadwatch sources` tells why."
    if lost := outage(health):
        return Checkup("sources", False, lost)
    return Checkup("sources", True, told if troubled else "none needs a look.")


def _model(settings: Settings) -> Iterator[Checkup]:
    """Nothing where none is named: nobody needs one."""
    if settings.model is None:
        return
    from worker.model.client import ModelTrouble, client_of

    client = client_of(settings.model, settings.allowed_private_hosts)
    try:
        client.ask([{"role": "user", "content": "Answer with an empty JSON object."}], _EMPTY)
    except ModelTrouble as trouble:
        yield Checkup(
            "model",
            False,
            f"{client.model}: {trouble}; until it answers the lexicon decides alone.",
        )
    else:
        yield Checkup("model", True, f"{client.model} answers.")
