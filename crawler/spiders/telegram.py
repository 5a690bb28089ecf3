"""Kind `telegram`: the public preview of a channel."""

from datetime import datetime

from crawler.reading import Answer, Reading
from crawler.source import Source
from crawler.telegram import channel_of, parse_preview, preview_address


class TelegramReader:
    """Reads the newest 20 posts or so, and older pages only for somebody who wants history."""

    accept = "text/html"
    max_follow = 100

    def address(self, source: Source, _now: datetime, /) -> str:
        channel = channel_of(source.url)
        return preview_address(channel) if channel else source.url

    def read(self, _source: Source, answer: Answer, /) -> Reading:
        return parse_preview(answer)
