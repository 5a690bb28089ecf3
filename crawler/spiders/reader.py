"""What a kind of source has to offer: what to ask for, and how to read the answer."""

from datetime import datetime
from typing import Protocol

from crawler.reading import Answer, Reading
from crawler.source import Source


class SourceReader(Protocol):
    """Reads one kind of source. Stateless; both methods are pure, and `read` runs in another
    process: what it takes and gives must pickle."""

    #: The Accept header of its requests.
    accept: str
    #: How many addresses of `Reading.follow` one poll may ask for, at all depths together.
    max_follow: int

    def address(self, source: Source, now: datetime, /) -> str:
        """Where a poll begins."""
        ...

    def read(self, source: Source, answer: Answer, /) -> Reading:
        """What the answer holds; a problem in words, never raises."""
        ...
