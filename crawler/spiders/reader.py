"""What a kind of source has to offer: how to ask for its address, and how to read the answer."""

from typing import Protocol

from crawler.feed import ParsedFeed
from crawler.source import Source


class SourceReader(Protocol):
    """Reads one kind of source. Stateless; `read` is pure and runs outside the event loop."""

    #: The Accept header of its requests.
    accept: str

    def read(
        self, source: Source, /, body: bytes, content_type: str | None, url: str
    ) -> ParsedFeed:
        """The entries of an answer with status 200 from `url`; a problem in words, never raises."""
        ...
