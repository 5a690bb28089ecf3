"""A server that costs next to nothing, for measuring what asks it: no parsing, no threads."""

import asyncio
import multiprocessing
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

#: Host and port as asked, path, and the head of the request; the whole answer, head and all.
Respond = Callable[[str, str, bytes], bytes]


def answer(
    body: bytes, kind: bytes = b"text/html; charset=utf-8", status: int = 200, more: bytes = b""
) -> bytes:
    """An answer with its head; `more` are header lines, each with its line end."""
    head = b"HTTP/1.1 %d So\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"
    return head % (status, kind, len(body), more) + body


def header(head: bytes, name: bytes) -> str | None:
    """The value of a header in the head of a request."""
    _, found, rest = head.lower().partition(b"\r\n" + name.lower() + b": ")
    start = len(head) - len(rest)
    return head[start:].partition(b"\r\n")[0].decode("latin-1") if found else None


class _Connection(asyncio.Protocol):
    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode("latin-1")
            answered = self._respond(header(head, b"Host") or "", path, head)
            if not answered:
                self._transport.abort()
                return
            self._transport.write(answered)


@contextmanager
def serving(respond: Respond, count: int) -> Iterator[list[str]]:
    """Answers on this many ports of 127.0.0.1, from a thread; the hosts with their ports. An empty
    answer tears the connection down."""
    loop = asyncio.new_event_loop()

    async def listen() -> list[str]:
        opened = [
            await loop.create_server(lambda: _Connection(respond), "127.0.0.1", 0)
            for _ in range(count)
        ]
        return [f"127.0.0.1:{one.sockets[0].getsockname()[1]}" for one in opened]

    hosts = loop.run_until_complete(listen())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield hosts
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


@contextmanager
def serving_apart(build: Callable[..., Respond], *arguments: object) -> Iterator[int]:
    """Answers on one port of every loopback address, from a process of its own; the port. `build`
    makes the answers there."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, build, arguments), daemon=True)
    process.start()
    yield ours.recv()
    process.kill()
    process.join()


def _serve(pipe: object, build: Callable[..., Respond], arguments: Sequence[object]) -> None:
    respond = build(*arguments)

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Connection(respond), "0.0.0.0", 0, backlog=512)
        pipe.send(server.sockets[0].getsockname()[1])  # type: ignore[attr-defined]
        await server.serve_forever()

    asyncio.run(serve())
