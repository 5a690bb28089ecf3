"""`extends` inherits what is not given: keys, whole files, and the lexicon file by file."""

from pathlib import Path
from typing import Any

import pytest

from worker.profile.loader import load_profile
from worker.profile.model import Profile
from worker.profile.yaml_lines import ProfileError


@pytest.fixture
def own(bench: Any) -> Path:
    """A directory beside the small profile that extends it and gives nothing else."""
    directory: Path = bench.directory.parent / "own"
    directory.mkdir()
    (directory / "profile.yaml").write_text("extends: ../small\n")
    return directory


def load(directory: Path) -> Profile:
    return load_profile(str(directory), {"ROOM_URL": "https://hooks.slack.com/services/x"})


def test_what_is_not_given_is_inherited(own: Path) -> None:
    profile = load(own)
    assert (profile.name, profile.dyad, profile.languages) == ("Small", ("RUS", "AZE"), ("en",))
    assert [source.id for source in profile.sources] == ["apa-en", "tass-en"]
    assert [rule.id for rule in profile.rules] == ["raids", "deaths"]
    assert [path.name for path in profile.directories] == ["own", "small"]


def test_own_keys_win_one_by_one(own: Path) -> None:
    (own / "profile.yaml").write_text("extends: ../small\nname: Mine\n")
    assert (load(own).name, load(own).dyad) == ("Mine", ("RUS", "AZE"))


def test_own_sources_replace_the_inherited_ones(own: Path) -> None:
    (own / "sources").mkdir()
    (own / "sources" / "x.yaml").write_text(
        "- {id: x, kind: feed, url: 'http://127.0.0.1:8901/rss', newsroom: x, every: 5s}\n"
    )
    profile = load(own)
    assert [(source.id, source.name) for source in profile.sources] == [("x", "x")]
    assert [rule.id for rule in profile.rules] == ["raids", "deaths"]


def test_own_rules_and_routes_replace_the_inherited_ones(own: Path) -> None:
    (own / "rules.yaml").write_text(
        "rules:\n- {id: any, kind: threshold, window: 1h, at_least: 2}\n"
    )
    (own / "routes.yaml").write_text("routes: []\n")
    profile = load(own)
    assert [rule.id for rule in profile.rules] == ["any"]
    assert profile.silent == "Nobody is told: alerts are stored only."


def test_an_own_lexicon_file_stands_in_for_the_inherited_one(own: Path) -> None:
    (own / "lexicon").mkdir()
    (own / "lexicon" / "en.yaml").write_text(
        "language: en\nterms:\n  raid:\n  - {term: night search, pattern: night search}\n"
    )
    vocabulary = load(own).lexicon.vocabulary()
    assert "night search" in vocabulary
    assert "police raid" not in vocabulary
    assert "diplomatic_protest" in vocabulary


def test_a_fault_in_a_merged_lexicon_names_the_file_that_has_it(own: Path) -> None:
    (own / "lexicon").mkdir()
    broken = own / "lexicon" / "en.yaml"
    broken.write_text("language: en\nterms:\n  rade: []\n")
    with pytest.raises(ProfileError) as caught:
        load(own)
    assert caught.value.path == broken


def test_a_circle_of_profiles_is_one_sentence(bench: Any, own: Path) -> None:
    bench.change("profile.yaml", "name: Small", "extends: ../own")
    with pytest.raises(ProfileError) as caught:
        load(own)
    assert str(caught.value) == (
        f"{bench.directory}/profile.yaml, line 1: extends: this profile extends itself "
        "(own → small → own); remove one `extends`."
    )


def test_a_profile_that_extends_nothing_must_say_everything(own: Path) -> None:
    (own / "profile.yaml").write_text("name: Bare\n")
    with pytest.raises(ProfileError) as caught:
        load(own)
    lines = [line.removeprefix(f"{own}/") for line in str(caught.value).splitlines()]
    assert [line.split(":")[0].split(",")[0] for line in lines] == [
        "profile.yaml", "profile.yaml", "lexicon", "sources", "rules.yaml",
    ]  # fmt: skip
