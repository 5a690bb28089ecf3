"""One line leaves out what a jurisdiction has sanctioned, and names that are wrong are told."""

from pathlib import Path
from typing import Any

import pytest

from worker.profile.loader import load_profile

FAULTS = [
    ("sanctioned: [EUR]", "profile.yaml, line 4: leave_out.sanctioned[0]: 'EUR' is not a country"),
    ("sources: [tas-en]", "leave_out.sources[0]: there is no source 'tas-en'; did you mean 'tass"),
    ("source: [tass-en]", "leave_out.source: unknown key 'source'; did you mean 'sources'?"),
    ("sanctioned: [NO]", "this must be a word, but it is false"),
]


def mark(bench: Any, line: str = "sanctioned: [EU, CH]") -> None:
    bench.change("sources/one.yaml", "every: 10m", f"every: 10m\n  {line}")


def leave_out(bench: Any, line: str) -> None:
    bench.change("profile.yaml", "languages: [en]", f"languages: [en]\nleave_out: {{{line}}}")


def test_what_is_sanctioned_there_is_not_polled_and_stays_known(bench: Any) -> None:
    mark(bench)
    assert [source.id for source in bench.load().polled] == ["apa-en", "tass-en"]
    leave_out(bench, "sanctioned: [EU]")
    profile = bench.load()
    assert [source.id for source in profile.polled] == ["apa-en"]
    assert [source.id for source in profile.sources] == ["apa-en", "tass-en"]
    assert profile.left_out == {"tass-en": "sanctioned in EU"}


def test_another_jurisdiction_leaves_it_in(bench: Any) -> None:
    mark(bench)
    leave_out(bench, "sanctioned: [US]")
    assert len(bench.load().polled) == 2


def test_a_source_may_be_named(bench: Any) -> None:
    leave_out(bench, "sources: [apa-en]")
    assert bench.load().left_out == {"apa-en": "named in leave_out"}


def test_the_check_tells_who_is_left_out_and_why(bench: Any) -> None:
    mark(bench)
    leave_out(bench, "sanctioned: [EU]")
    (remark,) = [one for one in bench.remarks() if "leave_out" in one]
    assert remark.endswith("1 sources are left out: tass-en (sanctioned in EU).")


@pytest.mark.parametrize(("line", "sentence"), FAULTS)
def test_a_wrong_value_is_told(bench: Any, line: str, sentence: str) -> None:
    leave_out(bench, line)
    (fault,) = bench.faults()
    assert sentence in fault


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("sanctioned: [EUR]", "[1].sanctioned[0]: 'EUR' is not a country code"),
        ("domains: [www.tass.ru]", "[1].domains[0]: 'www.tass.ru' is not what a publisher regis"),
        ("domains: [tass]", "[1].domains[0]: 'tass' is not a domain; write example.az."),
        ("domains: ['https://tass.ru']", "is not a domain; write example.az."),
        ("pages: sometimes", "[1].pages: this must be true or false"),
    ],
)
def test_a_wrong_mark_of_a_source_is_told(bench: Any, line: str, sentence: str) -> None:
    mark(bench, line)
    (fault,) = bench.faults()
    assert sentence in fault


def test_it_is_inherited_and_may_be_given_anew(bench: Any) -> None:
    mark(bench)
    leave_out(bench, "sanctioned: [EU]")
    own: Path = bench.directory.parent / "own"
    own.mkdir()
    (own / "profile.yaml").write_text("extends: ../small\n")
    environ = {"ROOM_URL": "https://hooks.slack.com/services/x"}
    assert len(load_profile(str(own), environ).polled) == 1
    (own / "profile.yaml").write_text("extends: ../small\nleave_out: {sanctioned: [CA]}\n")
    assert len(load_profile(str(own), environ).polled) == 2


def test_one_line_leaves_the_bundled_profile_without_what_the_eu_has_sanctioned(
    tmp_path: Path,
) -> None:
    everything = load_profile("russia_azerbaijan", {})
    (tmp_path / "profile.yaml").write_text(
        "extends: russia_azerbaijan\nleave_out: {sanctioned: [EU]}\n"
    )
    lawful = load_profile(str(tmp_path), {})
    gone = {s.id for s in everything.polled} - {s.id for s in lawful.polled}
    assert {"ria-archive", "rt-en", "lenta", "izvestia", "tg-rian"} <= gone
    assert not [source.id for source in lawful.polled if "EU" in source.sanctioned]
    assert len(lawful.polled) > len(everything.polled) - 20
