"""Why a download failed, in words for people (pure).

A `Failure` says whether trying again later can help: `permanent` is False for everything that a
server or a network may recover from.
"""

import ssl
from dataclasses import dataclass

import aiohttp
from scrapy.exceptions import (
    DownloadTimeoutError,
    IgnoreRequest,
    UnsupportedURLSchemeError,
)

from crawler.errors import ParserFailed, Refused, RobotsDenied, RobotsUnreachable, TooLarge
from crawler.ports import PageVerdict

_PERMANENT_STATUSES = frozenset({401, 402, 403, 404, 405, 406, 410, 414, 451})
#: The server answers, and does not have it: what was there is there no more.
_GONE = frozenset({404, 410})
_MEANING = {
    401: "asks for a login",
    402: "asks for payment",
    403: "forbids this address to us",
    404: "has no such address",
    410: "says that this address is gone for good",
    429: "says that we ask too often",
    451: "may not show this for legal reasons",
    503: "is not available for now",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong: a sentence, whether another attempt is pointless, and what it makes of a
    page."""

    sentence: str
    permanent: bool = False
    robots_denied: bool = False
    verdict: PageVerdict = "failed"


def failure_of_status(status: int) -> Failure | None:
    """What an HTTP status means to us; None for 200 to 299."""
    if 200 <= status < 300:
        return None
    meaning = _MEANING.get(status)
    if meaning is None:
        meaning = "redirects without saying where" if 300 <= status < 400 else "answers an error"
    sentence, permanent = f"the server {meaning} (HTTP {status})", status in _PERMANENT_STATUSES
    return Failure(sentence, permanent, verdict="gone" if status in _GONE else "failed")


def failure_of_exception(error: BaseException) -> Failure:
    """What an exception of the download means, in words; never raises."""
    match error:
        case RobotsDenied():
            return Failure(str(error), permanent=True, robots_denied=True, verdict="refused")
        case RobotsUnreachable() | DownloadTimeoutError():
            return Failure(str(error))
        case Refused():
            return Failure(f"refused: {error}", permanent=True, verdict="refused")
        case TooLarge():
            return Failure(str(error), permanent=True)
        case aiohttp.ClientError():
            return Failure(_network(error))
        case ParserFailed():
            return Failure(str(error), permanent=error.permanent)
        case UnsupportedURLSchemeError():
            sentence = "refused: only http and https are opened"
            return Failure(sentence, permanent=True, verdict="refused")
        case IgnoreRequest():
            return _ignored(str(error))
        case ssl.SSLError():
            return Failure(f"TLS failed: {error.reason or error}")
        case _:
            return Failure(f"the download failed ({type(error).__name__}: {error})"[:500])


def _network(error: aiohttp.ClientError) -> str:
    match error:
        case aiohttp.ClientConnectorCertificateError():
            why = getattr(error.certificate_error, "verify_message", "")
            return f"the server's certificate is not valid ({why or error.certificate_error})"
        case aiohttp.ClientConnectorSSLError():
            return f"TLS failed ({error.os_error.strerror or error.os_error})"
        case aiohttp.ClientConnectorDNSError():
            return f"the name {error.host} cannot be resolved (DNS)"
        case aiohttp.ClientConnectorError():
            return f"no connection to {error.host}:{error.port} ({_plain(error.os_error)})"
        case aiohttp.ClientOSError() if error.strerror:
            return f"the connection broke off ({error.strerror.lower()})"
        case aiohttp.ServerDisconnectedError():
            return "the server closed the connection without an answer"
        case aiohttp.ClientPayloadError():
            return "the answer broke off before its end"
        case aiohttp.ClientResponseError():
            words = " ".join(str(error.message).split())
            return f"the server's answer is not HTTP ({words[:200]})"
        case _:
            return f"the connection failed ({type(error).__name__}: {error})"[:300]


def _plain(error: OSError) -> str:
    return "connection refused" if isinstance(error, ConnectionRefusedError) else str(error)


def _ignored(message: str) -> Failure:
    if "max redirections" in message:
        return Failure("the address redirects too many times")
    if "DOWNLOAD_MAXSIZE" in message:
        return Failure("the answer is too large once it is unpacked", permanent=True)
    return Failure(f"the download was given up ({message})"[:300])
