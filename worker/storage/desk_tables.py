"""The schema of the desk: what became of episodes, what was told and held back, and the proof."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, text

from worker.storage.columns import CleanText, Name, UtcDateTime
from worker.storage.tables import BigKey, Key
from worker.storage.tables import metadata as metadata

# ---- what people are told ------------------------------------------------------------------------

episodes = Table(
    "episodes",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("rule", CleanText, nullable=False),
    Column("state", String(16), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("resolved_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Column("body", CleanText, nullable=False),
    Index(
        "uq_episodes_one_active_a_rule",
        "rule",
        unique=True,
        sqlite_where=text("resolved_at IS NULL"),
        postgresql_where=text("resolved_at IS NULL"),
    ),
    Index("ix_episodes_rule_opened_at", "rule", "opened_at"),
    Index("ix_episodes_opened_at", "opened_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("channel", Name, nullable=False),
    Column("episode", CleanText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", String(8), nullable=False),  # due | sent | dead | replaced | held
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("error", CleanText),
    Column("payload", CleanText, nullable=False),
    Column("reference", CleanText),  # what the receiver calls it: a later message may change it
    Column("change", String(16)),  # alerts.notification.MessageChange; NULL: before it was kept
    Column("severity", String(16)),  # of the episode, as the message says it
    Column("said", CleanText),  # JSON of alerts.pipeline.Said: the numbers that it gives
    Column("planned_at", UtcDateTime),  # when it was to leave, before any attempt failed
    Index("ix_outbox_status_due_at", "status", "due_at"),
    Index("ix_outbox_episode", "episode"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("key", CleanText, nullable=False),
    Column("channel", Name, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("outcome", String(8), nullable=False),  # sent | failed | dead
    Column("error", CleanText),
    Index("ix_deliveries_key", "key"),
)

# ---- what people think of it ---------------------------------------------------------------------

labelled_wordings = Table(
    "labelled_wordings",
    metadata,
    # No foreign keys from here on: what people said outlives the articles that it was said of.
    Column("article", Key, primary_key=True),
    Column("content_hash", Key, primary_key=True),
    Column("story", Key, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("newsroom", Name, nullable=False),
    Column("language", String(16), nullable=False),
    Column("declared_language", CleanText),
    Column("topical", Boolean, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
)

labels = Table(
    "labels",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("article", Key, nullable=False),
    Column("content_hash", Key, nullable=False),  # what it said when it was labelled
    Column("field", String(16), nullable=False),
    Column("value", CleanText, nullable=False),  # JSON
    Column("labelled_at", UtcDateTime, nullable=False),
    Column("labelled_by", Name, nullable=False),
    Column("note", CleanText),
    Index("ix_labels_article", "article"),
)

judgements = Table(
    "judgements",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("episode", CleanText, nullable=False),
    Column("story", Key),  # NULL: the episode had none by then
    Column("verdict", String(16), nullable=False),  # false_alarm
    Column("judged_at", UtcDateTime, nullable=False),
    Column("judged_by", Name, nullable=False),
    Column("note", CleanText),
    Index("ix_judgements_episode", "episode"),
    Index("ix_judgements_story", "story"),
)

# ---- what became of it, and on what proof ------------------------------------------------------

episode_changes = Table(
    "episode_changes",
    metadata,
    # One row for each change of an episode, by its rule or by a person: never changed again.
    Column("id", BigKey, primary_key=True),
    Column("episode", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("change", String(16), nullable=False),  # alerts.episode.Change or alerts.handling.Deed
    Column("by", Name),  # NULL: the rule
    Column("reason", CleanText, nullable=False),  # a constant, or the words of a person
    Column("version", Integer, nullable=False),
    Column("body", CleanText, nullable=False),  # JSON of the numbers at that moment
    Index("ix_episode_changes_episode", "episode", "at"),
    Index("ix_episode_changes_at", "at"),
)

decisions = Table(
    "decisions",
    metadata,
    # What a stage made of a message: one row for as long as it says the same, so that an evaluation
    # a minute does not fill it.
    Column("id", BigKey, primary_key=True),
    Column("key", CleanText, nullable=False),  # of the message, as in the outbox
    Column("episode", CleanText, nullable=False),  # "" where it is of none, or of several
    Column("channel", Name, nullable=False),
    Column("recipient", CleanText),  # who reads the channel, in words, as it was then
    Column("stage", String(16), nullable=False),  # the stage that decided, or "passed"
    Column("reason", String(32), nullable=False),
    Column("detail", CleanText, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("times", Integer, nullable=False),
    Index("uq_decisions_key_stage_reason", "key", "stage", "reason", unique=True),
    Index("ix_decisions_episode", "episode"),
    Index("ix_decisions_last_at", "last_at"),
)

silences = Table(
    "silences",
    metadata,
    Column("id", Key, primary_key=True),
    Column("match", CleanText, nullable=False),  # JSON of alerts.silence.Silence.match
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("by", Name, nullable=False),
    Column("note", CleanText),
    Index("ix_silences_until", "until"),
)

evidence = Table(
    "evidence",
    metadata,
    # What an episode rested on when people were told: never changed again.
    Column("id", BigKey, primary_key=True),
    Column("episode", CleanText, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("digest", String(64), nullable=False),  # SHA-256 of `body`, in hexadecimal
    Column("body", CleanText, nullable=False),  # canonical JSON of alerts.evidence.Snapshot
    Index("uq_evidence_episode_digest", "episode", "digest", unique=True),
)

revisits = Table(
    "revisits",
    metadata,
    # The articles that an alert rests on, and when their pages are looked at again. No foreign key:
    # an address that becomes an alias still leads to its article.
    Column("article", Key, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Index("ix_revisits_due_at", "due_at"),
)
