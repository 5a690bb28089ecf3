"""The schema of the desk: what became of episodes, what was told and held back, and the proof."""

from sqlalchemy import Column, Index, Integer, String, Table

from worker.storage.columns import CleanText, Name, UtcDateTime
from worker.storage.tables import BigKey, Key
from worker.storage.tables import metadata as metadata

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
