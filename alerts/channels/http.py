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
    """What came back: the status, the beginning of the body on one line, the wish to be left."""

    status: int
    text: str
    retry_after: float | None


@dataclass(frozen=True, slots=True)
class Poster:
    """Posts JSON to one secret address; `service` is what errors call the receiver."""

    service: str
    url: Secret
    allowed_private_hosts: frozenset[str] = frozenset()
    step_timeout: float = STEP_TIMEOUT
    deadline: float = DEADLINE

    def post(self, body: Mapping[str, Json]) -> Outcome:
        """Delivered on 2xx; 408, 425, 429, 5xx and everything without an answer is temporary."""
        outcome = within(self.deadline, lambda: self._post(body))
        if outcome is None:
            return Failed(False, f"{self.service} did not answer within {self.deadline:g} s.")
        return outcome

    def _post(self, body: Mapping[str, Json]) -> Outcome:
        parts = urlsplit(self.url.reveal())
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        addresses = judged_addresses(host, port, self.allowed_private_hosts)
        if isinstance(addresses, Failed):
            return addresses
        outcome: Outcome = Failed(False, f"The name {host} has no address.")
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
                headers={"Host": parts.netloc.rpartition("@")[2], "User-Agent": "dyadwatch"},
                extensions={"sni_hostname": parts.hostname},
            ) as response,
        ):
            return Answer(
                response.status_code, clean_line(_beginning(response)), _retry_after(response)
            )

    def _judged(self, answer: Answer) -> Outcome:
        if 200 <= answer.status < 300:
            return Delivered()
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
        """The text without the address, or its path alone: error pages like to repeat it."""
        path = urlsplit(self.url.reveal()).path
        text = self.url.hidden_in(text)
        return text.replace(path, "***") if len(path) > 1 else text


def _beginning(response: httpx2.Response) -> str:
    """The first bytes of the body as it travels: nothing is unpacked, so nothing can explode."""
    received = b""
    for piece in response.iter_raw(ANSWER_LIMIT):
        received += piece
        if len(received) >= ANSWER_LIMIT:
            break
    return received[:ANSWER_LIMIT].decode("utf-8", errors="replace")


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
