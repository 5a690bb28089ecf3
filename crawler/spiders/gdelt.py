"""Kind `gdelt`: a search of GDELT's DOC 2.0, which gathers what newsrooms everywhere publish."""

from datetime import datetime

from crawler.gdelt import parse_answer, question
from crawler.reading import Answer, Reading
from crawler.source import Source


class GdeltReader:
    """Asks for the newest 250 articles of a query; for history, window by window."""

    accept = "application/json, text/plain;q=0.5"
    max_follow = 120

    def address(self, source: Source, _now: datetime, /) -> str:
        return question(source.url)

    def read(self, source: Source, answer: Answer, /) -> Reading:
        return parse_answer(answer, source.url)
