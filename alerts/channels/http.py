"""One JSON request to somebody else's server: bounded in time and size, redirects not followed."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

import httpx2

from alerts.channels.addresses import judged_addresses
from alerts.channels.deadline import within
from alerts.channels.secret import Secret
from alerts.notification import Delivered, Failed, Json, Outcome
from alerts.render_quote import clean_line

#: Seconds for each step of an exchange, and for the whole of it.
STEP_TIMEOUT = 10.0
DEADLINE = 30.0

ANSWER_LIMIT = 2000
ADDRESSES_TRIED = 3
BUSY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the beginning of the body on one line, the wish to be left, and
    the body as far as it was read."""

    status: int
    text: str
    retry_after: float | None
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Poster:
    """Posts JSON to one secret address; `service` is what errors call the receiver. `token` goes
    with it as a bearer's. Of the answer `answer_limit` bytes are read."""

    service: str
    url: Secret
    allowed_private_hosts: frozenset[str] = frozenset()
    step_timeout: float = STEP_TIMEOUT
    deadline: float = DEADLINE
    token: Secret | None = None
    answer_limit: int = ANSWER_LIMIT

    def post(self, body: Mapping[str, Json]) -> Outcome:
        """Delivered on 2xx; 408, 425, 429, 5xx and everything without an answer is temporary."""
        answer = self.ask(body)
        return answer if isinstance(answer, Failed) else Delivered()

    def ask(self, body: Mapping[str, Json]) -> Answer | Failed:
        """The answer where it is 2xx; what failed otherwise, as of `post`."""
        answer = within(self.deadline, lambda: self._post(body))
        if answer is None:
            return Failed(False, f"{self.service} did not answer within {self.deadline:g} s.")
        return answer

    def _post(self, body: Mapping[str, Json]) -> Answer | Failed:
        parts = urlsplit(self.url.reveal())
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        addresses = judged_addresses(host, port, self.allowed_private_hosts)
        if isinstance(addresses, Failed):
            return addresses
        outcome = Failed(False, f"The name {host} has no address.")
        for address in addresses[:ADDRESSES_TRIED]:
            try:
                return self._judged(self._exchange(parts, address, body))
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                outcome = Failed(False, self._unreachable(host, port, error))
            except (httpx2.HTTPError, httpx2.StreamError) as error:
                return Failed(False, f"{self.service} broke off: {self._named(error)}.")
            except httpx2.InvalidURL:
                return Failed(True, f"The address of {self.service} is not valid.")
        return outcome

    def _exchange(self, parts: SplitResult, address: str, body: Mapping[str, Json]) -> Answer:
        # The environment's proxies are not used: they would resolve the name once more.
        with (
            httpx2.Client(trust_env=False, timeout=self.step_timeout) as client,
            client.stream(
                "POST",
                httpx2.URL(parts.geturl()).copy_with(host=address),
                json=body,
                headers=self._headers(parts),
                extensions={"sni_hostname": parts.hostname},
            ) as response,
        ):
            read = _beginning(response, self.answer_limit)
            text = clean_line(read[:ANSWER_LIMIT].decode("utf-8", errors="replace"))
            return Answer(response.status_code, text, _retry_after(response), read)

    def _headers(self, parts: SplitResult) -> dict[str, str]:
        # Nothing is unpacked, so that nothing can explode: it is asked for as it is.
        headers = {
            "Host": parts.netloc.rpartition("@")[2],
            "User-Agent": "dyadwatch",
            "Accept-Encoding": "identity",
        }
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token.reveal()}"
        return headers

    def _judged(self, answer: Answer) -> Answer | Failed:
        if 200 <= answer.status < 300:
            return answer
        said = self._without_secret(f"{answer.status} {answer.text}".strip())
        error = f"{self.service} answered {said}."
        if answer.status in BUSY or answer.status >= 500:
            return Failed(False, error, answer.retry_after)
        if 300 <= answer.status < 400:
            return Failed(True, f"{error} Redirects are not followed: give the final address.")
        return Failed(True, error)

    def _unreachable(self, host: str, port: int, error: Exception) -> str:
        where = f"{self.service} at {host}:{port}"
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return f"The certificate of {where} is not trusted: {cause.verify_message}."
            cause = cause.__cause__ or cause.__context__
        return f"{where} cannot be reached: {self._named(error)}."

    def _named(self, error: Exception) -> str:
        return self._without_secret(clean_line(str(error)) or type(error).__name__)

    def _without_secret(self, text: str) -> str:
        """The text without token and address, or its path alone: error pages like to repeat it."""
        path = urlsplit(self.url.reveal()).path
        text = self.url.hidden_in(text)
        text = text if self.token is None else self.token.hidden_in(text)
        return text.replace(path, "***") if len(path) > 1 else text


def _beginning(response: httpx2.Response, limit: int) -> bytes:
    """The first bytes of the body as it travels."""
    received = b""
    for piece in response.iter_raw(ANSWER_LIMIT):
        received += piece
        if len(received) >= limit:
            break
    return received[:limit]


def _retry_after(response: httpx2.Response) -> float | None:
    """`Retry-After` in seconds; a date counts from the server's own `Date`."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        wish = parsedate_to_datetime(value) - parsedate_to_datetime(response.headers["Date"])
    except (ValueError, TypeError, KeyError):
        return None
    return max(0.0, wish.total_seconds())
