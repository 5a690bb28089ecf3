"""Kind `feed`: RSS, Atom, RDF, JSON Feed and WordPress's list of posts."""

from datetime import datetime

from crawler.feed import parse_feed
from crawler.reading import Answer, Reading
from crawler.source import Source


class FeedReader:
    """Reads the newest entries; a feed keeps no history, so `since` changes nothing."""

    accept = (
        "application/rss+xml, application/atom+xml, application/feed+json, "
        "application/rdf+xml;q=0.9, application/xml;q=0.9, text/xml;q=0.9, "
        "application/json;q=0.8, */*;q=0.1"
    )
    max_follow = 0

    def address(self, source: Source, _now: datetime, /) -> str:
        return source.url

    def read(self, _source: Source, answer: Answer, /) -> Reading:
        return parse_feed(answer.body, answer.content_type, answer.url)
