"""What people think of episodes. A judgement changes no episode: it is there to be learnt from."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from alerts.episode import Episode
from worker.storage.statements import insert_rows
from worker.storage.tables import articles, judgements, labelled_wordings


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
