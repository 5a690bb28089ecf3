"""The keys that the kinds of rules take: what they come to, and the sentence for every slip."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from alerts.rules import parse_where
from worker.profile.loader import load_profile
from worker.profile.sides import called

CROSSING = """
          - id: taken-up
            kind: crossing
            where: {severity: ">=3"}
            from: {side: AZE}
            to: {side: RUS, stance: [state, official]}
            window: 3d
            at_least: 2
"""
FIRST = """
          - id: first-deaths
            kind: first_in
            where: {severity: ">=4", main: true}
            window: 400d
"""
SILENCE = """
          - id: quiet
            kind: silence
            where: {side: AZE}
            window: 3d
"""
ONE_WAY = """
          - id: one-way
            kind: spike
            where: {side: RUS}
            against: {side: AZE}
            window: 1d
            after: [raids, deaths]
            within: 14d
"""
ALL = {"crossing": CROSSING, "first_in": FIRST, "silence": SILENCE, "spike": ONE_WAY}


def add(bench: Any, *rules: str) -> None:
    path = bench.directory / "rules.yaml"
    text = path.read_text(encoding="utf-8")
    # The bench writes its files without the indentation that these texts have.
    indented = ("\n".join(line[8:] for line in rule.strip("\n").splitlines()) for rule in rules)
    path.write_text(text + "\n".join(indented) + "\n", encoding="utf-8")


def test_every_kind_with_its_keys(bench: Any) -> None:
    add(bench, *ALL.values())
    rules = {rule.id: rule for rule in bench.load().rules}
    taken_up, one_way = rules["taken-up"], rules["one-way"]
    assert taken_up.from_where == parse_where({"side": "AZE"}) and taken_up.at_least == 2
    assert taken_up.to_where == parse_where({"side": "RUS", "stance": ["official", "state"]})
    assert taken_up.sides == (
        "Azerbaijan's press",
        "Russia's official bodies or state media",
    )
    assert rules["first-deaths"].window == timedelta(days=400)
    assert rules["first-deaths"].where == parse_where({"severity": ">=4", "main": True})
    assert rules["quiet"].false_alarms_per_year == 5.0
    assert rules["first-deaths"].false_alarms_per_year is None
    assert one_way.against == parse_where({"side": "AZE"})
    assert (one_way.after, one_way.within) == (("raids", "deaths"), timedelta(days=14))
    assert rules["raids"].after == () and rules["raids"].within is None


def test_one_rule_to_come_after_needs_no_list(bench: Any) -> None:
    add(bench, ONE_WAY.replace("[raids, deaths]", "raids").replace("            within: 14d\n", ""))
    rule = bench.load().rules[-1]
    assert (rule.after, rule.within) == (("raids",), None)


@pytest.mark.parametrize(
    ("rule", "old", "new", "sentence"),
    [
        (CROSSING, "from: {side: AZE}", "note: none",
         "rules[2]: 'from' is missing; add it."),
        (CROSSING, "to: {side: RUS, stance: [state, official]}", "note: none",
         "rules[2]: 'to' is missing; add it."),
        (CROSSING, "from: {side: AZE}", "from: {severity: 3}",
         "rules[2].from: from takes side, stance, newsroom, language, not severity; "
         "what is reported belongs into where."),
        (CROSSING, "from: {side: AZE}", "from: Baku",
         "rules[2].from: this must be a mapping, but it is a word."),
        (CROSSING, "from: {side: AZE}", "from: {side: AZ}",
         "rules[2].from.side: 'AZ' is not a country code (ISO 3166-1 alpha-3); write AZE."),
        (CROSSING, "from: {side: AZE}", "from: {stance: fringe}",
         "rules[2].from.stance: stance must be one of state, pro_government, independent, exile, "
         "international, official, not 'fringe'."),
        (CROSSING, "to: {side: RUS, stance: [state, official]}", "to: {side: AZE}",
         "rules[2].to: to is the same as from; name another part of the press."),
        (CROSSING, "to: {side: RUS, stance: [state, official]}", "to: {newsroom: tas}",
         "rules[2].to.newsroom: there is no newsroom 'tas'; did you mean 'tass'?"),
        (CROSSING, "window: 3d", "window: 15d",
         "rules[2].window: window of a crossing is at most 14d, not 15 days."),
        (CROSSING, "at_least: 2", "count: articles",
         "rules[2].count: count must be stories; a crossing counts nothing else."),
        (CROSSING, "at_least: 2", "false_alarms_per_year: 2",
         "rules[2].false_alarms_per_year: 'false_alarms_per_year' belongs to the kinds 'silence' "
         "and 'spike'; remove it here."),
        (FIRST, "window: 400d", "window: 401d",
         "rules[2].window: 401d is too long; write at most 400d."),
        (FIRST, "window: 400d", "window: 6h",
         "rules[2].window: the window of first_in is 1d to 400d, not 6 hours."),
        (FIRST, "window: 400d", "window: 90d\n    at_least: 1",
         "rules[2].at_least: 'at_least' belongs to the kinds 'crossing' and 'threshold'; "
         "remove it here."),
        (FIRST, "main: true", "main: often",
         "rules[2].where.main: main must be true or false, not 'often'."),
        (SILENCE, "window: 3d", "window: 2h",
         "rules[2].window: the window of a silence is 3h to 40h, or 3d to 26d, not 2 hours."),
        (SILENCE, "window: 3d", "window: 3d\n    from: {side: AZE}",
         "rules[2].from: 'from' belongs to the kind 'crossing'; remove it here."),
        (SILENCE, "window: 3d", "window: 3d\n    against: {side: RUS}",
         "rules[2].against: 'against' belongs to the kind 'spike'; remove it here."),
        (ONE_WAY, "against: {side: AZE}", "against: {side: RUS}",
         "rules[2].against: against must be another direction than where; they are the same."),
        (ONE_WAY, "against: {side: AZE}", "against: {sides: AZE}",
         "rules[2].against.sides: unknown key 'sides'; did you mean 'side'?"),
        (ONE_WAY, "[raids, deaths]", "[raids, death]",
         "rules[2].after[1]: there is no rule 'death'; did you mean 'deaths'?"),
        (ONE_WAY, "[raids, deaths]", "raid",
         "rules[2].after: there is no rule 'raid'; did you mean 'raids'?"),
        (ONE_WAY, "[raids, deaths]", "[one-way]",
         "rules[2].after: after must name other rules, not the rule itself."),
        (ONE_WAY, "[raids, deaths]", "[raids, 5]",
         "rules[2].after[1]: this must be a word, but it is a number; put it in quotes."),
        (ONE_WAY, "after: [raids, deaths]", "note: none",
         "rules[2].within: within is read with after alone; name the rules."),
        (ONE_WAY, "within: 14d", "within: 0s",
         "rules[2].within: 0s is too short; write at least 1h."),
        (ONE_WAY, "within: 14d", "wthin: 14d",
         "rules[2].wthin: unknown key 'wthin'; did you mean 'within'?"),
    ],
)  # fmt: skip
def test_a_slip_is_named(bench: Any, rule: str, old: str, new: str, sentence: str) -> None:
    assert old in rule
    add(bench, rule.replace(old, new.replace("\n    ", "\n            ")))
    assert any(fault.endswith(sentence) for fault in bench.faults()), bench.faults()


def test_a_profile_shares_its_false_alarms_out(bench: Any) -> None:
    add(bench, SILENCE)
    bench.change("profile.yaml", "name: Small", "name: Small\nfalse_alarms_per_year: 3")
    profile = bench.load()
    rates = {rule.id: rule.false_alarms_per_year for rule in profile.rules}
    # raids asked for 6, quiet for the default of 5.
    assert rates["raids"] == pytest.approx(3 * 6 / 11)
    assert rates["quiet"] == pytest.approx(3 * 5 / 11)
    assert rates["deaths"] is None and profile.false_alarms_per_year == 3


def test_it_inherits_the_false_alarms_of_what_it_extends(bench: Any, tmp_path: Any) -> None:
    bench.change("profile.yaml", "name: Small", "name: Small\nfalse_alarms_per_year: 3")
    own = tmp_path / "own"
    own.mkdir()
    (own / "profile.yaml").write_text(f"name: Own\nextends: {bench.directory}\n", encoding="utf-8")
    assert load_profile(str(own), bench.environ).false_alarms_per_year == 3


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("few", "false_alarms_per_year: this must be a number, but it is a word."),
        ("0", "false_alarms_per_year: 0 is out of range; write 0.01 to 8760."),
    ],
)
def test_a_wrong_promise_of_a_profile_is_named(bench: Any, value: str, sentence: str) -> None:
    bench.change("profile.yaml", "name: Small", f"name: Small\nfalse_alarms_per_year: {value}")
    assert f"profile.yaml, line 2: {sentence}" in bench.faults()


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ({"side": "RUS"}, "Russia's press"),
        ({"side": ["AZE", "RUS"]}, "Azerbaijan's or Russia's press"),
        ({"stance": "official"}, "official bodies"),
        ({"stance": ["exile", "independent"]}, "media in exile or independent media"),
        ({"side": "PHL", "stance": "state"}, "Philippines' state media"),
        ({"newsroom": ["turan", "meduza"]}, "meduza or turan"),
        ({"language": "az"}, "the press in az"),
    ],
)
def test_parts_of_the_press_have_names(where: dict[str, object], name: str) -> None:
    assert called(parse_where(where)) == name
