"""What a rule may say, and the sentences for what it may not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerts.rules import KINDS, Rule, parse_where, series_id
from alerts.signal import Signal

HOUR = timedelta(hours=1)
EVERYTHING = parse_where({})
SIGNAL = Signal(
    at=datetime(2026, 6, 1, tzinfo=UTC), article="1", story="s", newsroom="apa",
    category="sanction_or_trade_restriction", direction="escalatory", severity=3, initiator="RUS",
    target="AZE", language="ru", country="AZE", concept="food_ban", terms=("запрет", "томаты"),
    stance="official",
)  # fmt: skip


@pytest.mark.parametrize(
    "where",
    [
        {},
        {"category": "sanction_or_trade_restriction"},
        {"category": ["legal_action", "sanction_or_trade_restriction"]},
        {"direction": "escalatory", "severity": ">=3"},
        {"severity": 3}, {"severity": "3"}, {"severity": [1, 3]}, {"severity": "!=2"},
        {"severity": "< 4"}, {"severity": [0, ">2"]},
        {"initiator": "RUS", "target": ["AZE", None]},
        {"language": ["az", "ru"]}, {"side": "AZE"}, {"newsroom": "apa"}, {"concept": "food_ban"},
        {"term": "запрет"}, {"term": "food_ban"}, {"term": "sanction_or_trade_restriction"},
        {"term": ["nothing", "томаты"]}, {"stance": "official"}, {"stance": ["state", "official"]},
        {"main": True}, {"main": [True, False]},
    ],
)  # fmt: skip
def test_a_where_that_matches(where: dict[str, object]) -> None:
    assert parse_where(where).matches(SIGNAL)


@pytest.mark.parametrize(
    "where",
    [
        {"category": "legal_action"}, {"direction": "neutral"}, {"severity": ">3"},
        {"severity": 2}, {"initiator": None}, {"initiator": "AZE"}, {"side": "RUS"},
        {"term": "томат"}, {"direction": "escalatory", "language": "az"}, {"stance": "exile"},
        {"stance": None}, {"main": False},
    ],
)  # fmt: skip
def test_a_where_that_does_not(where: dict[str, object]) -> None:
    assert not parse_where(where).matches(SIGNAL)


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ({"actor": "RUS"}, "there is no key 'actor'; use one of category"),
        ({"severity": 5}, "severity must be 0 to 4"),
        ({"severity": True}, "severity must be 0 to 4"),
        ({"severity": "high"}, "severity must be 0 to 4"),
        ({"severity": ">4"}, "no severity of 0 to 4"),
        ({"category": []}, "category is an empty list"),
        ({"category": 3}, "category must be a name"),
        ({"category": ""}, "category must be a name"),
        ({"category": None}, "category must be a name"),
        ({"language": ">=2"}, "only severity can be compared"),
        ({"direction": "up"}, "direction must be one of escalatory"),
        ({"stance": "neutral"}, "stance must be one of state, pro_government"),
        ({"main": "yes"}, "main must be true or false, not 'yes'"),
        ({"main": 1}, "main must be true or false, not 1"),
    ],
)
def test_a_where_that_is_wrong_names_its_key(where: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_where(where)


def test_wheres_that_mean_the_same_are_the_same() -> None:
    one = parse_where({"severity": ">=3", "language": ["az", "ru"]})
    other = parse_where({"language": ["ru", "az"], "severity": [4, 3]})
    assert one == other and one.canonical == other.canonical


def rule(**keys: object) -> Rule:
    settings: dict[str, object] = {
        "id": "r", "kind": "spike", "where": EVERYTHING, "window": 6 * HOUR, **keys,
    }  # fmt: skip
    return Rule(**settings)  # type: ignore[arg-type]  # shorthand


def test_the_kinds_that_exist() -> None:
    assert set(KINDS) == {"spike", "threshold", "first_in", "crossing", "silence"}


AZERBAIJAN, RUSSIA = parse_where({"side": "AZE"}), parse_where({"side": "RUS"})
DAY = 24 * HOUR
CROSSING = {"kind": "crossing", "from_where": AZERBAIJAN, "to_where": RUSSIA}


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"kind": "surge"}, "there is no kind 'surge'; the kinds are crossing, first_in, silence"),
        ({"count": "events"}, "count must be one of stories, newsrooms, articles"),
        ({"severity": "fatal"}, "severity must be one of info, warning, critical"),
        ({"window": timedelta(0)}, "window must be longer than zero"),
        ({"window": -HOUR}, "window must be longer than zero"),
        ({"window": 29 * 24 * HOUR}, "at most 28d"),
        ({"window": timedelta(minutes=20)}, "must be a multiple of 15 minutes"),
        ({"window": 2.5 * HOUR}, "must be a multiple of 1 hour"),
        ({"window": 60 * HOUR}, "must be a multiple of 1 day"),
        ({"min_newsrooms": 0}, "min_newsrooms must be at least 1"),
        ({"false_alarms_per_year": 0.0}, "false_alarms_per_year must be a positive number"),
        ({"at_least": 3}, "at_least is for crossing and threshold; a rule of kind spike does"),
        ({"kind": "threshold"}, "a threshold needs at_least"),
        ({"kind": "threshold", "at_least": 0}, "a threshold needs at_least"),
        (
            {"kind": "threshold", "at_least": 1, "false_alarms_per_year": 1.0},
            "false_alarms_per_year is for silence and spike",
        ),
        ({"within": DAY}, "within is read with after alone"),
        ({"after": ("s",), "within": timedelta(0)}, "within must be longer than zero"),
        ({"after": ("s", "r")}, "after must name other rules"),
        ({"against": EVERYTHING}, "against must be another direction than where"),
        ({"from_where": RUSSIA}, "from is for crossing; a rule of kind spike does not take it"),
        ({"to_where": RUSSIA}, "to is for crossing"),
        ({"kind": "threshold", "at_least": 3, "against": RUSSIA}, "against is for spike"),
        ({"kind": "first_in", "window": HOUR}, "the window of first_in is 1d to 400d"),
        ({"kind": "first_in", "window": 401 * DAY}, "the window of first_in is 1d to 400d"),
        ({"kind": "first_in", "window": DAY, "false_alarms_per_year": 1.0}, "is for silence and"),
        ({"kind": "crossing"}, "from is missing"),
        ({"kind": "crossing", "from_where": AZERBAIJAN}, "to is missing"),
        ({"kind": "crossing", "from_where": EVERYTHING, "to_where": RUSSIA}, "from is missing"),
        ({"kind": "crossing", "from_where": RUSSIA, "to_where": RUSSIA}, "to is the same as from"),
        (
            {"kind": "crossing", "from_where": RUSSIA, "to_where": parse_where({"severity": 3})},
            "to takes side, stance, newsroom, language, not severity",
        ),
        ({**CROSSING, "count": "articles"}, "count must be stories"),
        ({**CROSSING, "window": 15 * DAY}, "window of a crossing is at most 14d"),
        ({**CROSSING, "at_least": 0}, "at_least must be 1 or more"),
        ({"kind": "silence", "window": 2 * HOUR}, "the window of a silence is 3h to 40h"),
        ({"kind": "silence", "window": 44 * HOUR}, "or 3d to 26d"),
        ({"kind": "silence", "window": 27 * DAY}, "or 3d to 26d"),
        ({"kind": "silence", "window": 5.5 * HOUR}, "must be a multiple of 1 hour"),
        ({"kind": "silence", "false_alarms_per_year": -1.0}, "must be a positive number"),
    ],
)
def test_a_rule_that_is_wrong_says_so_and_names_itself(keys: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says) as wrong:
        rule(**keys)
    assert str(wrong.value).startswith("rule r: ")


@pytest.mark.parametrize(
    ("window", "bucket"),
    [(0.25, "15min"), (2, "15min"), (3, "hour"), (48, "hour"), (72, "day"), (28 * 24, "day")],
)
def test_the_window_chooses_the_bucket(window: float, bucket: str) -> None:
    assert rule(window=window * HOUR).bucket == bucket


@pytest.mark.parametrize("window", [1, 30, 400])
def test_a_rule_that_remembers_reads_two_days_at_most(window: int) -> None:
    first = rule(kind="first_in", window=window * DAY, count="newsrooms")
    assert first.reach == min(window * DAY, 48 * HOUR)
    assert first.lookback <= 48 * HOUR
    assert first.bucket == "hour"


def test_rules_that_count_the_same_share_a_series() -> None:
    assert series_id(rule()) == series_id(rule(id="s", window=24 * HOUR, severity="critical"))
    for other in (
        rule(window=72 * HOUR),
        rule(count="articles"),
        rule(where=parse_where({"side": "AZE"})),
        rule(count="newsrooms"),
    ):
        assert series_id(other) != series_id(rule())
    assert series_id(rule(count="newsrooms")) != series_id(rule(count="newsrooms", window=3 * HOUR))
