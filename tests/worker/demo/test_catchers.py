"""The catchers, spoken to as mail programs and webhooks do."""

import json
import smtplib
import socket
import threading
from email.message import EmailMessage
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from worker.demo.catchers import MailCatcher, WebhookCatcher
from worker.demo.loopback import Answer


def letter(subject: str = "Gərginlik: 6 stories") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "dyadwatch@demo.example"
    message["To"] = "desk@demo.example"
    message.set_content("Bakı и Москва")
    message.add_alternative("<p>Bakı и <b>Москва</b></p>", subtype="html")
    return message


def send(port: int, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
        client.send_message(message)


def post(url: str, payload: object) -> tuple[int, str]:
    request = Request(
        url, json.dumps(payload).encode(), headers={"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=5) as response:
        return response.status, response.read().decode()


def test_a_mail_is_caught_with_both_its_parts() -> None:
    with MailCatcher() as catcher:
        send(catcher.port, letter())
        (caught,) = catcher.wait_for(1)
    assert caught.subject == "Gərginlik: 6 stories"
    assert caught.text.strip() == "Bakı и Москва"
    assert "<b>Москва</b>" in caught.html
    assert caught.sender == "dyadwatch@demo.example"
    assert caught.recipients == ("desk@demo.example",)
    assert caught.at.tzinfo is not None


def test_a_busy_mail_server_accepts_the_second_attempt() -> None:
    with MailCatcher(answers=["451 4.3.0 Busy, come again"]) as catcher:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(catcher.port, letter())
        assert refused.value.smtp_code == 451
        assert catcher.messages == ()
        send(catcher.port, letter())
        assert len(catcher.messages) == 1


def test_waiting_for_mail_that_never_comes_says_so() -> None:
    with MailCatcher() as catcher, pytest.raises(TimeoutError, match="2 e-mails, and 0 came"):
        catcher.wait_for(2, timeout=0.05)


def test_a_mail_catcher_stops_even_while_a_client_lingers() -> None:
    before = set(threading.enumerate())
    catcher = MailCatcher()
    port = catcher.start()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as idle:
        assert idle.recv(100).startswith(b"220 ")
        catcher.stop()
    assert set(threading.enumerate()) == before
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", port, timeout=5)


def test_a_webhook_is_caught_and_answered_as_slack_answers() -> None:
    with WebhookCatcher() as catcher:
        assert post(catcher.url, {"text": "Эскалация"}) == (200, "ok")
        (caught,) = catcher.wait_for(1)
    assert caught.json == {"text": "Эскалация"}
    assert caught.path == "/hook"
    assert caught.headers["content-type"] == "application/json"


def test_a_webhook_asks_for_patience_first() -> None:
    answers = [Answer(429, b"slow down", headers={"Retry-After": "1"})]
    with WebhookCatcher(answers) as catcher:
        with pytest.raises(HTTPError) as refused:
            post(catcher.url, {"text": "x"})
        assert refused.value.headers["Retry-After"] == "1"
        assert post(catcher.url, {"text": "x"})[0] == 200
        assert len(catcher.payloads) == 1


def test_only_posts_are_caught() -> None:
    with WebhookCatcher() as catcher:
        with pytest.raises(HTTPError) as refused:
            urlopen(catcher.url, timeout=5)
        assert refused.value.code == 405
        assert catcher.payloads == ()


def test_a_waiting_test_wakes_when_the_webhook_is_called() -> None:
    with WebhookCatcher() as catcher:
        caller = threading.Timer(0.1, post, (catcher.url, {"n": 1}))
        caller.start()
        assert [caught.json for caught in catcher.wait_for(1, timeout=5)] == [{"n": 1}]
        caller.join()


def test_a_catcher_that_is_not_running_says_what_to_do() -> None:
    with pytest.raises(RuntimeError, match=r"call start\(\) first"):
        _ = MailCatcher().port
    with pytest.raises(RuntimeError, match=r"call start\(\) first"):
        _ = WebhookCatcher().url
