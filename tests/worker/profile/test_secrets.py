"""Secrets come from the environment or a file, and appear in no message."""

from pathlib import Path
from typing import Any

import pytest

from worker.profile.yaml_lines import ProfileError

HUSH = "https://hooks.slack.com/services/T0/B0/hush"


def test_a_variable_that_is_not_set_is_named(bench: Any) -> None:
    bench.environ = {}
    assert bench.faults() == [
        "routes.yaml, line 10: channels.room.url: the environment variable ROOM_URL is not set; "
        "set it, or ROOM_URL_FILE."
    ]


def test_a_secret_may_stand_in_a_file(bench: Any, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{HUSH}\n")
    bench.environ = {"ROOM_URL_FILE": str(tmp_path / "secret")}
    assert "room" in bench.load().channels


def test_a_secret_file_that_cannot_be_read_is_named(bench: Any, tmp_path: Path) -> None:
    bench.environ = {"ROOM_URL_FILE": str(tmp_path / "nowhere")}
    assert bench.faults() == [
        f"routes.yaml, line 10: channels.room.url: ROOM_URL_FILE names '{tmp_path}/nowhere', "
        "which cannot be read: No such file or directory."
    ]


def test_a_secret_file_that_is_not_text_shows_nothing_of_itself(bench: Any, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"hush\xff\xfe")
    bench.environ = {"ROOM_URL_FILE": str(tmp_path / "secret")}
    (fault,) = bench.faults()
    assert "it is not UTF-8" in fault
    assert "hush" not in fault


def test_a_variable_and_its_file_together_are_a_fault(bench: Any, tmp_path: Path) -> None:
    bench.environ = {"ROOM_URL": HUSH, "ROOM_URL_FILE": str(tmp_path)}
    assert "ROOM_URL and ROOM_URL_FILE are both set; keep one of them." in bench.faults()[0]


@pytest.mark.parametrize("wrong", ["hush-hush", "ftp://hush.example", "https:// hush", "https://"])
def test_a_wrong_secret_is_not_shown(bench: Any, wrong: str) -> None:
    bench.environ = {"ROOM_URL": wrong}
    (fault,) = bench.faults()
    assert fault.startswith("routes.yaml, line 10: channels.room.url: ")
    assert "hush" not in fault


def test_a_loaded_profile_prints_no_secret(bench: Any) -> None:
    bench.change("routes.yaml", "tls: false", "username: watch\n    password: ${PASS}")
    bench.environ = {"ROOM_URL": HUSH, "PASS": "hush-hush"}
    assert "hush" not in repr(bench.load())


def test_a_secret_in_the_file_itself_is_remarked_on_without_being_shown(bench: Any) -> None:
    bench.change("routes.yaml", "${ROOM_URL}", HUSH)
    (remark,) = [line for line in bench.remarks() if "secret" in line]
    assert remark.startswith("routes.yaml, line 10: the url is a secret and stands in this file")
    assert "hush" not in remark


def test_a_default_takes_the_place_of_what_is_not_set(bench: Any) -> None:
    bench.change("routes.yaml", "host: mail.example.org", "host: ${MAIL:-mx.example.org}")
    bench.change("routes.yaml", "from: watch@example.org", "from: ${SENDER:-}")
    channel = bench.load().channels["desk"]
    assert (channel.host, channel.sender) == ("mx.example.org", "desk@example.org")


def test_several_recipients_stand_in_one_variable(bench: Any) -> None:
    bench.change("routes.yaml", "to: [desk@example.org]", "to: ${WHOM}")
    bench.environ = {"ROOM_URL": HUSH, "WHOM": "a@example.org, b@example.org"}
    assert bench.load().channels["desk"].to == ("a@example.org", "b@example.org")


def test_a_reference_that_names_nothing_is_a_fault(bench: Any) -> None:
    bench.change("routes.yaml", "host: mail.example.org", "host: ${my host}")
    assert "${my host} names no variable; write ${NAME}." in bench.faults()[0]


def test_a_channel_that_waits_for_its_variables_is_off_and_routes_pass_it_by(bench: Any) -> None:
    bench.change("routes.yaml", "kind: slack", "kind: slack\n    when_set: [ROOM_URL]")
    bench.environ = {}
    profile = bench.load()
    assert [route.channels for route in profile.routes] == [("desk",), ("desk",)]
    assert [str(off) for off in profile.channels_off] == [
        "The channel room is off; set ROOM_URL to turn it on."
    ]
    assert profile.silent is None


def test_a_channel_that_is_half_set_is_a_fault(bench: Any) -> None:
    bench.change("routes.yaml", "kind: slack", "kind: slack\n    when_set: [ROOM_URL, ROOM_NAME]")
    assert bench.faults() == [
        "routes.yaml, line 10: channels.room.when_set: ROOM_URL is set, but ROOM_NAME is not; "
        "set it as well."
    ]


def test_what_is_raised_names_file_line_and_key(bench: Any) -> None:
    bench.environ = {}
    with pytest.raises(ProfileError, match=r"routes.yaml, line 10: channels.room.url: the env"):
        bench.load()
