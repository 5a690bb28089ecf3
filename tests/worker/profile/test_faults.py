"""Every check has a bad example: one place of a sound profile is broken, one line names it."""

import json
from typing import Any

import pytest
import typer

from worker.commands.profile_check import check as profile_check
from worker.profile.check import check

#: File, what stands there, what is written instead, and the whole line that must be said.
SOURCES = [
    ("url: https://en.apa.az/rss", "urll: https://en.apa.az/rss",
     "sources/one.yaml, line 3: [0].urll: unknown key 'urll'; did you mean 'url'?"),
    ("newsroom: apa", "note: apa",
     "sources/one.yaml, line 1: [0]: 'newsroom' is missing; add it."),
    ("id: apa-en", "id: tass-en",
     "sources/one.yaml, line 9: [1].id: 'tass-en' stands at sources/one.yaml, line 1 too; "
     "rename one of them."),
    ("id: apa-en", "id: apa en",
     "sources/one.yaml, line 1: [0].id: 'apa en' cannot be an identifier; "
     "write letters, digits, '-', '_' and '.' only."),
    ("id: apa-en", "id: 7",
     "sources/one.yaml, line 1: [0].id: this must be a word, but it is a number; "
     "put it in quotes."),
    ("kind: feed", "kind: feeds",
     "sources/one.yaml, line 2: [0].kind: 'feeds' is not known here; did you mean 'feed'?"),
    ("url: https://en.apa.az/rss", "url: ftp://en.apa.az/rss",
     "sources/one.yaml, line 3: [0].url: this is not a web address; it must start with https:// "
     "or http://. It is 'ftp://en.apa.az/rss'."),
    ("url: https://en.apa.az/rss", "url: https:///rss",
     "sources/one.yaml, line 3: [0].url: this address has no host; write https://HOST/PATH. "
     "It is 'https:///rss'."),
    ("url: https://en.apa.az/rss", "url: https://en.apa.az/the rss",
     "sources/one.yaml, line 3: [0].url: this address has white space in it; "
     "write a blank as %20. It is 'https://en.apa.az/the rss'."),
    ("country: AZ", "country: AZE",
     "sources/one.yaml, line 6: [0].country: 'AZE' is not a country code (ISO 3166-1 alpha-2); "
     "write AZ."),
    ("country: AZ", "country: NO",
     "sources/one.yaml, line 6: [0].country: this must be a word, but it is false (YAML reads yes, "
     "no, on and off so); put it in quotes."),
    ("stance: state", "stance: stat",
     "sources/one.yaml, line 15: [1].stance: 'stat' is not known here; did you mean 'state'?"),
    ("language: [en, ru]", "language: [en, rus]",
     "sources/one.yaml, line 16: [1].language[1]: 'rus' is not a language code (ISO 639-1), "
     "such as az or ru."),
    ("language: en", "language: EN",
     "sources/one.yaml, line 8: [0].language[0]: 'EN' is not a language code (ISO 639-1); "
     "write en."),
    ("every: 10m", "every: 10 minutes",
     "sources/one.yaml, line 17: [1].every: this is not a duration; write 10m."),
    ("every: 10m", "every: 10",
     "sources/one.yaml, line 17: [1].every: this number needs a unit; "
     "write 10s, 10m, 10h or 10d."),
    ("every: 10m", "every: 0s",
     "sources/one.yaml, line 17: [1].every: 0s is too short; write at least 1s."),
    ("every: 10m", "topical: maybe",
     "sources/one.yaml, line 17: [1].topical: this must be true or false, but it is a word."),
    ("articles_per_day: 65", "articles: 65",
     "sources/one.yaml, line 18: [1].expect.articles: unknown key 'articles'; "
     "did you mean 'articles_per_day'?"),
    ("articles_per_day: 65", "articles_per_day: many",
     "sources/one.yaml, line 18: [1].expect.articles_per_day: this must be a number, "
     "but it is a word."),
]  # fmt: skip

