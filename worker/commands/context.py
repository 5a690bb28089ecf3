"""What most commands begin with: settings, profile, database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.log import configure
from worker.settings import read_settings

if TYPE_CHECKING:
    from worker.bootstrap import Services
    from worker.storage.database import Database


def services() -> Services:
    """The services of this command, with the database at its newest schema."""
    from worker.bootstrap import build

    configure()
    built = build(read_settings())
    built.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    built.database.upgrade()
    return built


def database() -> Database:
    """The database alone, for commands that only list what is stored."""
    from worker.storage.database import Database

    configure()
    settings = read_settings()
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored = Database(settings.database_url)
    stored.upgrade()
    return stored
