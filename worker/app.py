"""The Celery application: queues, schedule and the settings that keep work from being lost.

Every setting below answers a loss that was reproduced; the last word has the database: what is
pending there is found again by the reconciler, whatever the broker forgot.

Queues: `ingest` (articles, in batches), `bulk` (the same, from files and after a loss: it takes
turns with `ingest`, so that a pile of history holds up no news), `crawl` (one process for each
crawl), `control` (schedule, evaluate, reconcile, look after: never behind a pile of articles) and
`deliver` (never before one: a receiver that hangs holds up nothing but messages).
"""

from datetime import timedelta

from celery import Celery

from worker.broker import EmbeddedBroker
from worker.settings import Settings

INGEST, BULK, CRAWL, CONTROL, DELIVER = "ingest", "bulk", "crawl", "control", "deliver"

TASKS = {
    "dyadwatch.ingest": INGEST,
    "dyadwatch.crawl": CRAWL,
    "dyadwatch.schedule": CONTROL,
    "dyadwatch.evaluate": CONTROL,
    "dyadwatch.deliver": DELIVER,
    "dyadwatch.digest": CONTROL,
    "dyadwatch.reconcile": CONTROL,
    "dyadwatch.look_after": CONTROL,
    "dyadwatch.revisit": CONTROL,
}

SCHEDULE_BRISK_EVERY = timedelta(seconds=1)
SCHEDULE_CALM_EVERY = timedelta(seconds=15)
DELIVER_EVERY = timedelta(seconds=2)
DIGEST_EVERY = timedelta(minutes=1)
#: With the patience of `worker.ingest`, what a killed worker held is done within a minute.
RECONCILE_EVERY = timedelta(seconds=10)
LOOK_AFTER_EVERY = timedelta(minutes=5)
#: How many pages at a time: `worker.revisiting.A_ROUND`.
REVISIT_EVERY = timedelta(minutes=5)
#: RabbitMQ confirms what it took; on a connection that is half open it would be waited for without
#: end. (Redis' socket has a time-out of its own.)
CONFIRM_SECONDS = 10.0


def broker_url(settings: Settings) -> str:
    """The broker of this installation: the one that was named, or the embedded one's socket."""
    return settings.broker_url or EmbeddedBroker(settings.home).url


def build_app(settings: Settings) -> Celery:
    """The application for these settings; connects to nothing yet."""
    app = Celery("dyadwatch", broker=broker_url(settings))
    app.conf.update(
        task_routes={name: {"queue": queue} for name, queue in TASKS.items()},
        task_default_queue=CONTROL,
        task_create_missing_queues=True,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_soft_time_limit=90,
        task_time_limit=120,
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=500,
        # The lexicon and the compiled arithmetic are 400 MB before the first task.
        worker_max_memory_per_child=700_000,
        worker_soft_shutdown_timeout=6,
        worker_enable_soft_shutdown_on_idle=False,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=5,
        broker_heartbeat=10,
        broker_transport_options=_transport_options(settings),
        timezone="UTC",
        enable_utc=True,
        beat_schedule=_beat_schedule(settings),
        # Kept in memory: every tick is due at once after a restart, and nothing can be corrupted.
        beat_scheduler="celery.beat:Scheduler",
        beat_max_loop_interval=1,
    )
    return app


def _transport_options(settings: Settings) -> dict[str, object]:
    if broker_url(settings).startswith("amqp"):
        return {"confirm_publish": True}
    return {
        # More than twice the longest task: what a dead worker held comes back after this.
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 15,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }


def _beat_schedule(settings: Settings) -> dict[str, dict[str, object]]:
    return {
        "brisk crawls": _tick("dyadwatch.schedule", SCHEDULE_BRISK_EVERY, "brisk"),
        "calm crawls": _tick("dyadwatch.schedule", SCHEDULE_CALM_EVERY, "calm"),
        "rules": _tick("dyadwatch.evaluate", settings.evaluate_every),
        "outbox": _tick("dyadwatch.deliver", DELIVER_EVERY),
        "digests": _tick("dyadwatch.digest", DIGEST_EVERY),
        "pending work": _tick("dyadwatch.reconcile", RECONCILE_EVERY),
        "sources": _tick("dyadwatch.look_after", LOOK_AFTER_EVERY),
        "evidence": _tick("dyadwatch.revisit", REVISIT_EVERY),
    }


def _tick(task: str, every: timedelta, *arguments: str) -> dict[str, object]:
    # A tick that could not run before the next one is worth nothing: it expires.
    options = {
        "expires": max(every.total_seconds(), 1.0),
        "confirm_timeout": CONFIRM_SECONDS,
    }
    return {"task": task, "schedule": every, "args": arguments, "options": options}