RULES = [
    ("window: 6h", "windw: 6h",
     "rules.yaml, line 5: rules[0].windw: unknown key 'windw'; did you mean 'window'?"),
    ("window: 6h", "window: six hours",
     "rules.yaml, line 5: rules[0].window: this is not a duration; write a number and a unit, "
     "such as 5s, 10m, 2h or 30d."),
    ("window: 6h", "window: 7m",
     "rules.yaml, line 5: rules[0].window: this window must be a multiple of 15 minutes "
     "(15 minutes up to 2 hours, 1 hour up to 48 hours, then 1 day), not 7 minutes."),
    ("kind: spike", "kind: spikes",
     "rules.yaml, line 3: rules[0].kind: 'spikes' is no kind of rule; did you mean 'spike'?"),
    ("id: deaths", "id: raids",
     "rules.yaml, line 8: rules[1].id: 'raids' stands at rules.yaml, line 2 too; "
     "rename one of them."),
    ("category: detention_or_raid", "category: detention_or_rade",
     "rules.yaml, line 4: rules[0].where.category: there is no category 'detention_or_rade'; "
     "did you mean 'detention_or_raid'?"),
    ("category: detention_or_raid", "category: raid",
     "rules.yaml, line 4: rules[0].where.category: 'raid' is no category but a concept or a term; "
     "write term: raid."),
    ("category: detention_or_raid", "term: [raid, police rade]",
     "rules.yaml, line 4: rules[0].where.term[1]: there is no category, concept or term "
     "'police rade'; did you mean 'police raid'?"),
    ("category: detention_or_raid", "initiator: RU",
     "rules.yaml, line 4: rules[0].where.initiator: 'RU' is not a country code "
     "(ISO 3166-1 alpha-3); write RUS."),
    ("category: detention_or_raid", "newsroom: tas",
     "rules.yaml, line 4: rules[0].where.newsroom: there is no newsroom 'tas'; "
     "did you mean 'tass'?"),
    ('severity: ">=2"', 'severity: ">=9"',
     "rules.yaml, line 4: rules[0].where.severity: no severity of 0 to 4 is '>=9'."),
    ('severity: ">=2"', "sevrity: 2",
     "rules.yaml, line 4: rules[0].where.sevrity: unknown key 'sevrity'; "
     "did you mean 'severity'?"),
    ('severity: ">=2"', "direction: up",
     "rules.yaml, line 4: rules[0].where.direction: direction must be one of escalatory, "
     "de_escalatory, neutral, not 'up'."),
    ("severity: critical", "severity: high",
     "rules.yaml, line 6: rules[0].severity: 'high' is not known here; "
     "known are: critical, info, warning."),
    ("at_least: 3", "min_newsrooms: 1",
     "rules.yaml, line 8: rules[1]: 'at_least' is missing; add it."),
    ("at_least: 3", "at_least: 0",
     "rules.yaml, line 14: rules[1].at_least: 0 is out of range; write 1 to 1000000."),
    ("false_alarms_per_year: 6", "at_least: 6",
     "rules.yaml, line 7: rules[0].at_least: 'at_least' belongs to the kinds 'crossing' "
     "and 'threshold'; remove it here."),
    ("false_alarms_per_year: 6", "false_alarms_per_year: few",
     "rules.yaml, line 7: rules[0].false_alarms_per_year: this must be a number, "
     "but it is a word."),
    ("  - id: raids", "  - raids\n  - id: raids",
     "rules.yaml, line 2: rules[0]: this must be a mapping, but it is a word."),
]  # fmt: skip

