"""What most commands begin with: settings, profile, database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from worker.log import configure
from worker.settings import SettingsError, read_settings

if TYPE_CHECKING:
    from worker.bootstrap import Services
    from worker.storage.database import Database


def services() -> Services:
    """The services of this command, with the database at its newest schema."""
    from worker.bootstrap import build

    configure()
    built = build(read_settings())
    _make_home(built.settings.home)
    built.database.upgrade()
    return built


def database() -> Database:
    """The database alone, for commands that only list what is stored."""
    from worker.storage.database import Database

    configure()
    settings = read_settings()
    _make_home(settings.home)
    stored = Database(settings.database_url)
    stored.upgrade()
    return stored


def stored(*, upgrade: bool = True) -> Database | None:
    """The database, if anything was ever stored: for commands that also work without.

    With `upgrade` it has the newest schema. One that cannot be reached raises when it is used.
    """
    from worker.storage.database import Database

    configure()
    kept = Database(read_settings().database_url)
    if not kept.exists():
        return None
    if upgrade:
        kept.upgrade()
    return kept


def _make_home(home: Path) -> None:
    """The directory of what is stored, for its owner alone."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(
            f"DYADWATCH_HOME: {home} cannot be made a directory ({error.strerror}); "
            "name one that you may write to."
        ) from None
