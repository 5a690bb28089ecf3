"""The README says what the code does: every command, setting, rule kind and channel is in it."""

import re
from pathlib import Path

import typer

from alerts.channels import KINDS as CHANNEL_KINDS
from alerts.rules import KINDS as RULE_KINDS
from worker import settings
from worker.article_lines import KEYS
from worker.cli import app

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROUTES = (ROOT / "worker/profiles/russia_azerbaijan/routes.yaml").read_text(encoding="utf-8")
RULES = (ROOT / "worker/profiles/russia_azerbaijan/rules.yaml").read_text(encoding="utf-8")


def test_every_command_is_named() -> None:
    command = typer.main.get_command(app)
    for name in command.commands:  # type: ignore[attr-defined]  # the application is a group
        assert f"`{name}" in README, name


def test_every_setting_is_named() -> None:
    source = Path(settings.__file__).read_text(encoding="utf-8")
    names = set(re.findall(r'source\.\w+\(\s*"([A-Z_]+)"', source)) - {"OCCASION"}
    names |= {"HOME", "DATABASE_URL", "BROKER_URL"}
    assert len(names) >= 9
    for name in names:
        assert f"DYADWATCH_{name}" in README, name


def test_every_key_of_an_article_is_known_to_the_readers() -> None:
    for key in set(KEYS) - {"fetched"}:
        assert f'"{key}"' in README, key


def test_every_kind_of_rule_and_channel_is_explained_in_the_profile() -> None:
    for kind in RULE_KINDS:
        assert f"{kind}:" in RULES, kind
    for kind in CHANNEL_KINDS:
        assert f"{kind}:" in ROUTES, kind


def test_the_two_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "test", "check", "demo", "bench"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
        assert f"make {target}" in README
