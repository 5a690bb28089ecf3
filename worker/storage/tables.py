"""The schema. The migrations build it, and a test holds the two together."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    false,
)

from worker.storage.columns import CleanText, Name, UtcDateTime

metadata = MetaData()

# SQLite counts up by itself only in an INTEGER key; PostgreSQL's should not end at 2^31.
BigKey = BigInteger().with_variant(Integer(), "sqlite")
Key = String(32)

# ---- what comes in -------------------------------------------------------------------------------

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("article", Key, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("status", String(16), nullable=False),  # pending | quarantined
    Column("attempts", Integer, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("touched_at", UtcDateTime, nullable=False),  # enqueued, or begun
    Column("reason", CleanText),
    Column("payload", CleanText, nullable=False),
    Index("ix_inbox_status_touched_at", "status", "touched_at"),
    # A worker that comes late must not end another article's row: no id is given twice.
    sqlite_autoincrement=True,
)

seen = Table(
    "seen",
    metadata,
    # The address as it was shown; an alias keeps a row of its own.
    Column("article", Key, primary_key=True),
    Column("source", Name, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("stage", String(8)),
    Column("title_digest", Key),  # NULL: no edit is looked for
    Column("changes", Integer, nullable=False, server_default="0"),
)

page_tasks = Table(
    "page_tasks",
    metadata,
    Column("article", Key, primary_key=True),
    Column("host", Name, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("error", CleanText),
    Column("payload", CleanText, nullable=False),
    Index("ix_page_tasks_host_priority_created_at", "host", "priority", "created_at"),
)

# ---- what is known of the sources ----------------------------------------------------------------

source_states = Table(
    "source_states",
    metadata,
    Column("source", Name, primary_key=True),
    Column("last_poll", UtcDateTime, nullable=False),
    Column("first_success", UtcDateTime),
    Column("last_success", UtcDateTime),
    Column("status", Integer),
    Column("error", CleanText),
    Column("failures", Integer, nullable=False),
    Column("interval_seconds", Float, nullable=False),
    # The least time between polls that its server bears, where it has complained (429).
    Column("floor_seconds", Float, nullable=False, server_default="0"),
    Column("not_before", UtcDateTime),
    Column("newest", UtcDateTime),
    Column("entries", Integer, nullable=False),
    Column("new_entries", Integer, nullable=False),
    Column("robots_denied", Boolean, nullable=False),
    Column("fresh_at", UtcDateTime),  # when a poll last brought something
    Column("overdue", Float, nullable=False),  # entries that were expected since
    Column("rhythm", CleanText),  # JSON of worker.storage.rhythm.Rhythm
    Column("note", CleanText),
)

source_days = Table(
    "source_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("source", Name, primary_key=True),
    Column("polls_ok", Integer, nullable=False),
    Column("polls_not_modified", Integer, nullable=False),
    Column("polls_failed", Integer, nullable=False),
    Column("polls_too_late", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("pages_read", Integer, nullable=False),
    Column("pages_walled", Integer, nullable=False),
    Column("pages_empty", Integer, nullable=False),
    Column("pages_refused", Integer, nullable=False),
    Column("pages_failed", Integer, nullable=False),
)

source_notices = Table(
    "source_notices",
    metadata,
    Column("source", Name, primary_key=True),
    Column("why", CleanText, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("well_since", UtcDateTime),
    Column("told_at", UtcDateTime),
)

validators = Table(
    "validators",
    metadata,
    Column("source", Name, primary_key=True),
    Column("address", Key, primary_key=True),  # by hash: worker.keys.digest
    Column("etag", CleanText),
    Column("last_modified", CleanText),
    Column("noted_at", UtcDateTime, nullable=False),
)

robots = Table(
    "robots",
    metadata,
    Column("server", Name, primary_key=True),
    Column("fetched", UtcDateTime, nullable=False),
    Column("text", CleanText),
    Column("unreachable", CleanText),
    Column("failures", Integer, nullable=False),
    Column("crawl_delay", Float),  # seconds; NULL: none is asked for
)

host_leases = Table(
    "host_leases",
    metadata,
    Column("host", Name, primary_key=True),
    Column("until", UtcDateTime, nullable=False),
    Column("holder", String(32)),
    Column("not_before", UtcDateTime),  # the next request may not come sooner
)

coverage = Table(
    "coverage",
    metadata,
    Column("hour", UtcDateTime, primary_key=True),
    Column("source", Name, primary_key=True),
    Column("ok", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("new", Integer, nullable=False),
)

backfilled_spans = Table(
    "backfilled_spans",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("provisional", Boolean, nullable=False, server_default=false()),
)

# ---- articles, stories, signals ------------------------------------------------------------------

articles = Table(
    "articles",
    metadata,
    # The small columns stand first: SQLite reads a row's overflow pages only as far as it must.
    Column("key", Key, primary_key=True),
    Column("story", Key, nullable=False),
    Column("telling", Key),  # NULL: it was never compared
    Column("at", UtcDateTime, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("fetched", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
    Column("published_on", Date),
    Column("published_from", String(16)),
    Column("source", Name, nullable=False),
    Column("newsroom", Name, nullable=False),
    Column("country", Name),
    Column("language", String(16), nullable=False),
    Column("declared_language", CleanText),
    Column("stage", String(8), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("topical", Boolean, nullable=False),
    Column("first_poll", Boolean, nullable=False),
    Column("relevant", Boolean, nullable=False),
    Column("relevance", Float, nullable=False),
    Column("direction", String(16), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("initiator", String(8)),
    Column("escalation", Float, nullable=False),
    Column("timing", String(32), nullable=False),
    Column("content_hash", Key, nullable=False),
    Column("fingerprint", Key, nullable=False),
    Column("given_id", CleanText),
    Column("url", CleanText, nullable=False),
    Column("canonical_url", CleanText, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("authors", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("events", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    # When these very words were first and last read; NULL in rows from before version 0002.
    Column("worded_at", UtcDateTime),
    Column("confirmed_at", UtcDateTime),
    Column("gone_at", UtcDateTime),  # when its page was first found to be deleted
    Index("ix_articles_at", "at"),
    Index("ix_articles_story", "story"),
    Index("ix_articles_source_first_seen", "source", "first_seen"),
)


def _of_article(*, key: bool = False, name: str = "article") -> Column[str]:
    reference = ForeignKey("articles.key", ondelete="CASCADE")
    return Column(name, Key, reference, primary_key=key, nullable=False)


aliases = Table(
    "aliases",
    metadata,
    # Other addresses of an article. Never a chain: `article` is no alias itself.
    Column("alias", Key, primary_key=True),
    _of_article(),
    Column("noted_at", UtcDateTime, nullable=False),
    Index("ix_aliases_article", "article"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", BigKey, primary_key=True),
    _of_article(),
    Column("replaced_at", UtcDateTime, nullable=False),
    Column("stage", String(8), nullable=False),
    Column("content_hash", Key, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("text", CleanText),  # NULL: the same as in the version after it
    Column("first_seen", UtcDateTime),
    Column("last_seen", UtcDateTime),
    Index("ix_revisions_article", "article"),
)

sketches = Table(
    "sketches",
    metadata,
    _of_article(key=True),
    Column("stage", String(8), primary_key=True),
    Column("telling", Key, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

bands = Table(
    "bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("telling", Key, primary_key=True),
    # No foreign key: twenty checks an article would be a third of the work of storing it. A band
    # whose sketch is gone is passed over.
    Column("article", Key, nullable=False),
    Column("stage", String(8), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

tellings = Table(
    "tellings",
    metadata,
    # One wording with its reprints, named like the story that it would open.
    Column("telling", Key, primary_key=True),
    Column("story", Key, nullable=False),
    Column("newsroom", Name, nullable=False),  # whose words they are
    Column("at", UtcDateTime, nullable=False),
    Index("ix_tellings_story", "story"),
)

happenings = Table(
    "happenings",
    metadata,
    # A story as its tellings tell it; `marks` is JSON of worker.stories.happenings.Happening.marks.
    Column("story", Key, primary_key=True),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("tellings", Integer, nullable=False),
    Column("marks", CleanText, nullable=False),
)

happening_marks = Table(
    "happening_marks",
    metadata,
    # Which stories have a mark (by hash: worker.stories.fingerprint.mark_key). No foreign key, as
    # with bands.
    Column("mark", BigInteger, primary_key=True, autoincrement=False),
    Column("story", Key, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    # A common mark has stories of years: only those of the time in question may be read.
    Index("ix_happening_marks_mark_at", "mark", "at", "story"),
    sqlite_with_rowid=False,
)

story_aliases = Table(
    "story_aliases",
    metadata,
    # Stories that were merged into another. Never a chain: `story` is no alias itself.
    Column("alias", Key, primary_key=True),
    Column("story", Key, nullable=False),
    Column("merged_at", UtcDateTime, nullable=False),
    Index("ix_story_aliases_story", "story"),
)

signals = Table(
    "signals",
    metadata,
    Column("id", BigKey, primary_key=True),
    _of_article(),
    Column("at", UtcDateTime, nullable=False),
    Column("fires_from", UtcDateTime),  # NULL: never
    Column("story", Key, nullable=False),
    Column("teller", Name, nullable=False, server_default=""),  # the newsroom whose words these are
    Column("newsroom", Name, nullable=False),
    Column("category", Name, nullable=False),
    Column("concept", Name, nullable=False),
    Column("direction", String(16), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("initiator", String(8)),
    Column("target", String(8)),
    Column("language", String(16), nullable=False),
    Column("country", String(3)),
    Column("terms", CleanText, nullable=False),
    Column("main", Boolean, nullable=False),
    Index("ix_signals_at", "at"),
    Index("ix_signals_article", "article"),
)

# ---- what the rules remember ---------------------------------------------------------------------

late_signals = Table(
    "late_signals",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

series_states = Table(
    "series_states",
    metadata,
    Column("series", CleanText, primary_key=True),
    Column("through", UtcDateTime, nullable=False),
    Column("late_seen", BigInteger, nullable=False),
    Column("state", CleanText, nullable=False),
)

rollups = Table(
    "rollups",
    metadata,
    Column("series", CleanText, primary_key=True),
    Column("bucket", UtcDateTime, primary_key=True),
    Column("stories", Integer, nullable=False),
    Column("newsrooms", Integer, nullable=False),
    Column("articles", Integer, nullable=False),
)

evaluations = Table(
    "evaluations",
    metadata,
    Column("rule", CleanText, primary_key=True),
    Column("tick", UtcDateTime, nullable=False),
    Column("fired", Boolean, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("outcome", CleanText, nullable=False),
)