ROUTES = [
    ("channels: [desk, room]", "channels: [desk, rom]",
     "routes.yaml, line 13: routes[0].channels[1]: there is no channel 'rom'; "
     "did you mean 'room'?"),
    ("repeat_every: 12h", "digest: 12h",
     "routes.yaml, line 14: routes[0].digest: '12h' is not known here; known are: day, week."),
    ("repeat_every: 12h", "digest: day\n    repeat_every: 12h",
     "routes.yaml, line 15: routes[0].repeat_every: a route with a digest tells nothing at once; "
     "remove repeat_every."),
    ("repeat_every: 12h", "digest: {every: day, weekday: monday}",
     "routes.yaml, line 14: routes[0].digest.weekday: a digest of the day leaves every day; "
     "remove this key."),
    ("repeat_every: 12h", "digest: {every: week, weekday: moonday}",
     "routes.yaml, line 14: routes[0].digest.weekday: 'moonday' is no day of the week; "
     "did you mean 'monday'?"),
    ("repeat_every: 12h", "digest: {at: 07:00}",
     "routes.yaml, line 14: routes[0].digest: 'every' is missing; add it."),
    ("repeat_every: 12h", "tell: [opened, closed]",
     "routes.yaml, line 14: routes[0].tell[1]: there is no change 'closed'; "
     "known are: de_escalated, escalated, opened, resolved."),
    ("repeat_every: 12h", "tell: [resolved]",
     "routes.yaml, line 14: routes[0].tell: 'opened' is missing; the rest of a thread follows it."),
    ("repeat_every: 12h", "mute_times: {zone: Asia/Baku}",
     "routes.yaml, line 14: routes[0].mute_times: this would mute the route for ever; "
     "give days, or from and until."),
    ("repeat_every: 12h", 'mute_times: [{days: [sat], from: "18:00"}]',
     "routes.yaml, line 14: routes[0].mute_times[0]: 'until' is missing; add it."),
    ("repeat_every: 12h", "mute_times: [{days: [caturday]}]",
     "routes.yaml, line 14: routes[0].mute_times[0].days[0]: 'caturday' is no day of the week; "
     "did you mean 'saturday'?"),
    ("repeat_every: 12h", "mute_times: weekends",
     "routes.yaml, line 14: routes[0].mute_times: this must be a list, but it is a word."),
    ("repeat_every: 12h", "escalate: {after: 15m}",
     "routes.yaml, line 14: routes[0].escalate: 'channels' is missing; add it."),
    ("repeat_every: 12h", "escalate: {after: 15m, channels: [rom]}",
     "routes.yaml, line 14: routes[0].escalate.channels[0]: there is no channel 'rom'; "
     "did you mean 'room'?"),
    ("repeat_every: 12h",
     "escalate: [{after: 15m, channels: desk}, {after: 5m, channels: room}]",
     "routes.yaml, line 14: routes[0].escalate[1].after: each step comes later than the one "
     "before; write a longer time."),
    ("repeat_every: 12h", "escalate: {after: 5s, channels: [room]}",
     "routes.yaml, line 14: routes[0].escalate.after: 5s is too short; write at least 1m."),
    ("url: ${ROOM_URL}", "token: ${ROOM_URL}",
     "routes.yaml, line 8: channels.room.channel: Channel room: channel is missing."),
    ("url: ${ROOM_URL}", "url: ${ROOM_URL}\n    token: ${ROOM_URL}",
     "routes.yaml, line 10: channels.room.url: Channel room: url and token exclude each other: "
     "give one of them."),
    ("url: ${ROOM_URL}", "url: ${ROOM_URL}\n    channel: C0123",
     "routes.yaml, line 11: channels.room.channel: Channel room: channel goes with token, not with "
     "url: give the app's token."),
    ("repeat_every: 12h", "repeat_evry: 12h",
     "routes.yaml, line 14: routes[0].repeat_evry: unknown key 'repeat_evry'; "
     "did you mean 'repeat_every'?"),
    ("{severity: critical}", "{severity: critcal}",
     "routes.yaml, line 12: routes[0].match.severity: there is no severity 'critcal'; "
     "did you mean 'critical'?"),
    ("{severity: critical}", "{rule: raid}",
     "routes.yaml, line 12: routes[0].match.rule: there is no rule 'raid'; did you mean 'raids'?"),
    ("{severity: critical}", "{category: raids}",
     "routes.yaml, line 12: routes[0].match.category: there is no category 'raids'; "
     "known are: detention_or_raid, diplomatic_protest."),
    ("group_wait: 5m", "quiet_hours: {from: late, until: \"07:00\"}",
     "routes.yaml, line 16: routes[1].quiet_hours.from: this is not a time of day; "
     'write it as "22:00".'),
    ("group_wait: 5m", 'quiet_hours: {from: 22:00, until: "07:00", zone: Baku}',
     "routes.yaml, line 16: routes[1].quiet_hours.zone: 'Baku' is no time zone; "
     "write one such as Europe/Paris."),
    ("kind: slack", "kind: slak",
     "routes.yaml, line 9: channels.room.kind: 'slak' is no kind of channel; "
     "did you mean 'slack'?"),
    ("tls: false", "tsl: false",
     "routes.yaml, line 5: channels.desk.tsl: unknown key 'tsl'; did you mean 'tls'?"),
    ("kind: email", "kind: apprise",
     "routes.yaml, line 3: channels.desk.kind: this version cannot send by apprise yet; "
     "use email or slack."),
]  # fmt: skip

