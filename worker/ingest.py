"""From the inbox into the tables: articles are taken in, classified, and stored, each once."""

import logging
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

from kombu.exceptions import OperationalError

from crawler.article import Article
from worker import clock
from worker.app import BULK, CONFIRM_SECONDS, INGEST
from worker.bootstrap import Services
from worker.classify import Classifier
from worker.newsrooms import (
    Publisher,
    left_out_domains,
    published_on,
    publishers_by_domain,
    with_publisher,
)
from worker.storage import inbox
from worker.storage.articles import ClassifiedArticle, StoreReport, store
from worker.storage.database import DatabaseError
from worker.stories.fingerprint import fingerprint
from worker.stories.sketch import sketch
from worker.timing import Origin

log = logging.getLogger(__name__)

Asked = Literal["sent", "broker_away"]

#: A batch that was begun this long ago and is not done has lost its worker.
BEGUN_PATIENCE = timedelta(seconds=20)
#: A batch that nobody has begun for so long has been lost by the broker, or waits in a long queue;
#: to enqueue it twice is harmless.
QUEUED_PATIENCE = timedelta(seconds=30)
#: A request that could not be served within this is overtaken by the next tick.
_OVERTAKEN_SECONDS = 30


@dataclass
class InboxSink:
    """An `ArticleSink`: puts articles into the inbox, then tells the workers.

    Each goes in under its publisher's newsroom. Crawled ones of a publisher that the profile leaves
    out do not go in; what somebody hands in does.
    """

    services: Services
    origin: Origin
    taken: list[int] = field(default_factory=list)
    _left_alone_until: float = 0.0

    def put(self, articles: Sequence[Article]) -> None:
        wanted = [self._with_publisher(one) for one in articles if not self._is_left_out(one)]
        ids = inbox.put(self.services.database, wanted, clock.now(), self.origin)
        self.taken.extend(ids)
        batches = [ids[i : i + inbox.BATCH] for i in range(0, len(ids), inbox.BATCH)]
        # A crawl puts articles in one by one: it must not wait for the broker at each of them.
        if time.monotonic() < self._left_alone_until:
            return
        queue = INGEST if self.origin == "crawl" else BULK
        if enqueue_all(self.services, batches, queue) == "broker_away":
            self._left_alone_until = time.monotonic() + QUEUED_PATIENCE.total_seconds()

    def _with_publisher(self, article: Article) -> Article:
        return with_publisher(article, self._publishers, crawled=self.origin == "crawl")

    def _is_left_out(self, article: Article) -> bool:
        return self.origin == "crawl" and not self._left_out.isdisjoint(published_on(article))

    @cached_property
    def _publishers(self) -> dict[str, Publisher]:
        return publishers_by_domain(self.services.profile.sources)

    @cached_property
    def _left_out(self) -> frozenset[str]:
        profile = self.services.profile
        return left_out_domains(profile.sources, profile.left_out)


def enqueue_all(services: Services, batches: Iterable[Sequence[int]], queue: str = BULK) -> Asked:
    """Tell the workers of these batches of inbox rows. A broker that is away only delays them: it
    is not asked again after the first batch that it does not take, for asking takes seconds."""
    for batch in batches:
        if send(services, "dyadwatch.ingest", [list(batch)], queue=queue) == "broker_away":
            return "broker_away"
    return "sent"


def send(
    services: Services,
    task: str,
    arguments: Sequence[object] = (),
    expires: int | None = None,
    queue: str | None = None,
) -> Asked:
    """Ask for a task, now; where the broker is away the reconciler or the next tick will.

    After `expires` seconds it is not worth doing; without `queue` it goes to its own.
    """
    try:
        with services.celery.producer_pool.acquire(block=True) as producer:
            try:
                services.celery.send_task(
                    task,
                    args=list(arguments),
                    retry=False,
                    expires=expires,
                    queue=queue,
                    producer=producer,
                    confirm_timeout=CONFIRM_SECONDS,
                )
            except BaseException:
                # What was half said on this connection is not to be gone on with.
                producer.connection.collect()
                raise
    except (OperationalError, OSError) as error:
        log.warning("The broker did not take %s: %s", task, error)
        return "broker_away"
    return "sent"


def process(services: Services, ids: Collection[int]) -> StoreReport:
    """Classify and store these inbox rows; rows that are done already are passed over."""
    attempt = inbox.begin_attempt(services.database, ids)
    enqueue_all(services, [[lonely] for lonely in attempt.alone])
    for given_up in attempt.quarantined:
        log.error("Inbox row %d was set aside; `dyadwatch doctor` tells why.", given_up)
    report = _process_begun(services, attempt.begun)
    if report.firing:
        # Whoever is to be woken is not kept waiting for the next tick.
        asked = clock.now().isoformat()
        send(services, "dyadwatch.evaluate", [asked], expires=_OVERTAKEN_SECONDS)
    return report


def reconcile(services: Services, now: datetime) -> int:
    """Find pending work that nobody works on and enqueue it again; the number of batches."""
    batches = inbox.stale(services.database, BEGUN_PATIENCE, QUEUED_PATIENCE, now)
    enqueue_all(services, batches)
    return len(batches)


def _process_begun(services: Services, ids: Sequence[int]) -> StoreReport:
    """The whole batch in one transaction; if that fails, row by row, to find the one to blame."""
    try:
        return _store(services, _classified(services, ids))
    except DatabaseError:
        # Nobody in the batch is to blame: it stays pending as it was, for the reconciler.
        inbox.give_back(services.database, ids)
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, the other rows must not suffer
        if len(ids) <= 1:
            for id in ids:
                inbox.fail(services.database, id, _told(error))
            return StoreReport()
        log.warning("A batch of %d failed (%s); trying each alone.", len(ids), _told(error))
    report = StoreReport()
    for id in ids:
        report += _process_begun(services, [id])
    return report


def _classified(services: Services, ids: Collection[int]) -> list[ClassifiedArticle]:
    with services.database.read() as conn:
        rows = inbox.load(conn, ids)
    languages = {source.id: source.languages for source in services.profile.sources}
    return [
        _understood(services.classifier, row, languages.get(row.article.source, ())) for row in rows
    ]


def _understood(
    classifier: Classifier, row: inbox.InboxRow, languages: Sequence[str]
) -> ClassifiedArticle:
    understood = classifier.understand(row.article, languages)
    relevant = understood.classification.relevant
    return ClassifiedArticle(
        article=row.article,
        classification=understood.classification,
        sketch=sketch(row.article.title, row.article.text),
        origin=row.origin,
        received_at=row.received_at,
        inbox_id=row.id,
        # Nobody counts the stories of the irrelevant: they are compared with nothing.
        marks=fingerprint(understood, classifier.dyad) if relevant else (),
    )


def _store(services: Services, batch: Sequence[ClassifiedArticle]) -> StoreReport:
    now = clock.now()
    return services.database.retrying(lambda conn: store(conn, batch, now))


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no word'}"
