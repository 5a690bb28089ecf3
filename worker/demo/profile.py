"""The demonstration's profile: the default, with local publishers, one rule, two catchers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from worker.demo.script import Newsroom

RULE_ID = "demo-escalation-spike"
SENDER = "dyadwatch@demo.example"
RECIPIENT = "desk@demo.example"


@dataclass(frozen=True, slots=True)
class Catchers:
    """Where the demonstration's messages go."""

    mail_port: int
    webhook_url: str


def write_profile(
    directory: Path,
    feeds: Sequence[tuple[Newsroom, str]],
    catchers: Catchers,
    every: str = "3s",
) -> Path:
    """Writes a profile that polls these feeds and tells these catchers; returns its directory."""
    _write(
        directory / "profile.yaml",
        {"name": "dyadwatch demonstration", "extends": "russia_azerbaijan"},
    )
    _write(
        directory / "sources" / "demo.yaml",
        [_source(newsroom, feed_url, every) for newsroom, feed_url in feeds],
    )
    _write(directory / "rules.yaml", {"rules": [_rule()]})
    _write(directory / "routes.yaml", _routes(catchers))
    return directory


def _source(newsroom: Newsroom, feed_url: str, every: str) -> dict[str, object]:
    languages = list(newsroom.languages)
    return {
        "id": newsroom.id,
        "kind": "feed",
        "url": feed_url,
        "name": newsroom.name,
        "newsroom": newsroom.id,
        "country": newsroom.country,
        "stance": newsroom.stance,
        "language": languages[0] if len(languages) == 1 else languages,
        "every": every,
    }


def _rule() -> dict[str, object]:
    return {
        "id": RULE_ID,
        "name": "Escalation between Russia and Azerbaijan (demonstration)",
        "kind": "spike",
        "where": {"direction": "escalatory", "severity": ">=2"},
        "count": "stories",
        "window": "6h",
        # So that the one message of the demonstration speaks of more than its first two voices.
        "min_newsrooms": 4,
        "severity": "critical",
        "false_alarms_per_year": 4,
    }


def _routes(catchers: Catchers) -> dict[str, object]:
    return {
        "channels": {
            "demo-mail": {
                "kind": "email",
                "host": "127.0.0.1",
                "port": catchers.mail_port,
                "tls": False,
                "from": SENDER,
                "to": [RECIPIENT],
            },
            "demo-slack": {"kind": "slack", "url": catchers.webhook_url},
        },
        "routes": [
            {
                "match": {"rule": RULE_ID},
                "channels": ["demo-mail", "demo-slack"],
                "group_wait": "0s",
            }
        ],
    }


def service_environment(addresses: Sequence[str]) -> Mapping[str, str]:
    """What the service needs besides home and profile: quick evaluation, leave for loopback."""
    return {
        "DYADWATCH_EVALUATE_EVERY": "3s",
        "DYADWATCH_ALLOWED_PRIVATE_HOSTS": ",".join(addresses),
    }


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
