"""A small HTTP server on 127.0.0.1 that starts on a free port and leaves no thread behind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from threading import Thread
from typing import Protocol

#: A client that opens a connection and says nothing would hold `stop` for ever.
IDLE_SECONDS = 5.0
_SHUTDOWN_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What it gets; Content-Length is added."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class Responder(Protocol):
    """Decides answers; it is called from many threads at once."""

    def __call__(self, request: Request) -> Answer: ...


class LoopbackServer:
    """Serves a responder; `start` and `stop` may be called once each, in this order."""

    def __init__(self, respond: Responder) -> None:
        self._respond = respond
        self._server: ThreadingHTTPServer | None = None
        self._thread: Thread | None = None

    def start(self) -> int:
        """Listens, and returns the port."""
        self._server = _Server(("127.0.0.1", 0), partial(_Handler, self._respond))
        self._thread = Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": _SHUTDOWN_POLL_SECONDS},
            name=f"loopback-{self.port}",
        )
        self._thread.start()
        return self.port

    def stop(self) -> None:
        """Closes the port, and waits for every request that is being answered."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server = self._thread = None

    @property
    def port(self) -> int:
        if self._server is None:
            raise RuntimeError("The local server is not running; call start() first.")
        return self._server.server_port

    @property
    def address(self) -> str:
        """Host and port, as `DYADWATCH_ALLOWED_PRIVATE_HOSTS` wants them."""
        return f"127.0.0.1:{self.port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close() waits for them
    request_queue_size = 64

    def server_bind(self) -> None:
        # The inherited one asks the resolver for this machine's name, which may take seconds.
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]


class _Handler(BaseHTTPRequestHandler):
    # HTTP/1.0: one request a connection, so that stopping never waits for an idle one.
    protocol_version = "HTTP/1.0"
    timeout = IDLE_SECONDS

    def __init__(
        self, respond: Responder, request: socket, client: tuple[str, int], server: _Server
    ) -> None:
        self._respond = respond
        super().__init__(request, client, server)

    def _answer(self) -> None:
        answer = self._respond(
            Request(
                method=self.command,
                path=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            )
        )
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = _answer  # noqa: N815 - the names that http.server calls

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the terminal belongs to the progress display."""
