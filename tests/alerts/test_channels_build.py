"""Channels from their keys in a profile: what is wrong is one sentence, and no secret."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.channels import KINDS, ChannelError, build_channel
from alerts.channels.email import EmailChannel
from alerts.channels.retry import Dead, RetryAt, after_failure, backoff
from alerts.channels.secret import Secret
from alerts.channels.slack import SlackChannel
from alerts.notification import Failed

HOST = {"host": "smtp.example", "from": "alerts@desk.example", "to": ["duty@desk.example"]}
HOOK = "https://hooks.slack.example/services/T0/B0/hunter2"
DUE = datetime(2025, 6, 28, 9, 14, tzinfo=UTC)


def complaint(kind: str, options: dict[str, object], *allowed: str) -> tuple[str, str]:
    with pytest.raises(ChannelError) as error:
        build_channel("desk", kind, options, frozenset(allowed))
    return error.value.key, str(error.value)


@pytest.mark.parametrize(
    ("tls", "given", "expected"),
    [
        ("starttls", {}, 587),
        ("implicit", {}, 465),
        (False, {}, 25),
        (False, {"port": "2525"}, 2525),
        (False, {"port": 2525}, 2525),
    ],
)
def test_an_email_channel_knows_its_port(
    tls: object, given: dict[str, object], expected: int
) -> None:
    channel = build_channel("desk", "email", {**HOST, "tls": tls, **given})
    assert isinstance(channel, EmailChannel)
    assert (channel.port, channel.tls, channel.name) == (expected, tls, "desk")


def test_the_safe_way_is_the_default() -> None:
    channel = build_channel("desk", "email", HOST)
    assert isinstance(channel, EmailChannel)
    assert channel.tls == "starttls"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"host": ""}, "host"),
        ({"host": None}, "host"),
        ({"host": "a\r\nb"}, "host"),
        ({"port": 0}, "port"),
        ({"port": "many"}, "port"),
        ({"port": True}, "port"),
        ({"tls": "ssl3"}, "tls"),
        ({"tls": True}, "tls"),
        ({"to": []}, "to"),
        ({"to": ["nobody"]}, "to"),
        ({"to": ["a@b\r\nBcc: c@d"]}, "to"),
        ({"from": "nobody"}, "from"),
        ({"from": ["a@b.example", "c@d.example"]}, "from"),
        ({"username": "desk"}, "password"),
        ({"password": "hunter2"}, "username"),
        ({"hots": "x"}, "hots"),
    ],
)
def test_a_wrong_key_is_named(change: dict[str, object], key: str) -> None:
    found, sentence = complaint("email", {**HOST, **change})
    assert found == key
    assert sentence.startswith(f"Channel desk: {key} ")
    assert "hunter2" not in sentence


def test_a_kind_that_is_not_there_is_named() -> None:
    assert complaint("pager", {}) == (
        "kind",
        "Channel desk: kind 'pager' is not known; known are email, slack.",
    )
    assert set(KINDS) == {"email", "slack"}


@pytest.mark.parametrize("url", ["", "hooks.slack.example/hunter2", "ftp://x/hunter2",
                                 "http://hooks.slack.example/hunter2", "https:///hunter2",
                                 "https://[hunter2", "https://x:hunter2/"])  # fmt: skip
def test_a_slack_address_that_cannot_be_meant_is_refused_unseen(url: str) -> None:
    key, sentence = complaint("slack", {"url": url})
    assert key == "url"
    assert "hunter2" not in sentence


def test_plain_http_goes_only_to_an_allowed_private_host() -> None:
    options = {"url": "http://127.0.0.1:8901/hook"}
    allowed = frozenset({"127.0.0.1:8901"})
    assert isinstance(build_channel("desk", "slack", options, allowed), SlackChannel)
    assert complaint("slack", options, "127.0.0.1:8902")[0] == "url"


def test_secrets_may_come_as_secrets_and_are_never_shown() -> None:
    mail = build_channel("desk", "email", {**HOST, "username": "u", "password": Secret("hunter2")})
    hook = build_channel("desk", "slack", {"url": Secret(HOOK)})
    assert "hunter2" not in repr(mail) + repr(hook) + f"{Secret(HOOK)} {Secret(HOOK)!r}"
    assert Secret("hunter2").reveal() == "hunter2"


def test_the_pause_grows_to_a_quarter_of_an_hour() -> None:
    pauses = [backoff(attempt, None, 0.5).total_seconds() for attempt in (1, 2, 3, 8, 9, 500)]
    assert pauses == [5, 10, 20, 640, 900, 900]
    assert backoff(1, None, 0.0) == timedelta(seconds=3.75)
    assert backoff(1, None, 1.0) == timedelta(seconds=6.25)


def test_the_receivers_wish_is_kept_up_to_an_hour() -> None:
    assert backoff(1, 30.0, 0.0) == timedelta(seconds=30)
    assert backoff(1, 30.0, 1.0) == timedelta(seconds=33)
    assert backoff(9, 30.0, 0.0) == timedelta(seconds=675)
    assert backoff(1, 1e12, 0.0) == timedelta(hours=1)


def test_two_hours_of_failures_are_no_storm_and_end_well() -> None:
    """A receiver at 500 for two hours: few attempts, and soon after it is back, the message."""
    now, attempt, back = DUE, 1, DUE + timedelta(hours=2)
    while now < back:
        step = after_failure(Failed(False, "Slack answered 500."), attempt, DUE, now, 0.5)
        assert isinstance(step, RetryAt)
        now, attempt = step.due_at, attempt + 1
    assert attempt <= 20
    assert now - back <= timedelta(minutes=15)


def test_what_cannot_succeed_or_is_a_day_old_is_dead() -> None:
    assert after_failure(Failed(True, "Gone."), 1, DUE, DUE, 0.5) == Dead("Gone.")
    late = after_failure(Failed(False, "Busy."), 96, DUE, DUE + timedelta(hours=24), 0.5)
    assert late == Dead("Given up after 24 hours and 96 attempts. Last: Busy.")
