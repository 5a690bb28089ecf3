"""One question to an OpenAI-compatible endpoint: guarded, bounded in time and size.

ModelTrouble   no usable answer came; the message says why, and never repeats the key
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx2

from alerts.channels.addresses import judged_addresses
from alerts.channels.deadline import within
from alerts.channels.secret import Secret
from alerts.notification import Failed
from worker.output import printable
from worker.settings import Model

#: Seconds for each step of an exchange, and for the whole of it.
STEP_TIMEOUT = 5.0
DEADLINE = 6.0
#: An answer is a few hundred bytes; what is longer than this is none.
MOST_BYTES = 64_000
_SAID = 200


class ModelTrouble(Exception):
    """No usable answer came; the message is one sentence for a log."""


@dataclass(frozen=True, slots=True)
class ModelClient:
    """Asks one model at one base address, such as `https://models.example/v1`.

    The same addresses are refused as for webhooks: `allowed_private_hosts` are the exceptions.
    Redirects are not followed, and the environment's proxies not used.
    """

    base: str
    model: str
    key: Secret | None = None
    allowed_private_hosts: frozenset[str] = frozenset()
    step_timeout: float = STEP_TIMEOUT
    deadline: float = DEADLINE

    def ask(self, messages: list[dict[str, str]], schema: Mapping[str, Any]) -> str:
        """What the model says, as it says it; `ModelTrouble` where nothing usable comes."""
        answer = within(self.deadline, lambda: self._ask(messages, schema))
        if answer is None:
            raise ModelTrouble(f"it did not answer within {self.deadline:g} s")
        return answer

    def _ask(self, messages: list[dict[str, str]], schema: Mapping[str, Any]) -> str:
        parts = urlsplit(f"{self.base.rstrip('/')}/chat/completions")
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        addresses = judged_addresses(host, port, self.allowed_private_hosts)
        if isinstance(addresses, Failed):
            raise ModelTrouble(addresses.error.rstrip("."))
        body = {
            "model": self.model,
            "messages": messages,
            "temperature": 0,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "labels", "strict": True, "schema": schema},
            },
        }
        try:
            status, content = self._exchange(parts, addresses[0], body)
        # A ValueError: what cannot be written as a header, or as UTF-8. Not its own words, which
        # quote what they could not write, be it the key.
        except (
            httpx2.HTTPError,
            httpx2.StreamError,
            httpx2.InvalidURL,
            IndexError,
            ValueError,
        ) as error:
            raise ModelTrouble(f"it cannot be reached ({type(error).__name__})") from None
        if status != 200:
            said = printable(content[:_SAID].decode("utf-8", "replace"))
            raise ModelTrouble(f"it answered {status} {self._without_key(said)}".strip())
        return _content(content)

    def _exchange(
        self, parts: SplitResult, address: str, body: Mapping[str, Any]
    ) -> tuple[int, bytes]:
        headers = {"Host": parts.netloc.rpartition("@")[2], "User-Agent": "dyadwatch"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key.reveal()}"
        with (
            httpx2.Client(trust_env=False, timeout=self.step_timeout) as client,
            client.stream(
                "POST",
                httpx2.URL(parts.geturl()).copy_with(host=address),
                json=body,
                # As it travels: nothing is unpacked, so nothing can explode.
                headers={**headers, "Accept-Encoding": "identity"},
                extensions={"sni_hostname": parts.hostname},
            ) as response,
        ):
            received = b""
            for piece in response.iter_raw(8_192):
                received += piece
                if len(received) > MOST_BYTES:
                    raise ModelTrouble(f"its answer is longer than {MOST_BYTES} bytes")
            return response.status_code, received

    def _without_key(self, text: str) -> str:
        return self.key.hidden_in(text) if self.key else text


def client_of(model: Model, allowed_private_hosts: frozenset[str]) -> ModelClient:
    """The client for the model of the settings."""
    return ModelClient(model.url, model.name, model.key, allowed_private_hosts)


def _content(body: bytes) -> str:
    """The first choice's words."""
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, KeyError, IndexError, TypeError):
        raise ModelTrouble("its answer is no chat completion") from None
    if not isinstance(content, str):
        raise ModelTrouble("its answer has no words")
    return content
