"""What an answer's head says (pure): validators, the wish for a pause, the kind of body."""

from datetime import datetime

from scrapy.http import Response

from crawler.dates import as_instant, stated_time
from crawler.ports import FeedValidators

_LONGEST_RETRY_AFTER = 86_400.0
_MAX_HEADER = 1_000
_HTML = frozenset({"", "text/html", "application/xhtml+xml", "text/plain", "application/xml"})


def header(response: Response, name: str) -> str | None:
    """One header's value, cut off where no honest one goes on."""
    value: bytes | None = response.headers.get(name)
    return value.decode("latin-1")[:_MAX_HEADER] if value else None


def conditional(validators: FeedValidators, accept: str) -> dict[str, str]:
    """The headers of a request that wants an answer only if it is a new one."""
    headers = {"Accept": accept}
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


def validators_of(response: Response) -> FeedValidators:
    return FeedValidators(header(response, "ETag"), header(response, "Last-Modified"))


def retry_after(response: Response, now: datetime) -> float | None:
    """The server's own wish in seconds, from either spelling of Retry-After; at most a day."""
    text = (header(response, "Retry-After") or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _LONGEST_RETRY_AFTER)
    moment = as_instant(stated_time(text))
    if not isinstance(moment, datetime):
        return None
    return min(max(0.0, (moment - now).total_seconds()), _LONGEST_RETRY_AFTER)


def asks_for_a_pause(response: Response) -> bool:
    return response.status == 429 or (response.status == 503 and "Retry-After" in response.headers)


def requests_behind(response: Response) -> int:
    """How many requests this answer took, with its redirects and repetitions."""
    meta = response.request.meta if response.request else {}
    return 1 + int(meta.get("redirect_times", 0)) + int(meta.get("retry_times", 0))


def kind_of_body(response: Response) -> str:
    """The media type that the server declares; "" where it declares none."""
    return (header(response, "Content-Type") or "").partition(";")[0].strip().lower()


def may_be_html(kind: str) -> bool:
    return kind in _HTML
