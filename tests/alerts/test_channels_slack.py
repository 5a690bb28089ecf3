"""Slack through real sockets: a webhook on loopback that answers what a test wants."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from alerts.channels.http import Poster
from alerts.channels.secret import Secret
from alerts.channels.slack import SlackChannel
from alerts.notification import Delivered, Failed, Notification, Report
from alerts.render import render

MakeReport = Callable[..., Report]
PATH = "/services/T000/B000/hunter2"


@dataclass
class Webhook:
    """Answers `answers` one by one, then 200; keeps every body that it was sent."""

    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    delay: float = 0.0
    drip: float = 0.0
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    def channel(self, host: str = "127.0.0.1", **limits: float) -> SlackChannel:
        """A channel to this webhook, which its own address is allowed to be."""
        url = Secret(f"http://{host}:{self.port}{PATH}")
        allowed = frozenset({f"127.0.0.1:{self.port}"})
        return SlackChannel("desk", Poster("Slack", url, allowed, **limits))


@contextmanager
def serving(webhook: Webhook) -> Iterator[Webhook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            webhook.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            webhook.headers.append(dict(self.headers))
            time.sleep(webhook.delay)
            status, headers, body = webhook.answers.pop(0) if webhook.answers else (200, {}, b"ok")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(webhook.drip)

        def log_message(self, format: str, *args: object) -> None:
            return

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            return  # a client that left is what some tests are about

    with Quiet(("127.0.0.1", 0), Handler) as server:
        webhook.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield webhook
        finally:
            server.shutdown()


@pytest.fixture
def notification(make_report: MakeReport) -> Notification:
    now = datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
    return render(make_report(), key="k", channel="desk", now=now)


def failed(webhook: Webhook, notification: Notification, **limits: float) -> Failed:
    with serving(webhook):
        outcome = webhook.channel(**limits).send(notification)
    assert isinstance(outcome, Failed)
    return outcome


def test_the_blocks_arrive_as_they_were_rendered(notification: Notification) -> None:
    with serving(Webhook()) as webhook:
        assert webhook.channel().send(notification) == Delivered()
    (body,) = webhook.bodies
    assert json.loads(body) == notification.slack
    assert webhook.headers[0]["Host"] == f"127.0.0.1:{webhook.port}"
    assert webhook.headers[0]["Content-Type"] == "application/json"


def test_429_waits_as_long_as_slack_asks_and_then_delivers_once(notification: Notification) -> None:
    with serving(Webhook([(429, {"Retry-After": "30"}, b"rate_limited")])) as webhook:
        first = webhook.channel().send(notification)
        second = webhook.channel().send(notification)
    assert first == Failed(False, "Slack answered 429 rate_limited.", retry_after=30.0)
    assert second == Delivered()


def test_a_retry_after_may_be_a_date(notification: Notification) -> None:
    headers = {"Retry-After": "Sat, 28 Jun 2025 09:15:30 GMT"}
    outcome = failed(Webhook([(503, headers, b"")]), notification)
    # It counts from the server's own Date header, which the standard library sets to today.
    assert outcome.retry_after == 0.0


@pytest.mark.parametrize("wish", ["soon", "-5", "9" * 400, ""])
def test_a_wish_that_makes_no_sense_does_no_harm(notification: Notification, wish: str) -> None:
    outcome = failed(Webhook([(429, {"Retry-After": wish}, b"")]), notification)
    assert not outcome.permanent
    assert outcome.retry_after is None or outcome.retry_after < 1e9


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(500, False), (502, False), (503, False), (408, False), (400, True), (403, True), (404, True)],
)
def test_a_broken_slack_is_temporary_a_refusing_one_is_not(
    notification: Notification, status: int, permanent: bool
) -> None:
    outcome = failed(Webhook([(status, {}, b"no_service\x1b[2J\n")]), notification)
    assert outcome == Failed(permanent, f"Slack answered {status} no_service[2J.")


def test_a_redirect_is_not_followed(notification: Notification) -> None:
    with serving(Webhook()) as other:
        elsewhere = {"Location": f"http://127.0.0.1:{other.port}/inside"}
        outcome = failed(Webhook([(302, elsewhere, b"")]), notification)
    assert outcome.permanent
    assert "Redirects are not followed" in outcome.error
    assert other.bodies == []


def test_a_slow_answer_is_temporary(notification: Notification) -> None:
    outcome = failed(Webhook(delay=1.0), notification, step_timeout=0.2)
    assert not outcome.permanent
    assert outcome.error.startswith("Slack broke off: timed out")


def test_an_answer_that_drips_ends_at_the_deadline(notification: Notification) -> None:
    webhook = Webhook([(500, {}, b"x" * 40)], drip=0.05)
    outcome = failed(webhook, notification, deadline=0.5)
    assert outcome == Failed(False, "Slack did not answer within 0.5 s.")


def test_an_endless_answer_is_not_read_to_its_end(notification: Notification) -> None:
    outcome = failed(Webhook([(404, {}, b"a" * 100_000)]), notification)
    assert len(outcome.error) < 300


def test_nobody_there_is_temporary(notification: Notification) -> None:
    with serving(Webhook()) as webhook:
        gone = webhook.channel()
    outcome = gone.send(notification)
    assert isinstance(outcome, Failed)
    assert not outcome.permanent
    assert outcome.error.startswith(f"Slack at 127.0.0.1:{webhook.port} cannot be reached")


def test_the_secret_address_is_in_no_error_and_no_repr(notification: Notification) -> None:
    echo = f"<h1>{PATH} was not found on http://127.0.0.1{PATH}</h1>".encode()
    with serving(Webhook([(404, {}, echo)])) as webhook:
        channel = webhook.channel()
        outcome = channel.send(notification)
    assert isinstance(outcome, Failed)
    assert "hunter2" not in outcome.error + repr(outcome) + repr(channel) + str(channel)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/x",
        "http://localhost:{port}/x",
        "http://127.1:{port}/x",
        "http://0.0.0.0:{port}/x",
        "http://[::1]:{port}/x",
        "http://[::ffff:127.0.0.1]:{port}/x",
        "http://[64:ff9b::7f00:1]:{port}/x",
        "http://[2002:7f00:1::]:{port}/x",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.7/x",
        "http://224.0.0.1/x",
    ],
)
def test_a_private_address_is_refused_before_anything_is_sent(
    notification: Notification, url: str
) -> None:
    with serving(Webhook()) as webhook:
        channel = SlackChannel("desk", Poster("Slack", Secret(url.format(port=webhook.port))))
        outcome = channel.send(notification)
    assert webhook.bodies == []
    assert isinstance(outcome, Failed)
    # A machine without IPv6 may find no address at all; it sends nothing either.
    if "resolved" not in outcome.error:
        assert outcome.permanent
        assert "DYADWATCH_ALLOWED_PRIVATE_HOSTS" in outcome.error


def test_a_name_whose_address_is_allowed_is_let_through(notification: Notification) -> None:
    with serving(Webhook()) as webhook:
        url = Secret(f"http://localhost:{webhook.port}{PATH}")
        allowed = frozenset({f"localhost:{webhook.port}"})
        assert SlackChannel("d", Poster("Slack", url, allowed)).send(notification) == Delivered()
    assert webhook.headers[0]["Host"] == f"localhost:{webhook.port}"


def test_a_name_that_does_not_resolve_is_temporary(notification: Notification) -> None:
    channel = SlackChannel("desk", Poster("Slack", Secret("https://hooks.invalid/x")))
    assert channel.send(notification) == Failed(False, "The name hooks.invalid cannot be resolved.")