ABOUT = [
    ("name: Small", "nam: Small",
     "profile.yaml, line 1: nam: unknown key 'nam'; did you mean 'name'?"),
    ("dyad: [RUS, AZE]", "dyad: [RUS]",
     "profile.yaml, line 2: dyad: a dyad is two countries; write [FRA, DEU]."),
    ("dyad: [RUS, AZE]", "dyad: [RUS, AZ]",
     "profile.yaml, line 2: dyad: 'AZ' is not a country code (ISO 3166-1 alpha-3); write AZE."),
    ("languages: [en]", "languages: [english]",
     "profile.yaml, line 3: languages: 'english' is not a language code (ISO 639-1), "
     "such as az or ru."),
    ("languages: [en]", "extends: russia_azerbaijn\nlanguages: [en]",
     "profile.yaml, line 3: extends: 'russia_azerbaijn': there is no bundled profile and no "
     "directory of this name; did you mean 'russia_azerbaijan'?"),
]  # fmt: skip

BAD = [
    (file, *case)
    for file, cases in (
        ("sources/one.yaml", SOURCES),
        ("rules.yaml", RULES),
        ("routes.yaml", ROUTES),
        ("profile.yaml", ABOUT),
    )
    for case in cases
]


def test_the_sound_profile_has_no_fault(bench: Any) -> None:
    assert bench.faults() == []


@pytest.mark.parametrize(("file", "old", "new", "sentence"), BAD)
def test_a_broken_place_is_named(bench: Any, file: str, old: str, new: str, sentence: str) -> None:
    bench.change(file, old, new)
    assert sentence in bench.faults()


def test_all_faults_of_all_files_are_told_at_once(bench: Any) -> None:
    bench.change("sources/one.yaml", "country: AZ", "country: XX")
    bench.change("sources/one.yaml", "every: 10m", "every: soon")
    bench.change("rules.yaml", "window: 6h", "window: 6")
    bench.change("routes.yaml", "[desk, room]", "[dask, room]")
    bench.write("sources/two.yaml", "- id: [\n")
    places = [fault.split(":")[0] for fault in bench.faults()]
    assert places == [
        "sources/one.yaml, line 6",
        "sources/one.yaml, line 17",
        "sources/two.yaml, line 2",
        "rules.yaml, line 5",
        "routes.yaml, line 13",
    ]


def test_a_doubled_id_is_found_across_files(bench: Any) -> None:
    bench.write(
        "sources/two.yaml",
        """
        - {id: apa-en, kind: feed, url: "https://apa.az/rss", newsroom: apa}
        """,
    )
    assert bench.faults() == [
        "sources/two.yaml, line 1: [0].id: 'apa-en' stands at sources/one.yaml, line 1 too; "
        "rename one of them."
    ]


@pytest.mark.parametrize("name", ["rule.yaml", "source.yml"])
def test_a_file_that_nobody_reads_is_a_fault(bench: Any, name: str) -> None:
    bench.write(name, "rules: []\n")
    assert len(bench.faults()) == 1
    assert f"{name}: no profile has a file of this name" in bench.faults()[0]


def test_a_file_with_the_other_ending_is_a_fault(bench: Any) -> None:
    bench.write("sources/two.yml", "[]\n")
    assert bench.faults() == ["sources/two.yml: this file is not read; end its name in .yaml."]


@pytest.mark.parametrize("name", ["rules.yaml", "profile.yaml"])
def test_a_missing_file_is_named(bench: Any, name: str) -> None:
    bench.remove(name)
    assert len(bench.faults()) == 1
    assert bench.faults()[0].startswith(f"{name}: this file is missing; ")


def test_a_directory_that_is_not_there_is_named_with_what_there_is(bench: Any) -> None:
    (fault,) = check("russia-azerbaijan", {})
    assert str(fault).endswith(
        "there is no bundled profile and no directory of this name; "
        "did you mean 'russia_azerbaijan'?"
    )


def test_a_broken_truth_file_is_a_fault_of_its_profile(
    bench: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write("truth.csv", "start,end,label,category\n2025-02-03,2025-02-01,Ban,raid\n")
    monkeypatch.setenv("DYADWATCH_HOME", str(bench.directory / "home"))
    monkeypatch.setenv("ROOM_URL", bench.environ["ROOM_URL"])
    with pytest.raises(typer.Exit):
        profile_check(str(bench.directory), as_json=True)
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    faults = [one for one in found if one["kind"] == "fault"]
    assert [one["sentence"].split(":")[0] for one in faults] == [
        "line 2, column end",
        "line 2, column category",
    ]
    assert {one["path"] for one in faults} == {str(bench.directory / "truth.csv")}
