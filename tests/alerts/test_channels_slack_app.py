"""Slack by an app's token, against a local server that answers as Slack does."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from alerts.channels import ChannelError, build_channel
from alerts.channels.slack_app import SlackAppChannel
from alerts.notification import Delivered, Failed, MessageChange, Notification, Report
from alerts.render import render

MakeReport = Callable[..., Report]
TOKEN = "xoxb-1-hunter2"
NOW = datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
Answer = tuple[int, dict[str, str], dict[str, Any]]
POSTED: Answer = (200, {}, {"ok": True, "channel": "C024BE91L", "ts": "1751.0001"})


def refusal(error: str) -> Answer:
    return 200, {}, {"ok": False, "error": error}


@dataclass
class SlackApi:
    """Answers `answers` one by one, then as if all were well; keeps what it was asked."""

    answers: list[Answer] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    port: int = 0

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.calls]

    def channel(self) -> SlackAppChannel:
        given = {"token": TOKEN, "channel": "#desk", "api": f"http://127.0.0.1:{self.port}/api"}
        built = build_channel("room", "slack", given, frozenset({f"127.0.0.1:{self.port}"}))
        assert isinstance(built, SlackAppChannel)
        return built


@contextmanager
def serving(api: SlackApi) -> Iterator[SlackApi]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            api.calls.append((self.path.removeprefix("/api/"), json.loads(body)))
            api.tokens.add(self.headers["Authorization"])
            status, headers, said = api.answers.pop(0) if api.answers else POSTED
            # Slack repeats the message, blocks and all: far more than the beginning of a page.
            answer = json.dumps({**said, "message": {"blocks": ["x" * 5000]}}).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        api.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield api
        finally:
            server.shutdown()


@pytest.fixture
def notification(make_report: MakeReport) -> Notification:
    return render(make_report(), key="k", channel="room", now=NOW)


def later(notification: Notification, change: MessageChange) -> Notification:
    return replace(notification, change=change, reference="C024BE91L 1751.0001")


def test_the_first_message_is_posted_and_its_name_is_kept(notification: Notification) -> None:
    with serving(SlackApi()) as api:
        outcome = api.channel().send(notification)
    assert outcome == Delivered(reference="C024BE91L 1751.0001")
    ((method, body),) = api.calls
    assert method == "chat.postMessage"
    assert body == {**notification.slack, "channel": "#desk"}
    assert api.tokens == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize("change", ["updated", "de_escalated", "resolved"])
def test_what_calls_nobody_changes_the_message_that_is_there(
    notification: Notification, change: MessageChange
) -> None:
    with serving(SlackApi()) as api:
        outcome = api.channel().send(later(notification, change))
    assert outcome == Delivered(reference="C024BE91L 1751.0001")
    ((method, body),) = api.calls
    assert method == "chat.update"
    assert (body["channel"], body["ts"]) == ("C024BE91L", "1751.0001")
    assert body["blocks"] == notification.slack["blocks"]


@pytest.mark.parametrize(
    ("change", "broadcast"), [("escalated", True), ("escalation", True), ("repeat", False)]
)
def test_what_calls_people_answers_in_the_thread_besides(
    notification: Notification, change: MessageChange, broadcast: bool
) -> None:
    with serving(SlackApi()) as api:
        outcome = api.channel().send(later(notification, change))
    assert outcome == Delivered(reference="C024BE91L 1751.0001")
    assert api.methods == ["chat.update", "chat.postMessage"]
    reply = api.calls[1][1]
    assert (reply["thread_ts"], reply["reply_broadcast"]) == ("1751.0001", broadcast)
    assert reply["text"] == notification.slack["text"] and "blocks" not in reply


@pytest.mark.parametrize(
    "error", ["message_not_found", "cant_update_message", "edit_window_closed"]
)
def test_a_message_that_is_gone_is_posted_anew(notification: Notification, error: str) -> None:
    anew: Answer = (200, {}, {"ok": True, "channel": "C024BE91L", "ts": "1752.0007"})
    with serving(SlackApi([refusal(error), anew])) as api:
        outcome = api.channel().send(later(notification, "resolved"))
    assert outcome == Delivered(reference="C024BE91L 1752.0007")
    assert api.methods == ["chat.update", "chat.postMessage"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (refusal("invalid_auth"),
         Failed(True, "Slack answered invalid_auth: the token is not valid: copy the app's bot "
                      "token again.")),
        (refusal("channel_not_found"),
         Failed(True, "Slack answered channel_not_found: there is no such channel, or the app is "
                      "not in it: invite the app.")),
        (refusal("msg_too_long"), Failed(True, "Slack answered msg_too_long.")),
        (refusal("internal_error"), Failed(False, "Slack answered internal_error.")),
        ((200, {"Retry-After": "30"}, {"ok": False, "error": "ratelimited"}),
         Failed(False, "Slack answered ratelimited.", 30.0)),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do_and_whether_it_passes(
    notification: Notification, answer: Answer, expected: Failed
) -> None:
    with serving(SlackApi([answer])) as api:
        assert api.channel().send(notification) == expected


def test_429_waits_as_long_as_slack_asks(notification: Notification) -> None:
    busy: Answer = (429, {"Retry-After": "30"}, {"ok": False, "error": "ratelimited"})
    with serving(SlackApi([busy])) as api:
        first, second = (api.channel().send(notification) for _ in range(2))
    assert isinstance(first, Failed) and (first.permanent, first.retry_after) == (False, 30.0)
    assert second == Delivered(reference="C024BE91L 1751.0001")


def test_when_the_reply_fails_the_whole_is_sent_again(notification: Notification) -> None:
    with serving(SlackApi([POSTED, (503, {}, {})])) as api:
        first = api.channel().send(later(notification, "escalated"))
        second = api.channel().send(later(notification, "escalated"))
    assert isinstance(first, Failed) and not first.permanent
    assert second == Delivered(reference="C024BE91L 1751.0001")
    assert api.methods == ["chat.update", "chat.postMessage"] * 2


def test_the_token_is_in_no_error_and_no_repr(notification: Notification) -> None:
    echo: Answer = (403, {}, {"error": f"{TOKEN} may not"})
    with serving(SlackApi([echo])) as api:
        channel = api.channel()
        outcome = channel.send(notification)
    assert isinstance(outcome, Failed)
    assert "hunter2" not in outcome.error + repr(outcome) + repr(channel)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"token": TOKEN}, "Channel room: channel is missing."),
        ({"token": TOKEN, "channel": "#desk", "url": "https://hooks.slack.com/x"},
         "Channel room: url and token exclude each other: give one of them."),
        ({"url": "https://hooks.slack.com/x", "channel": "#desk"},
         "Channel room: channel goes with token, not with url: give the app's token."),
        ({}, "Channel room: url is missing."),
        ({"token": TOKEN, "channel": "#desk", "api": "http://slack.example/api"},
         "Channel room: api must begin with https://: who reads it on the way can post too."),
    ],
)  # fmt: skip
def test_a_channel_that_makes_no_sense_is_refused(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(ChannelError) as raised:
        build_channel("room", "slack", given)
    assert str(raised.value) == sentence
