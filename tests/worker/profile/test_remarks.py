"""What deserves a look and stops nothing."""

from datetime import timedelta
from typing import Any

from alerts.pipeline import DEFAULT_GROUP_WAIT
from crawler.spiders import READERS
from worker.profile.sources import KINDS


def test_the_small_profile_lacks_a_term(bench: Any) -> None:
    assert bench.remarks() == ["lexicon: en has no term for 1 of 2 concepts: protest."]


def test_a_language_without_a_lexicon_is_remarked_on(bench: Any) -> None:
    bench.change("profile.yaml", "[en]", "[en, ka]")
    assert "lexicon: the lexicon has no file for the language ka." in bench.remarks()


def test_a_rule_that_no_route_takes_is_unreachable(bench: Any) -> None:
    bench.change(
        "routes.yaml", "- channels: [desk]", "- match: {severity: info}\n    channels: [desk]"
    )
    (remark,) = [line for line in bench.remarks() if "unreachable" in line]
    assert remark == (
        "rules.yaml, line 8: the rule 'deaths' is unreachable: "
        "no route takes it, so it tells nobody."
    )


def test_a_comparison_of_severities_takes_all_above(bench: Any) -> None:
    bench.change("routes.yaml", "{severity: critical}", '{severity: ">=warning"}')
    route, _ = bench.load().routes
    assert route.match.severities == {"warning", "critical"}


def test_a_route_waits_for_seconds_unless_it_says_how_long(bench: Any) -> None:
    assert [route.group_wait for route in bench.load().routes] == [
        DEFAULT_GROUP_WAIT,
        timedelta(minutes=5),
    ]
    bench.change("routes.yaml", "group_wait: 5m", "group_wait: 0s")
    assert bench.load().routes[1].group_wait == timedelta(0)


def test_sources_that_are_off_are_counted_and_not_polled(bench: Any) -> None:
    bench.change("sources/one.yaml", "every: 10m", "enabled: false")
    assert "sources: 1 of 2 sources are off (enabled: false)." in bench.remarks()
    assert [source.id for source in bench.load().polled] == ["apa-en"]


def test_the_kinds_that_a_profile_knows_are_those_that_the_crawler_reads() -> None:
    assert set(READERS) == set(KINDS)


def test_two_sources_of_one_address_are_remarked_on(bench: Any) -> None:
    bench.change("sources/one.yaml", "https://tass.com/rss/v2.xml", "https://en.apa.az/rss")
    assert "sources: apa-en and tass-en ask the same https://en.apa.az/rss." in bench.remarks()
