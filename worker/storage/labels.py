"""Labels of stored articles: every word is kept, the last one on a field counts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, select

from worker.keys import digest
from worker.labels import FIELDS, Labelled, Labels, Value, settled
from worker.storage.desk_tables import labelled_wordings, labels
from worker.storage.statements import insert_rows, upsert
from worker.storage.tables import articles

#: The value of a label that was taken back.
_WITHDRAWN = ""


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that somebody said of one field; `value` is ignored where it is `withdrawn`."""

    field: str
    value: Value
    withdrawn: bool
    at: datetime
    by: str
    note: str | None


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """A labelled article with all that was said of it, oldest first.

    `edited_since`: it says something else by now, or is gone.
    """

    labelled: Labelled
    article: str
    newsroom: str
    words: tuple[Word, ...]
    edited_since: bool

    @property
    def last(self) -> Word:
        return self.words[-1]


def say(
    conn: Connection, article: str, said: Labels, by: str, note: str | None, now: datetime
) -> None:
    """Keep what somebody says of a stored article, with the words that it has now."""
    _speak(conn, article, {name: _encoded(value) for name, value in said.items()}, by, note, now)


def withdraw(conn: Connection, article: str, by: str, note: str | None, now: datetime) -> None:
    """Take back all that was said of the words that a stored article has now."""
    _speak(conn, article, dict.fromkeys(FIELDS, _WITHDRAWN), by, note, now)


def labelled(conn: Connection, since: datetime | None = None) -> list[LabelledArticle]:
    """Every labelled article of which something was said from `since` on and not taken back, in the
    order in which they were first labelled."""
    words: dict[tuple[str, str], list[Word]] = {}
    for row in conn.execute(select(labels).order_by(labels.c.id)).mappings():
        words.setdefault((row["article"], row["content_hash"]), []).append(_word(row))
    made = (_labelled(row, words) for row in conn.execute(_WORDINGS).mappings())
    kept = [one for one in made if one.labelled.labels and (not since or one.last.at >= since)]
    order = {key: at for at, key in enumerate(words)}
    return sorted(kept, key=lambda one: order[one.article, _hash(one.labelled)])


_WORDINGS = select(
    *labelled_wordings.c,
    articles.c.content_hash.label("content_now"),
    func.coalesce(articles.c.story, labelled_wordings.c.story).label("story_now"),
).select_from(labelled_wordings.outerjoin(articles, articles.c.key == labelled_wordings.c.article))


def _speak(
    conn: Connection,
    article: str,
    said: dict[str, str],
    by: str,
    note: str | None,
    now: datetime,
) -> None:
    content_hash = _keep_wording(conn, article)
    rows = [
        {
            "article": article,
            "content_hash": content_hash,
            "field": field,
            "value": value,
            "labelled_at": now,
            "labelled_by": by,
            "note": note,
        }
        for field, value in said.items()
    ]
    insert_rows(conn, labels, rows)


def _keep_wording(conn: Connection, article: str) -> str:
    """Keep the words of an article; returns their hash."""
    own = select(articles).where(articles.c.key == article)
    row = conn.execute(own).mappings().one()
    content_hash = digest(row["title"], row["text"])
    names = [name for name in labelled_wordings.c.keys() if name in row]  # noqa: SIM118 - columns
    kept = {name: row[name] for name in names} | {"article": article, "content_hash": content_hash}
    conn.execute(upsert(conn, labelled_wordings).values(kept).on_conflict_do_nothing())
    return content_hash


def _labelled(row: RowMapping, words: dict[tuple[str, str], list[Word]]) -> LabelledArticle:
    said = words.get((row["article"], row["content_hash"]), [])
    one = Labelled(
        id=row["url"],
        title=row["title"],
        text=row["text"],
        language=row["declared_language"],
        topical=row["topical"],
        url=row["url"],
        story=row["story_now"],
        labels=settled(_standing(said)),
    )
    edited = row["content_now"] != row["content_hash"]
    return LabelledArticle(one, row["article"], row["newsroom"], tuple(said), edited)


def _standing(said: Sequence[Word]) -> list[tuple[str, Value]]:
    """What was said and not taken back, in order."""
    standing: list[Word] = []
    for word in said:
        if word.withdrawn:
            standing = [one for one in standing if one.field != word.field]
        else:
            standing.append(word)
    return [(word.field, word.value) for word in standing]


def _hash(one: Labelled) -> str:
    return digest(one.title, one.text)


def _word(row: RowMapping) -> Word:
    gone = row["value"] == _WITHDRAWN
    value = None if gone else json.loads(row["value"])
    value = tuple(value) if isinstance(value, list) else value
    return Word(row["field"], value, gone, row["labelled_at"], row["labelled_by"], row["note"])


def _encoded(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)
