"""A batch in which every article stands under its own address, whatever it came under."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from worker.storage import aliases
from worker.storage.folding import fold
from worker.storage.identity import Addresses, Link, links_of
from worker.storage.merging import ClassifiedArticle


@dataclass(frozen=True, slots=True)
class Identified:
    """`touched` are the times whose counts changed as two stored articles became one."""

    batch: Sequence[ClassifiedArticle]
    touched: Sequence[datetime]
    addresses: Addresses
    learnt: Sequence[Link]

    def remember(self, conn: Connection, now: datetime) -> None:
        """Write down the aliases that were learnt; the batch must be stored before."""
        aliases.note(conn, self.learnt, self.addresses, now)


def identify(conn: Connection, batch: Sequence[ClassifiedArticle], now: datetime) -> Identified:
    """Find out what these articles' addresses lead to, and make one of what was stored as two.

    Only under the store's lock.
    """
    came = [c.article for c in batch]
    addresses = aliases.addresses(conn, came)
    learnt = [new for link in links_of(came) if (new := addresses.learn(link)) is not None]
    touched = [at for link in learnt for at in fold(conn, link, now)]
    return Identified([_under_its_own(c, addresses) for c in batch], touched, addresses, learnt)


def _under_its_own(classified: ClassifiedArticle, addresses: Addresses) -> ClassifiedArticle:
    came_as = classified.article.canonical_url
    own = addresses.leads_to(came_as)
    if own == came_as:
        return classified
    return replace(classified, article=replace(classified.article, canonical_url=own))
