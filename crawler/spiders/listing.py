"""Kind `listing`: a section page of a site that has neither a feed nor a sitemap."""

from datetime import datetime

from crawler.listing import parse_listing
from crawler.reading import Answer, Reading
from crawler.source import Source


class ListingReader:
    """Takes the links that the source's `links` selector chooses, or finds them itself."""

    accept = "text/html, application/xhtml+xml, */*;q=0.1"
    max_follow = 0

    def address(self, source: Source, _now: datetime, /) -> str:
        return source.url

    def read(self, source: Source, answer: Answer, /) -> Reading:
        return parse_listing(answer, source.links)
