"""The hashes by which an alert names the profile that counted it."""

from pathlib import Path

import pytest

from worker.profile.fingerprint import Fingerprints, fingerprints


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "lexicon" / "actors").mkdir(parents=True)
    (tmp_path / "sources").mkdir()
    for name in ("profile", "rules", "routes", "lexicon/az", "lexicon/actors/all", "sources/all"):
        (tmp_path / f"{name}.yaml").write_text(f"# {name}")
    return tmp_path


def read(*directories: Path) -> Fingerprints:
    fingerprints.cache_clear()
    return fingerprints(directories)


def test_each_part_has_a_hash_of_its_own(home: Path) -> None:
    first = read(home)
    assert len({first.profile, first.rules, first.lexicon}) == 3
    (home / "rules.yaml").write_text("rules: []")
    second = read(home)
    assert (second.rules != first.rules, second.profile != first.profile) == (True, True)
    assert second.lexicon == first.lexicon
    (home / "lexicon" / "actors" / "all.yaml").write_text("actors: []")
    assert read(home).lexicon != second.lexicon


def test_who_is_told_makes_no_difference(home: Path) -> None:
    first = read(home)
    (home / "routes.yaml").write_text("channels: {}")
    (home / "note.txt").write_text("hello")
    assert read(home) == first


def test_what_is_inherited_counts_and_the_nearest_rules_do(home: Path, tmp_path: Path) -> None:
    heir = tmp_path / "heir"
    heir.mkdir()
    (heir / "profile.yaml").write_text("extends: it")
    inherited = read(heir, home)
    assert inherited.rules == read(home).rules
    assert inherited.lexicon != read(heir).lexicon
    (heir / "rules.yaml").write_text("rules: []")
    assert read(heir, home).rules != inherited.rules


def test_what_was_read_once_stays_for_this_process(home: Path) -> None:
    first = read(home)
    (home / "rules.yaml").write_text("rules: []")
    assert fingerprints((home,)) == first
