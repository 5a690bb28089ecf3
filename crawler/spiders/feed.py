"""Kind `feed`: RSS, Atom and RDF."""

from crawler.feed import ParsedFeed, parse_feed
from crawler.source import Source


class FeedReader:
    """Reads what feedparser reads."""

    accept = (
        "application/rss+xml, application/atom+xml, application/rdf+xml;q=0.9, "
        "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
    )

    def read(
        self, _source: Source, /, body: bytes, content_type: str | None, url: str
    ) -> ParsedFeed:
        return parse_feed(body, content_type, url)
