"""A server that speaks in raw bytes: whatever a polite one would never send.

Each path has a behaviour, a function that does with its connection what it likes. One request a
connection. Behaviours that wait do so on an event, so that they end with the server.
"""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

HTML, XML = "text/html; charset=utf-8", "text/xml; charset=utf-8"


@dataclass
class Conversation:
    """One request, and the connection that it came on; `over` is set when the server closes."""

    socket: socket.socket
    path: str
    headers: Mapping[str, str]
    over: threading.Event

    def send(self, *pieces: bytes) -> None:
        self.socket.sendall(b"".join(pieces))

    def pause(self, seconds: float) -> bool:
        """Wait; whether to go on."""
        return not self.over.wait(seconds)


Behaviour = Callable[[Conversation], None]


def answering(
    body: bytes | str = b"",
    kind: str = XML,
    status: int = 200,
    **headers: str,
) -> Behaviour:
    """A whole and honest answer; `Content_Encoding="gzip"` gives that header."""
    payload = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} So", f"Content-Type: {kind}", f"Content-Length: {len(payload)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([*lines, "Connection: close", "", ""]).encode("utf-8")
    return lambda talk: talk.send(head, payload)


def redirecting(location: str, status: int = 302) -> Behaviour:
    return answering(status=status, kind=HTML, Location=location)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


@dataclass
class HostileServer:
    """Listens on loopback from the moment it is made until `close`.

    `asked` are the paths in the order of their requests, `connections` counts every connection,
    also those on which nothing was asked. A `mute` server accepts and says nothing, ever.
    """

    address: str = "127.0.0.1"
    port: int = 0
    tls: ssl.SSLContext | None = None
    mute: bool = False
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    otherwise: Behaviour = field(default=answering("no such page", HTML, 404))
    asked: list[str] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._over = threading.Event()
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self._listener = socket.socket(family)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((self.address, self.port))
        self._listener.listen(64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def authority(self) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.authority}"

    def on(self, path: str, behaviour: Behaviour) -> Self:
        self.behaviours[path] = behaviour
        return self

    def close(self) -> None:
        self._over.set()
        # A blocked accept() does not notice a plain close().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        try:
            with connection:
                if self.mute:
                    self._over.wait()
                    return
                if self.tls:
                    connection = self.tls.wrap_socket(connection, server_side=True)
                self._serve(connection)
        except OSError:
            pass  # a crawler that hangs up is what these behaviours want

    def _serve(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            received = connection.recv(65_536)
            if not received:
                return
            head += received
        first, *lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        path = first.split(" ")[1]
        headers = dict(line.split(": ", 1) for line in lines)
        self.asked.append(path)
        behaviour = self.behaviours.get(path, self.otherwise)
        behaviour(Conversation(connection, path, headers, self._over))


# ---- behaviours that no honest server has --------------------------------------------------------

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def says_nothing(talk: Conversation) -> None:
    """Takes the request and never answers."""
    talk.over.wait()


def resets(talk: Conversation) -> None:
    """Tears the connection down without a word (RST, not FIN)."""
    talk.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    talk.socket.close()


def drips_its_body(talk: Conversation) -> None:
    """One byte of the body now and then, without end."""
    talk.send(_HEAD, b"Connection: close\r\n\r\n")
    while talk.pause(0.1):
        talk.send(b"<")


def drips_a_promised_body(talk: Conversation) -> None:
    """The same with a Content-Length, as a slow but honest server would have."""
    talk.send(_HEAD, b"Content-Length: 5000000\r\n\r\n")
    while talk.pause(0.1):
        talk.send(b"<")


def drips_empty_chunk_extensions(talk: Conversation) -> None:
    """A chunk whose length line never ends."""
    talk.send(_HEAD, b"Transfer-Encoding: chunked\r\n\r\n1;")
    while talk.pause(0.05):
        talk.send(b"x")


def drips_its_headers(talk: Conversation) -> None:
    """A status line, then a header a tenth of a second, without end."""
    talk.send(b"HTTP/1.1 200 OK\r\n")
    while talk.pause(0.1):
        talk.send(b"X-More: 1\r\n")


def drips_its_first_line(talk: Conversation) -> None:
    """Not even the status line gets done."""
    talk.send(b"HTTP/1.1 200 ")
    while talk.pause(0.1):
        talk.send(b"O")


def stalls_within_its_headers(talk: Conversation) -> None:
    """Half a header, and silence."""
    talk.send(_HEAD, b"X-Half")
    talk.over.wait()


def announces_an_answer_for_ever(talk: Conversation) -> None:
    """`103 Early Hints`, again and again, and never the answer."""
    while talk.pause(0.02):
        talk.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")


def pours_a_body_without_end(talk: Conversation) -> None:
    """As many bytes as the wire takes."""
    talk.send(_HEAD, b"Connection: close\r\n\r\n")
    while not talk.over.is_set():
        talk.send(b"<p>more</p>" * 6_000)


def pours_chunks_without_end(talk: Conversation) -> None:
    """The same in chunks, tiny ones, as they cost a reader most."""
    talk.send(_HEAD, b"Transfer-Encoding: chunked\r\n\r\n")
    tiny = chunk(b"<") * 5_000
    while not talk.over.is_set():
        talk.send(tiny)


def pours_headers_without_end(talk: Conversation) -> None:
    """Header after header, as many as the wire takes."""
    talk.send(b"HTTP/1.1 200 OK\r\n")
    lines = b"".join(b"X-Header-%d: %s\r\n" % (n, b"y" * 500) for n in range(200))
    while not talk.over.is_set():
        talk.send(lines)


def pours_one_header_without_end(talk: Conversation) -> None:
    """A single header whose value has no end."""
    talk.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not talk.over.is_set():
        talk.send(b"y" * 65_536)


def pours_announcements_without_end(talk: Conversation) -> None:
    """`103 Early Hints` as fast as the wire takes them."""
    hint = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 1_000
    while not talk.over.is_set():
        talk.send(hint)


def breaks_off(talk: Conversation) -> None:
    """Promises a million bytes, sends ten, and leaves."""
    talk.send(_HEAD, b"Content-Length: 1000000\r\n\r\n<html><p>x")


def speaks_something_else(talk: Conversation) -> None:
    """No HTTP at all."""
    talk.send(b"220 mail.example ESMTP ready\r\n")


def counts_wrongly(talk: Conversation) -> None:
    """A length below nothing."""
    talk.send(_HEAD, b"Content-Length: -5\r\n\r\nhello")


SLOW: tuple[Behaviour, ...] = (
    says_nothing,
    drips_its_body,
    drips_a_promised_body,
    drips_empty_chunk_extensions,
    drips_its_headers,
    drips_its_first_line,
    stalls_within_its_headers,
    announces_an_answer_for_ever,
)
ENDLESS: tuple[Behaviour, ...] = (
    pours_a_body_without_end,
    pours_chunks_without_end,
    pours_headers_without_end,
    pours_one_header_without_end,
    pours_announcements_without_end,
)
BROKEN: tuple[Behaviour, ...] = (resets, breaks_off, speaks_something_else, counts_wrongly)
