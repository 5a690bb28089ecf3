"""The dead-man's switch: called for real, and harmless whatever comes of it."""

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from worker import heartbeat


@pytest.fixture
def watcher() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback: its address, and the paths that were asked for; /down answers 500."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(500 if self.path == "/down" else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_the_address_is_called_where_there_is_one(watcher: tuple[str, list[str]]) -> None:
    url, asked = watcher
    heartbeat.beat(None)
    heartbeat.beat(f"{url}/ping/a-secret")
    assert asked == ["/ping/a-secret"]


@pytest.mark.parametrize(
    "address", ["{url}/down", "http://127.0.0.1:9/", "http://watch\u200b.example/", "http://a..b/"]
)
def test_a_call_that_fails_is_logged_without_its_address(
    watcher: tuple[str, list[str]], address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        heartbeat.beat(address.format(url=watcher[0]))
    assert "The heartbeat was not taken" in caplog.text
    assert "http://" not in caplog.text
