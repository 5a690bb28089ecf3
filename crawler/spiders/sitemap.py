"""Kind `sitemap`: news sitemaps, plain ones, and indexes of either."""

from datetime import datetime

from crawler.named_sitemaps import is_robots, reading_of_robots
from crawler.reading import Answer, Reading
from crawler.sitemap import parse_sitemap
from crawler.source import Source


class SitemapReader:
    """Reads what is recent, or all since a date; of an index, the files that may hold it; and where
    the address is a robots.txt, the sitemaps that it names."""

    accept = "application/xml, text/xml, application/gzip;q=0.9, text/plain;q=0.5, */*;q=0.1"
    #: An ordinary poll follows a few files an index; a walk through history needs a file a day.
    max_follow = 120

    def address(self, source: Source, _now: datetime, /) -> str:
        return source.url

    def read(self, source: Source, answer: Answer, /) -> Reading:
        if is_robots(answer.url):
            return reading_of_robots(answer)
        return parse_sitemap(answer, source.url)
