"""Settings: what a fresh machine gets, and the sentence for every value that cannot be used."""

from datetime import timedelta
from pathlib import Path

import pytest

from worker.settings import SettingsError, masked, read_settings
from worker.storage.database import Database


def test_a_fresh_machine_needs_no_variable(tmp_path: Path) -> None:
    settings = read_settings({"DYADWATCH_HOME": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'dyadwatch.db'}"
    assert settings.broker_url is None
    assert settings.profile == "russia_azerbaijan"
    assert settings.evaluate_every == timedelta(seconds=60)
    assert settings.allowed_private_hosts == frozenset()


def test_an_empty_variable_counts_as_unset() -> None:
    assert read_settings({"DYADWATCH_BROKER_URL": " "}).broker_url is None


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql+psycopg://u:p@db/x\n")
    settings = read_settings({"DYADWATCH_DATABASE_URL_FILE": str(file)})
    assert settings.database_url == "postgresql+psycopg://u:p@db/x"


def test_private_hosts_are_a_list() -> None:
    settings = read_settings({"DYADWATCH_ALLOWED_PRIVATE_HOSTS": "127.0.0.1:8901, [::1]:80"})
    assert settings.allowed_private_hosts == {"127.0.0.1:8901", "[::1]:80"}


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("EVALUATE_EVERY", "10 minutes", "10m"),
        ("EVALUATE_EVERY", "0s", "1s"),
        ("DATABASE_URL", "postgresql://u:hidden@db/x", "postgresql+psycopg://"),
        ("DATABASE_URL", "mysql://db/x", "sqlite://"),
        ("BROKER_URL", "http://127.0.0.1", "amqp://"),
        ("BROKER_URL", "redis://127.0.0.1:seven", "not an address"),
        ("WEB_BIND", "8642", "HOST:PORT"),
        ("WEB_BIND", "0.0.0.0:8642", "DYADWATCH_WEB_PASSWORD"),
        ("ALLOWED_PRIVATE_HOSTS", "127.0.0.1", "HOST:PORT"),
        ("ALLOWED_PRIVATE_HOSTS", "127.0.0.1:99999", "HOST:PORT"),
        ("HEARTBEAT_URL", "ftp://x", "http://"),
        ("WEB_PASSWORD_FILE", "/nowhere/at/all", "cannot be read"),
    ],
)
def test_a_wrong_value_is_one_sentence(variable: str, value: str, remedy: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({f"DYADWATCH_{variable}": value})
    message = str(caught.value)
    assert f"DYADWATCH_{variable}" in message
    assert remedy in message
    assert "hidden" not in message
    assert message.endswith(".") and "\n" not in message


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="both set"):
        read_settings({"DYADWATCH_WEB_PASSWORD": "a", "DYADWATCH_WEB_PASSWORD_FILE": str(tmp_path)})


def test_a_password_is_masked() -> None:
    assert masked("amqp://guest:secret@host:5672//") == "amqp://guest:***@host:5672//"
    assert masked("redis://host:6379/0") == "redis://host:6379/0"
    assert masked("postgresql+psycopg://h/d?password=x&a=b").endswith("?password=***&a=b")


def test_a_home_may_have_any_name(tmp_path: Path) -> None:
    home = tmp_path / "who? 100%41 #é"
    settings = read_settings({"DYADWATCH_HOME": str(home)})
    home.mkdir()
    Database(settings.database_url).upgrade()
    assert (home / "dyadwatch.db").exists()
