"""One file a kind of source; `READERS` is where a kind becomes known."""

from crawler.spiders.feed import FeedReader
from crawler.spiders.reader import SourceReader

READERS: dict[str, SourceReader] = {"feed": FeedReader()}
