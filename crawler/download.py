"""The download handler: aiohttp, fenced in.

Scrapy's own handler for its reactorless mode works likewise, but keeps its connector, the only
place where a guard sees every numeric address, in private attributes.
"""

import asyncio
import ssl
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from time import monotonic
from typing import ClassVar

import aiohttp
from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Headers, Response
from scrapy.settings import BaseSettings

from crawler.errors import Refused, TimeIsUp, TooLarge
from crawler.guards import RefusedAddress, guarded_socket

#: Of bodies that are larger than this only so many are read at once: 64 connections times 10 MiB
#: are more than a crawl may take.
_LARGE = 3 * 1024 * 1024
_LARGE_AT_ONCE = 12
#: Each layer is unpacked within the size limit, but at the price of the whole size.
_MAX_ENCODINGS = 2


class GuardedDownloadHandler(BaseDownloadHandler):
    """Downloads http and https; refuses private addresses, large bodies and slow servers.

    Reads from `request.meta`: `download_timeout` (seconds, for everything together) and
    `not_after` (on the monotonic clock; later requests raise TimeIsUp). Raises aiohttp's errors
    as they are, so that RetryMiddleware and `crawler.failures` decide about them.
    """

    lazy: bool = True
    _CHUNK: ClassVar[int] = 65_536

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._maxsize = settings.getint("DOWNLOAD_MAXSIZE")
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._large_ones = asyncio.Semaphore(_LARGE_AT_ONCE)
        self._connect_timeout = settings.getfloat("CONNECT_TIMEOUT")
        allowed = frozenset(settings.getlist("ALLOWED_PRIVATE_HOSTS"))
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                ssl=_tls(settings),
                limit=settings.getint("CONCURRENT_REQUESTS"),
                socket_factory=guarded_socket(allowed),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    async def download_request(self, request: Request) -> Response:
        if monotonic() > request.meta.get("not_after", float("inf")):
            raise TimeIsUp("the crawl's time was up")
        seconds = float(request.meta.get("download_timeout", self._timeout))
        started = monotonic()
        try:
            # A timeout of our own besides aiohttp's: it also covers DNS, redirects' bodies, and a
            # server that sends a byte now and then.
            async with asyncio.timeout(seconds), self._asked(request) as answer:
                request.meta["download_latency"] = monotonic() - started
                return await self._response(request, answer)
        except aiohttp.ConnectionTimeoutError as error:
            sentence = f"no connection within {self._connect_timeout:g} s"
            raise DownloadTimeoutError(sentence) from error
        except TimeoutError as error:
            raise DownloadTimeoutError(f"no complete answer within {seconds:g} s") from error
        except aiohttp.InvalidURL as error:
            raise Refused(f"the address cannot be read ({error})") from error
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, RefusedAddress):
                raise Refused(error.os_error.strerror) from error
            raise

    async def close(self) -> None:
        await self._session.close()

    def _asked(self, request: Request) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        return self._session.request(
            request.method,
            request.url,
            headers=request.headers.to_tuple_list(),
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._connect_timeout),
        )

    async def _response(self, request: Request, answer: aiohttp.ClientResponse) -> Response:
        return Response(
            request.url,
            status=answer.status,
            headers=Headers(list(answer.headers.items())),
            body=await self._body(answer),
            request=request,
        )

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        limit = self._maxsize
        encodings = ",".join(answer.headers.getall("Content-Encoding", ()))
        if encodings.count(",") >= _MAX_ENCODINGS:
            raise TooLarge(f"the answer is packed more than {_MAX_ENCODINGS} times over")
        if (answer.content_length or 0) > limit:
            raise TooLarge(f"the answer announces more than {limit} bytes")
        body = bytearray()
        async with AsyncExitStack() as held:
            async for chunk in answer.content.iter_chunked(self._CHUNK):
                # What waits here is not read from its connection.
                if len(body) <= _LARGE < len(body) + len(chunk):
                    await held.enter_async_context(self._large_ones)
                body += chunk
                if len(body) > limit:
                    raise TooLarge(f"the answer is larger than {limit} bytes")
            return bytes(body)


def _tls(settings: BaseSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
