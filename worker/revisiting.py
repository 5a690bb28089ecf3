"""Pages that alerts rest on are looked at again, so that who edits or deletes one is noticed.

They are read like every other page: in their host's turn, as robots.txt allows, and after
everything that is news.
"""

import logging
from datetime import datetime

from worker.bootstrap import Services
from worker.storage import revisits

log = logging.getLogger(__name__)

#: Every five minutes so many: 120 pages an hour at most.
A_ROUND = 10
#: What its source tells in full has no page that could say anything else.
_WITHOUT_PAGES = frozenset({"telegram"})


def revisit(services: Services, now: datetime) -> int:
    """Ask for the pages that are due to be looked at again; their number."""
    pages_of = {
        source.id
        for source in services.profile.polled
        if source.pages and source.kind not in _WITHOUT_PAGES
    }
    asked = services.database.retrying(lambda conn: revisits.ask(conn, now, A_ROUND, pages_of))
    if asked:
        log.info("%d pages that alerts rest on are looked at again.", asked)
    return asked
