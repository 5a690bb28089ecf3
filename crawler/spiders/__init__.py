"""One file a kind of source; `READERS` is where a kind becomes known."""

from crawler.spiders.feed import FeedReader
from crawler.spiders.gdelt import GdeltReader
from crawler.spiders.listing import ListingReader
from crawler.spiders.reader import SourceReader
from crawler.spiders.sitemap import SitemapReader
from crawler.spiders.telegram import TelegramReader

READERS: dict[str, SourceReader] = {
    "feed": FeedReader(),
    "sitemap": SitemapReader(),
    "listing": ListingReader(),
    "telegram": TelegramReader(),
    "gdelt": GdeltReader(),
}
