"""What people think of episodes: there to be learnt from. What is done with an episode that was a
false alarm, `alerts.handling` says."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from alerts.episode import Episode
from worker.storage.desk_tables import judgements, labelled_wordings
from worker.storage.statements import insert_rows
from worker.storage.tables import articles


def false_alarm(
    conn: Connection, episode: Episode, by: str, note: str | None, now: datetime
) -> int:
    """Keep that an episode was a false alarm, with each story that it rests on; their number."""
    stories: tuple[str | None, ...] = episode.last.story_ids or (None,)
    rows = [
        {
            "episode": episode.id,
            "story": story,
            "verdict": "false_alarm",
            "judged_at": now,
            "judged_by": by,
            "note": note,
        }
        for story in stories
    ]
    insert_rows(conn, judgements, rows)
    return len(episode.last.story_ids)


def withdraw(conn: Connection, episode: Episode) -> None:
    """Forget that an episode was a false alarm: somebody thought better of it. That it was said
    stays in the episode's history."""
    mine = judgements.c.episode == episode.id
    conn.execute(delete(judgements).where(mine, judgements.c.verdict == "false_alarm"))


def unexplained(conn: Connection) -> int:
    """How many stories of false alarms have no labelled article, so that nothing can be learnt."""
    explained = select(articles.c.story).join(
        labelled_wordings, labelled_wordings.c.article == articles.c.key
    )
    found = select(func.count(func.distinct(judgements.c.story))).where(
        judgements.c.verdict == "false_alarm",
        judgements.c.story.is_not(None),
        judgements.c.story.not_in(explained),
    )
    return conn.execute(found).scalar_one()
