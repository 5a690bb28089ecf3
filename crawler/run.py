"""`crawl`: from sources on the network to articles in a sink; blocking, and once it returns, done.

Scrapy runs without a Twisted reactor, on an asyncio loop that lives as long as the call. Measured
with Scrapy 2.19 on 2 cores: the first empty crawl of a process costs about as much either way
(0.7 to 1.0 s, imports included); after it a reactor refuses (ReactorNotRestartable), while 100
more crawls without one took 10 ms each and 2.6 MB together. The loop runs in any thread and in a
forked child, installs no signal handler, and aiohttp shows every numeric address to the guard at
the socket, literals included.
Scrapy calls the mode experimental, so what is used of it is public: `Crawler.crawl_async`,
`engine.download_async` and a download handler of our own. A process in which Twisted's reactor is
already installed cannot crawl.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from scrapy.crawler import Crawler

from crawler.desk import Desk
from crawler.errors import DeskError
from crawler.order import CrawlOrder
from crawler.ports import ArticleSink, CrawlMemory, PageTask, PollOutcome
from crawler.settings import Politeness, scrapy_settings
from crawler.source import Source
from crawler.spiders.crawl import CrawlSpider

#: Beyond its budget a crawl only ends what it had begun; after this it is torn down.
GRACE_SECONDS = 60.0
_RESOLVERS = 32


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What one crawl came to.

    `outcomes` has one for each source, in the order given. `new_articles` are those that no source
    had shown before. `pages_moved` were handed back, since another host has them now; `pages_left`
    were not begun, for lack of time. Both stay page tasks.
    """

    outcomes: tuple[PollOutcome, ...]
    new_articles: int
    pages_read: int
    pages_failed: int
    pages_moved: int
    pages_left: int
    took: timedelta


def crawl(
    sources: Sequence[Source],
    pages: Sequence[PageTask],
    sink: ArticleSink,
    memory: CrawlMemory,
    politeness: Politeness,
    now: Callable[[], datetime],
    since: datetime | None = None,
    hosts: Collection[str] | None = None,
    selectors: Mapping[str, str] | None = None,
) -> CrawlReport:
    """Polls every source once, puts what is new, and reads pages until the budget is spent.

    With `since` sources are asked for all that they list from then on, whatever was asked before.
    `hosts` (`crawler.urls.host_of`) are those whose pages may be read, None for all: a page that
    redirects to another one is handed back as `moved`. `selectors` choose the article on the pages
    of sources that are not polled here, by their id.
    Sink and memory are called from one thread, which is not the caller's. Every source whose turn
    came ends in one `memory.polled`. Raises what sink or memory raised, and RuntimeError where a
    Twisted reactor is already installed in this process; nothing that a server does raises.
    """
    if "twisted.internet.reactor" in sys.modules:
        raise RuntimeError(
            "A Twisted reactor is installed in this process; crawl from a process without one."
        )
    _hush()
    started = now()
    with Desk(sink, memory) as desk:
        allowed = None if hosts is None else frozenset(hosts)
        chosen = {**(selectors or {}), **{s.id: s.article for s in sources if s.article}}
        order = CrawlOrder(
            tuple(sources), tuple(pages), desk, politeness, now, since, allowed, chosen
        )
        _run(_crawled(order))
    if isinstance(order.broken_by, DeskError) and order.broken_by.__cause__:
        raise order.broken_by.__cause__
    if order.broken_by:
        raise order.broken_by
    return _report(order, now() - started)


async def _crawled(order: CrawlOrder) -> None:
    crawler = Crawler(CrawlSpider, scrapy_settings(order.politeness))
    limit = order.politeness.budget + order.politeness.timeout + GRACE_SECONDS
    try:
        async with asyncio.timeout(limit):
            await crawler.crawl_async(order=order)
    except TimeoutError:
        logging.getLogger(__name__).error("the crawl did not end by itself after %s s", limit)
    for source in order.sources:
        if source.id not in order.outcomes:
            order.outcomes[source.id] = _not_begun(source, order.now())


def _not_begun(source: Source, moment: datetime) -> PollOutcome:
    """The outcome of a source whose turn never came. The memory does not hear of it: the source
    has not failed, and is still due."""
    sentence = "the crawl's time was up before it was this source's turn"
    return PollOutcome(source.id, moment, moment, None, error=sentence)


def _run(crawling: Coroutine[None, None, None]) -> None:
    # Not asyncio.run: it takes over SIGINT, which belongs to the process around us.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # Names are resolved there: by default in so few threads that dead name servers hold up all.
    loop.set_default_executor(ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="crawl-dns"))
    try:
        loop.run_until_complete(crawling)
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        asyncio.set_event_loop(None)
        loop.close()


def _hush() -> None:
    """Scrapy and what it uses speak only of errors, unless somebody has set their level."""
    for name in ("scrapy", "twisted", "charset_normalizer"):
        if logging.getLogger(name).level == logging.NOTSET:
            logging.getLogger(name).setLevel(logging.ERROR)


def _report(order: CrawlOrder, took: timedelta) -> CrawlReport:
    tally = order.tally
    return CrawlReport(
        outcomes=tuple(order.outcomes[source.id] for source in order.sources),
        new_articles=tally.new_articles,
        pages_read=tally.pages_read,
        pages_failed=tally.pages_failed,
        pages_moved=tally.pages_moved,
        pages_left=tally.pages_known - tally.pages_read - tally.pages_failed - tally.pages_moved,
        took=took,
    )
