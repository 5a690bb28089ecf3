"""The bundled profile is sound, and its sources are what the research found."""

import re
import time
from collections import defaultdict

import pytest

from worker.newsrooms import domains_of
from worker.profile.check import Fault, bundled_profiles, check, profile_path
from worker.profile.loader import load_profile
from worker.profile.model import Profile
from worker.profile.sources import KINDS

NAME = "russia_azerbaijan"


@pytest.fixture(scope="module")
def bundled() -> Profile:
    return load_profile(NAME, {})


def test_it_is_found_by_name() -> None:
    assert NAME in bundled_profiles()
    assert (profile_path(NAME) / "profile.yaml").is_file()


def test_it_has_no_fault_and_loads_in_time(capsys: pytest.CaptureFixture[str]) -> None:
    start = time.perf_counter()
    found = check(NAME, {})
    with capsys.disabled():
        print(f"\nthe bundled profile loads in {time.perf_counter() - start:.2f} s")
    assert [str(fault) for fault in found if isinstance(fault, Fault)] == []


def test_every_rule_reaches_somebody(bundled: Profile) -> None:
    assert not [remark for remark in check(NAME, {}) if "unreachable" in str(remark)]
    assert len(bundled.rules) >= 8
    assert all(rule.min_newsrooms >= 2 for rule in bundled.rules)


def test_a_fresh_machine_tells_nobody_and_says_so(bundled: Profile) -> None:
    assert bundled.routes == ()
    assert bundled.silent == (
        "Nobody is told: alerts are stored only. "
        "The channel email is off; set DYADWATCH_SMTP_HOST and DYADWATCH_SMTP_TO to turn it on. "
        "The channel slack is off; set DYADWATCH_SLACK_URL to turn it on. "
        "The channel slack_app is off; set DYADWATCH_SLACK_TOKEN and DYADWATCH_SLACK_CHANNEL "
        "to turn it on."
    )


def test_two_variables_are_enough_for_mail_and_one_for_slack() -> None:
    mail = load_profile(
        NAME, {"DYADWATCH_SMTP_HOST": "mx.example.org", "DYADWATCH_SMTP_TO": "desk@example.org"}
    )
    assert list(mail.channels) == ["email"]
    assert mail.silent is None
    slack = load_profile(NAME, {"DYADWATCH_SLACK_URL": "https://hooks.slack.com/services/x"})
    assert list(slack.channels) == ["slack"]
    assert all(route.channels == ("slack",) for route in slack.routes)


def test_a_login_for_mail_comes_from_the_environment_too() -> None:
    profile = load_profile(
        NAME,
        {
            "DYADWATCH_SMTP_HOST": "mx.example.org",
            "DYADWATCH_SMTP_TO": "desk@example.org,night@example.org",
            "DYADWATCH_SMTP_PORT": "2525",
            "DYADWATCH_SMTP_TLS": "false",
            "DYADWATCH_SMTP_USERNAME": "watch",
            "DYADWATCH_SMTP_PASSWORD": "hush",
            "DYADWATCH_SMTP_FROM": "watch@example.org",
        },
    )
    printed = repr(profile.channels["email"])
    assert "port=2525" in printed
    assert "night@example.org" in printed
    assert "hush" not in printed


def test_there_are_enough_sources_and_each_is_one(bundled: Profile) -> None:
    assert len(bundled.polled) >= 250
    assert len({source.id for source in bundled.sources}) == len(bundled.sources)
    enabled = [source.url for source in bundled.sources if source.enabled]
    assert len(set(enabled)) == len(enabled) == len(bundled.polled)
    assert {source.kind for source in bundled.polled} == set(KINDS)


def test_every_side_and_language_is_heard(bundled: Profile) -> None:
    languages = {language for source in bundled.polled for language in source.languages}
    assert {"en", "ru", "az", "tr", "uk", "ka", "hy", "fa"} <= languages
    stances = {(source.country, source.stance) for source in bundled.polled}
    assert {("AZ", "state"), ("RU", "state"), ("RU", "exile"), ("RU", "official")} <= stances
    assert all(source.stance for source in bundled.sources)
    stateless = {source.newsroom for source in bundled.sources if not source.country}
    assert stateless == {"google-news", "gdelt", "bing-news"}, "searches over many publishers"


def test_no_address_lacks_its_token(bundled: Profile) -> None:
    assert not [source.id for source in bundled.polled if source.url.rstrip("/").endswith("/api")]


def test_newsroom_families_are_sane(bundled: Profile) -> None:
    by_newsroom = defaultdict(set)
    for source in bundled.sources:
        by_newsroom[source.newsroom].add(source.id)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", source.newsroom), source.id
    assert {"tass-ru", "tass-en", "tg-tass"} <= by_newsroom["tass"]
    assert {"azertag-az", "azertag-ru", "azertag-en"} <= by_newsroom["azertag"]
    assert {"bbc-azeri", "bbc-russian", "bbc-world"} <= by_newsroom["bbc"]
    assert {"radiosvoboda", "rferl-russia", "currenttime"} <= by_newsroom["rferl"]
    assert len({source.newsroom for source in bundled.polled}) >= 100


def test_one_registered_domain_is_one_newsroom(bundled: Profile) -> None:
    """Save platforms, and domains that public bodies of one state share."""
    by_domain = defaultdict(set)
    for source in bundled.sources:
        for domain in domains_of(source):
            by_domain[domain].add(source.newsroom)
    assert {domain for domain, names in by_domain.items() if len(names) > 1} == {
        "europa.eu",
        "gov.ru",
    }


def test_what_one_jurisdiction_has_sanctioned_is_marked_on_the_whole_site(bundled: Profile) -> None:
    """Or a search would lead to what was to be left out."""
    by_domain = defaultdict(set)
    for source in bundled.sources:
        for domain in domains_of(source):
            by_domain[domain].add(source.sanctioned)
    assert [domain for domain, marks in by_domain.items() if len(marks) > 1] == []
    assert sum("EU" in source.sanctioned for source in bundled.sources) >= 15


def test_no_address_is_on_that_its_robots_closes(bundled: Profile) -> None:
    assert not [s.id for s in bundled.polled if re.match(r"https://azertag\.az/.*rss", s.url)]
    assert "azertag" in {source.newsroom for source in bundled.polled}
