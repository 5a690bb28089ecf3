"""Catchers: a mail server and a webhook receiver on loopback that keep what they are sent.

Both may be given `answers`, to be spent one by one before they begin to accept: that is how a test
plays a mail server that is busy, or a webhook that asks for patience.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from worker import clock
from worker.demo.basket import Basket
from worker.demo.loopback import Answer, LoopbackServer, Request

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class CaughtMail:
    """One message that the mail catcher accepted, and when."""

    at: datetime
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str:
        """The plain part, empty where there is none."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The HTML part, empty where there is none."""
        return self._part("html")

    def _part(self, subtype: str) -> str:
        part = self.message.get_body(preferencelist=(subtype,))
        return str(part.get_content()) if part is not None else ""


@dataclass(frozen=True, slots=True)
class CaughtPayload:
    """One request that the webhook catcher accepted, and when; header names are in lower case."""

    at: datetime
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> object:
        """The body as JSON; a ValueError where it is none."""
        parsed: object = json.loads(self.body)
        return parsed


class WebhookCatcher:
    """An HTTP receiver that accepts every POST, as Slack does with `200 ok`."""

    def __init__(self, answers: Iterable[Answer] = (), now: Now = clock.now) -> None:
        self._answers = deque(answers)
        self._now = now
        self._basket: Basket[CaughtPayload] = Basket("webhook messages")
        self._server = LoopbackServer(self._respond)

    def start(self) -> str:
        """Listens, and returns the address to post to."""
        self._server.start()
        return self.url

    def stop(self) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        return f"http://{self._server.address}/hook"

    @property
    def address(self) -> str:
        """Host and port, as `DYADWATCH_ALLOWED_PRIVATE_HOSTS` wants them."""
        return self._server.address

    @property
    def payloads(self) -> tuple[CaughtPayload, ...]:
        """What was accepted, oldest first; a request that got one of `answers` is not among it."""
        return self._basket.all()

    def wait_for(self, count: int = 1, timeout: float = 10.0) -> tuple[CaughtPayload, ...]:
        """All payloads as soon as there are `count`; a TimeoutError after `timeout` seconds."""
        return self._basket.wait_for(count, timeout)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _respond(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer(405, b"Only POST is caught here.")
        try:
            return self._answers.popleft()
        except IndexError:
            self._basket.add(
                CaughtPayload(self._now(), request.path, dict(request.headers), request.body)
            )
            return Answer(200, b"ok")


class MailCatcher:
    """A mail server that accepts every message and delivers none.

    Each of `answers` is a whole SMTP reply to a message, such as `451 4.3.0 Busy`.
    """

    def __init__(self, answers: Iterable[str] = (), now: Now = clock.now) -> None:
        self._answers = deque(answers)
        self._now = now
        self._basket: Basket[CaughtMail] = Basket("e-mails")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None
        self._server: asyncio.Server | None = None

    def start(self) -> int:
        """Listens on 127.0.0.1, and returns the port."""
        # aiosmtpd's own Controller connects to the port that it was told, so it cannot do port 0.
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="mail-catcher")
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self.port

    def stop(self) -> None:
        if self._loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = self._thread = self._server = None

    @property
    def port(self) -> int:
        if self._server is None:
            raise RuntimeError("The mail catcher is not running; call start() first.")
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def messages(self) -> tuple[CaughtMail, ...]:
        """What was accepted, oldest first; a message that got one of `answers` is not among it."""
        return self._basket.all()

    def wait_for(self, count: int = 1, timeout: float = 10.0) -> tuple[CaughtMail, ...]:
        """All messages as soon as there are `count`; a TimeoutError after `timeout` seconds."""
        return self._basket.wait_for(count, timeout)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks its hooks up by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """aiosmtpd's hook for a whole message."""
        del server, session
        if self._answers:
            return self._answers.popleft()
        content = envelope.content or b""
        message = message_from_bytes(
            content if isinstance(content, bytes) else content.encode(), policy=policy.default
        )
        self._basket.add(
            CaughtMail(
                self._now(), str(envelope.mail_from), tuple(map(str, envelope.rcpt_tos)), message
            )
        )
        return "250 2.0.0 Caught"

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: SMTP(self, hostname="catcher.localhost", enable_SMTPUTF8=True, loop=loop),
            host="127.0.0.1",
            port=0,
        )

    async def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
        sessions = asyncio.all_tasks() - {asyncio.current_task()}
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)
