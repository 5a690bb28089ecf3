"""Polls: one source's address, what it leads on to, and everything together as one outcome."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from scrapy.http import Response

from crawler.answers import conditional, header, requests_behind, retry_after, validators_of
from crawler.article import Article
from crawler.errors import DeskError, TimeIsUp
from crawler.failures import Failure, failure_of_exception, failure_of_status
from crawler.fetching import Fetcher, lane_of
from crawler.lanes import Lanes, Rank
from crawler.merge import article_of_entry, newest_of, oldest_of
from crawler.order import CrawlOrder
from crawler.parsing import Parsers
from crawler.ports import FeedValidators, PollOutcome
from crawler.reading import Answer, Reading
from crawler.source import Source
from crawler.spiders import READERS
from crawler.spiders.reader import SourceReader

logger = logging.getLogger(__name__)

_OUT_OF_TIME = "the crawl's time was up"


@dataclass(slots=True)
class _Poll:
    """A poll on its way: what its answers came to so far."""

    source: Source
    reader: SourceReader
    started: datetime
    asked: set[str] = field(default_factory=set)
    open: int = 0
    requests: int = 0
    status: int | None = None
    answered: int = 0
    unchanged: int = 0
    entries: int = 0
    new: int = 0
    changed: int = 0
    validators: dict[str, FeedValidators] = field(default_factory=dict)
    newest: datetime | None = None
    oldest: datetime | None = None
    retry_after: float | None = None
    robots_denied: bool = False
    problems: list[str] = field(default_factory=list)

    def fail(self, failure: Failure) -> None:
        self.problems.append(failure.sentence)
        self.robots_denied = self.robots_denied or failure.robots_denied

    def count(self, found: Sequence[Article], new: int, changed: int) -> None:
        self.entries += len(found)
        self.new += new
        self.changed += changed
        self.newest = max(filter(None, (self.newest, newest_of(found))), default=None)
        self.oldest = min(filter(None, (self.oldest, oldest_of(found))), default=None)

    def outcome(self, finished: datetime) -> PollOutcome:
        """An error only where nothing at all could be read; otherwise a note of what could not."""
        failed = not self.answered
        sentence = None
        if self.problems:
            sentence = self.problems[0]
            if not failed or len(self.asked) > 1:
                what = f"{len(self.problems)} of {len(self.asked)} addresses could not be read"
                sentence = f"{what}: {sentence}"
        return PollOutcome(
            source=self.source.id,
            started=self.started,
            finished=finished,
            status=self.status,
            entries=self.entries,
            new=self.new,
            changed=self.changed,
            not_modified=self.answered > 0 and self.unchanged == self.answered == len(self.asked),
            validators=self.validators or None,
            newest=self.newest,
            oldest=self.oldest,
            retry_after=self.retry_after,
            robots_denied=self.robots_denied and failed,
            requests=self.requests,
            error=sentence if failed else None,
            note=None if failed else sentence,
        )


class Polls:
    """Polls the sources of one crawl, in the lanes of the hosts that they lead to."""

    def __init__(
        self,
        order: CrawlOrder,
        lanes: Lanes,
        fetcher: Fetcher,
        parsers: Parsers,
        found: Callable[[Article], None],
    ) -> None:
        self._order = order
        self._lanes = lanes
        self._fetcher = fetcher
        self._parsers = parsers
        self._found = found
        self._begun: dict[str, _Poll] = {}

    def add(self, source: Source) -> None:
        """Have a source polled when its turn comes."""
        self._lanes.add(lane_of(source.url, source.id), Rank.POLL, partial(self._begin, source))

    async def conclude(self) -> None:
        """Settle the polls that time cut off in the middle: what they have read counts."""
        for poll in list(self._begun.values()):
            poll.problems += [_OUT_OF_TIME] * poll.open
            await self._settle(poll)

    async def _begin(self, source: Source) -> None:
        started = self._order.now()
        reader = READERS.get(source.kind)
        if reader is None:
            built = ", ".join(sorted(READERS))
            sentence = f"sources of kind {source.kind} cannot be crawled yet; kinds: {built}"
            outcome = PollOutcome(source.id, started, started, None, requests=0, error=sentence)
            await self._tell(outcome)
            return
        poll = self._begun[source.id] = _Poll(source, reader, started, open=1)
        await self._answered(poll, None)

    async def _answered(self, poll: _Poll, url: str | None) -> None:
        """Ask for one address, or for the first one, and take what the answer holds."""
        try:
            url = url or poll.reader.address(poll.source, poll.started)
            poll.asked.add(url)
            await self._read(poll, url)
        except TimeIsUp:
            if not poll.requests:  # its turn never came: it is still due
                del self._begun[poll.source.id]
                return
            poll.problems.append(_OUT_OF_TIME)
        except DeskError:
            raise
        except Exception as error:
            logger.debug("%s of %s failed", url, poll.source.id, exc_info=True)
            poll.fail(failure_of_exception(error))
        poll.open -= 1
        if not poll.open:
            await self._settle(poll)

    async def _read(self, poll: _Poll, url: str) -> None:
        response = await self._response(poll, url)
        if response.status == 304:
            poll.answered += 1
            poll.unchanged += 1
            return
        if failure := failure_of_status(response.status):
            poll.fail(failure)
            return
        reading = await self._reading(poll, response)
        if reading.problem:
            poll.fail(Failure(reading.problem))
            return
        await self._take(poll, reading)
        # An index that lists nothing itself has said nothing: its files are what is read.
        poll.answered += bool(reading.entries or not reading.follow)
        follows = self._follow(poll, reading.follow)
        # An index that is kept with its validators would answer 304 next time, and hide its files.
        if not follows and not self._order.since:
            poll.validators[url] = validators_of(response)

    async def _response(self, poll: _Poll, url: str) -> Response:
        """The answer, be it one in which the host has asked for a pause before."""
        response = self._fetcher.resting(lane_of(url, poll.source.id))
        if response is None:
            known = FeedValidators()
            if not self._order.since:
                known = await self._order.desk.validators(poll.source.id, url)
            headers = conditional(known, poll.reader.accept)
            try:
                response = await self._fetcher.fetch(url, headers)
            except TimeIsUp:
                raise
            except Exception:
                poll.requests += 1
                raise
            poll.requests += requests_behind(response)
        poll.status = poll.status or response.status
        wish = retry_after(response, self._order.now())
        poll.retry_after = max(filter(None, (poll.retry_after, wish)), default=None)
        return response

    async def _reading(self, poll: _Poll, response: Response) -> Reading:
        answer = Answer(
            url=response.url,
            body=response.body,
            content_type=header(response, "Content-Type"),
            now=poll.started,
            since=self._order.since,
        )
        return await self._parsers.run(read_answer, poll.source, answer)

    async def _take(self, poll: _Poll, reading: Reading) -> None:
        fetched = self._order.now()
        found = [
            article_of_entry(entry, poll.source, reading.language, fetched)
            for entry in reading.entries
        ]
        taken = await self._order.desk.take(poll.source.id, poll.started, found)
        poll.count(found, len(taken.new), len(taken.changed))
        self._order.tally.new_articles += len(taken.new)
        for article in (*taken.new, *taken.changed):
            if article.stage == "feed":
                self._found(article)

    def _follow(self, poll: _Poll, addresses: Sequence[str]) -> bool:
        """Have these asked for, too, as far as the reader's bound goes; whether there are any."""
        for url in addresses:
            if len(poll.asked) > poll.reader.max_follow or url in poll.asked:
                continue
            poll.asked.add(url)
            poll.open += 1
            lane = lane_of(url, poll.source.id)
            self._lanes.add(lane, Rank.FOLLOW, partial(self._answered, poll, url))
        return bool(addresses)

    async def _settle(self, poll: _Poll) -> None:
        del self._begun[poll.source.id]
        await self._tell(poll.outcome(self._order.now()))

    async def _tell(self, outcome: PollOutcome) -> None:
        self._order.outcomes[outcome.source] = outcome
        await self._order.desk.polled(outcome)


def read_answer(source: Source, answer: Answer) -> Reading:
    """What a source's reader makes of an answer; a function of its own for the parser process."""
    return READERS[source.kind].read(source, answer)
