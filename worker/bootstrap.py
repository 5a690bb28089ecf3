"""The only wiring: settings in, everything that a task or a command works with out."""

from dataclasses import dataclass
from functools import cached_property

from celery import Celery

from worker.app import build_app
from worker.classify import Classifier
from worker.profile.fingerprint import fingerprints
from worker.profile.loader import load_profile
from worker.profile.model import Profile
from worker.settings import Settings
from worker.storage.database import Database


@dataclass(frozen=True)
class Services:
    """What the effects work with. Safe to carry into forked children."""

    settings: Settings
    profile: Profile
    database: Database
    celery: Celery

    @cached_property
    def classifier(self) -> Classifier:
        """Built when it is first needed: its tables take a moment.

        With a model it waits for the network: never call it inside a transaction.
        """
        if self.settings.model is None:
            return Classifier(self.profile.lexicon)
        from worker.model import ModelClassifier, client_of

        client = client_of(self.settings.model, self.settings.allowed_private_hosts)
        return ModelClassifier(self.profile.lexicon, client)


def build(settings: Settings, celery: Celery | None = None) -> Services:
    """Everything for these settings; a profile that cannot be used is a `ProfileError`."""
    profile = load_profile(settings.profile, settings.environ, settings.allowed_private_hosts)
    # Now, while the files are what was loaded: an alert names them by these.
    fingerprints(profile.directories)
    return Services(
        settings=settings,
        profile=profile,
        database=Database(settings.database_url),
        celery=celery or build_app(settings),
    )
