"""The profile that the demonstration writes."""

from pathlib import Path

import yaml

from worker.demo.profile import RULE_ID, Catchers, service_environment, write_profile
from worker.demo.script import newsrooms
from worker.profile.loader import load_profile


def written(directory: Path) -> Path:
    feeds = [(room, f"http://127.0.0.1:{9000 + n}/feed.xml") for n, room in enumerate(newsrooms())]
    catchers = Catchers(mail_port=2525, webhook_url="http://127.0.0.1:9999/hook")
    return write_profile(directory / "profile", feeds, catchers)


def load(path: Path) -> object:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_it_extends_the_default_profile(tmp_path: Path) -> None:
    about = load(written(tmp_path) / "profile.yaml")
    assert about == {"name": "dyadwatch demonstration", "extends": "russia_azerbaijan"}


def test_every_publisher_is_a_source_that_is_polled_every_few_seconds(tmp_path: Path) -> None:
    sources = load(written(tmp_path) / "sources" / "demo.yaml")
    assert [source["id"] for source in sources] == [room.id for room in newsrooms()]
    assert {source["kind"] for source in sources} == {"feed"}
    assert {source["every"] for source in sources} == {"3s"}
    assert len({source["url"] for source in sources}) == len(sources)
    assert next(s for s in sources if s["id"] == "bogaz-demo")["language"] == ["tr", "en"]


def test_one_rule_tells_both_catchers_at_once(tmp_path: Path) -> None:
    directory = written(tmp_path)
    (rule,) = load(directory / "rules.yaml")["rules"]
    routing = load(directory / "routes.yaml")
    assert rule["id"] == RULE_ID
    assert rule["kind"] == "spike"
    (route,) = routing["routes"]
    assert route["group_wait"] == "0s"
    assert set(route["channels"]) == set(routing["channels"])
    assert routing["channels"]["demo-mail"]["port"] == 2525
    assert routing["channels"]["demo-slack"]["url"] == "http://127.0.0.1:9999/hook"


def test_the_service_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    allowed = frozenset({"127.0.0.1:9999"})
    profile = load_profile(str(written(tmp_path)), environ={}, allowed_private_hosts=allowed)
    assert [source.id for source in profile.sources] == [room.id for room in newsrooms()]
    assert [rule.id for rule in profile.rules] == [RULE_ID]


def test_the_service_may_reach_what_it_is_told_and_nothing_else() -> None:
    environ = service_environment(["127.0.0.1:1", "127.0.0.1:2"])
    assert environ["DYADWATCH_ALLOWED_PRIVATE_HOSTS"] == "127.0.0.1:1,127.0.0.1:2"
    assert environ["DYADWATCH_EVALUATE_EVERY"] == "3s"
