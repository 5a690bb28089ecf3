"""What servers said in /robots.txt, kept from one crawl to the next and shared by all machines."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from crawler.ports import RobotsAnswer
from crawler.robots import rules_of
from crawler.settings import PRODUCT
from worker.storage.database import Database
from worker.storage.statements import replace_rows
from worker.storage.tables import robots as table

#: A server that nobody has asked for so long is not crawled any more.
KEPT = timedelta(days=30)


def robots_answer(db: Database, server: str) -> RobotsAnswer | None:
    """The last answer of a server, whatever its age."""
    with db.read() as conn:
        row = conn.execute(select(table).where(table.c.server == server)).first()
    if row is None:
        return None
    return RobotsAnswer(row.fetched, row.text, row.unreachable, row.failures)


def keep(db: Database, server: str, answer: RobotsAnswer) -> None:
    """Remember the answer in place of the last one."""
    row = {
        "server": server,
        "fetched": answer.fetched,
        "text": answer.text,
        "unreachable": answer.unreachable,
        "failures": answer.failures,
        "crawl_delay": rules_of(answer).crawl_delay(PRODUCT) or None,
    }
    db.retrying(lambda conn: replace_rows(conn, table, ["server"], [row]))


def crawl_delays(db: Database) -> dict[str, float]:
    """The servers that ask for a pause between two requests, and for how many seconds."""
    chosen = select(table.c.server, table.c.crawl_delay).where(table.c.crawl_delay.is_not(None))
    with db.read() as conn:
        return {row.server: row.crawl_delay for row in conn.execute(chosen)}


def forget(conn: Connection, now: datetime) -> None:
    """Drop what is too old to be of use."""
    conn.execute(delete(table).where(table.c.fetched < now - KEPT))
