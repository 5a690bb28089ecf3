"""What a robots.txt means (pure): RFC 9309, with its failure rules."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from protego import Protego

from crawler.charsets import decode
from crawler.ports import RobotsAnswer

#: RFC 9309, 2.5: at least 500 KiB must be read; what follows may be ignored.
MAX_BYTES = 500 * 1024
#: RFC 9309, 2.4: not used for longer than a day, unless no newer one can be had.
_FRESH = timedelta(hours=24)
_FIRST_WAIT = timedelta(minutes=10)
_LONGEST_WAIT = timedelta(hours=6)
#: So often in a row, about a week long, an old copy stands in for one that cannot be had.
_COPY_STANDS_FOR = 30


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one server allows. `unreachable` is why its rules are unknown, else None."""

    rules: Protego | None = None
    unreachable: str | None = None

    def allows(self, url: str, product: str) -> bool:
        return self.rules is None or self.rules.can_fetch(url, product)

    def crawl_delay(self, product: str) -> float:
        """Seconds that the server wants between requests, 0 if it says nothing."""
        return float((self.rules.crawl_delay(product) if self.rules else None) or 0)


def answer_of(status: int, body: bytes, now: datetime) -> RobotsAnswer:
    """What an answer to /robots.txt says (2.3.1): 4xx allows all, 5xx and 429 nothing for now."""
    if 200 <= status < 300:
        return RobotsAnswer(now, text=decode(body[:MAX_BYTES]).replace("\0", ""))
    if 400 <= status < 500 and status != 429:
        return RobotsAnswer(now, text="")
    return RobotsAnswer(now, unreachable=f"HTTP {status}")


def is_fresh(known: RobotsAnswer, now: datetime) -> bool:
    """Whether this answer still stands: a day, or, where none could be had, from ten minutes for
    the first time to six hours."""
    wait = _FRESH
    if known.unreachable:
        doublings = min(max(known.failures, 1) - 1, 10)
        wait = min(_FIRST_WAIT * 2**doublings, _LONGEST_WAIT)
    return known.fetched <= now < known.fetched + wait


def after(known: RobotsAnswer | None, latest: RobotsAnswer) -> RobotsAnswer:
    """What to keep when `latest` came: a failure counts, and leaves the copy that was had."""
    if not latest.unreachable:
        return latest
    failures = (known.failures if known else 0) + 1
    copy = known.text if known and failures <= _COPY_STANDS_FOR else None
    return replace(latest, text=copy, failures=failures)


def rules_of(answer: RobotsAnswer) -> RobotsRules:
    """The rules that an answer makes."""
    if answer.text is None:
        return RobotsRules(unreachable=answer.unreachable or "nothing is known of it")
    return RobotsRules(rules=Protego.parse(answer.text) if answer.text.strip() else None)
