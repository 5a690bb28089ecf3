"""A fault in the lexicon is one sentence with file, line and key."""

from pathlib import Path

import pytest

from worker.classify import Classifier, Lexicon, load_lexicon
from worker.profile.yaml_lines import ProfileError

CONCEPTS = """\
concepts:
  raid: {category: detention_or_raid, plover: COERCE, direction: escalatory, severity: 3}
"""
ENGLISH = """\
language: en
terms:
  raid:
    - {term: raid, pattern: raid*, weight: 4}
actors:
  - {id: russia, kind: country, side: RUS, names: {en: [russia, russian]}}
  - {id: azerbaijan, kind: country, side: AZE, names: {en: azerbaijan*}}
"""


def written(directory: Path, **files: str) -> Path:
    for name, text in files.items():
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
    return directory


def fault(directory: Path) -> ProfileError:
    with pytest.raises(ProfileError) as caught:
        load_lexicon(directory, ("RUS", "AZE"))
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_small_lexicon_is_enough(tmp_path):
    lexicon = load_lexicon(written(tmp_path, concepts=CONCEPTS, en=ENGLISH), ("RUS", "AZE"))
    told = Classifier(lexicon).classify({"title": "Russian police raid homes of Azerbaijanis"})
    assert told.relevant
    assert [event.concept for event in told.events] == ["raid"]
    assert lexicon.counts() == {"en": {"raid": 1}}
    assert lexicon.vocabulary() == {"raid", "detention_or_raid"}


def test_a_language_is_one_more_file(tmp_path):
    german = "language: de\nterms: {raid: [{term: Razzia, pattern: razzi*}]}\n"
    lexicon = load_lexicon(
        written(tmp_path, concepts=CONCEPTS, en=ENGLISH, de=german), ("RUS", "AZE")
    )
    assert lexicon.counts()["de"] == {"raid": 1}


def test_a_category_with_its_terms_is_one_more_file(tmp_path):
    space = """\
concepts:
  launch: {category: space, plover: COOPERATE, direction: neutral, severity: 0}
terms:
  en:
    launch: [{term: launch, pattern: launch*}]
"""
    lexicon = load_lexicon(
        written(tmp_path, concepts=CONCEPTS, en=ENGLISH, space=space), ("RUS", "AZE")
    )
    assert {"space", "launch"} <= lexicon.vocabulary()


@pytest.mark.parametrize(
    ("before", "after", "line", "key", "sentence"),
    [
        ("pattern: raid*", 'pattern: "(raid"', 4, "terms.raid[0].pattern", "never closed"),
        ("pattern: raid*", "pattern: 5", 4, "terms.raid[0].pattern", "text is expected"),
        ("weight: 4", "wieght: 4", 4, "terms.raid[0].wieght", "use "),
        ("weight: 4", "weight: 9", 4, "terms.raid[0].weight", "not one of 1, 2, 3, 4, 5"),
        ("  raid:\n", "  riad:\n", 3, "terms.riad", "no concept"),
        ("language: en", "language: en\nlangauge: de", 2, "langauge", "no key"),
        ("kind: country", "kind: planet", 6, "actors[0].kind", "not one of"),
        ("names: {en: azer", "names: {xx: azer", 7, "actors[1].names.xx", "no language file"),
        ("[russia, russian]", '[russia, "russian]"]', 6, "actors[0].names.en[1]", "no meaning"),
        ("terms:", "guards: {doubt: {before: maybe}}\nterms:", 2, "guards.doubt", "no key"),
        ("terms:", "guards: {negation: {near: not}}\nterms:", 2, "guards.negation.near", "no key"),
        ("terms:", "cues: {agnet: by}\nterms:", 2, "cues.agnet", "no key"),
        ("terms:", "endings: [a]\nterms:", 2, "endings", "a mapping is expected"),
    ],
)
def test_a_fault_names_file_line_and_key(tmp_path, before, after, line, key, sentence):
    assert before in ENGLISH
    directory = written(tmp_path, concepts=CONCEPTS, en=ENGLISH.replace(before, after, 1))
    error = fault(directory)
    assert (error.path.name, error.line, error.key) == ("en.yaml", line, key)
    assert sentence in error.sentence


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("severity: 3", "severity: 7", "concepts.raid.severity"),
        ("direction: escalatory", "direction: up", "concepts.raid.direction"),
        ("plover: COERCE", "plover: YELL", "concepts.raid.plover"),
        ("severity: 3", "severity: 3, also: nothing", "concepts.raid.also"),
        ("severity: 3", "severity: 3, roles: boss", "concepts.raid.roles"),
    ],
)
def test_a_fault_in_a_concept_is_named(tmp_path, before, after, key):
    error = fault(written(tmp_path, concepts=CONCEPTS.replace(before, after), en=ENGLISH))
    assert (error.path.name, error.line, error.key) == ("concepts.yaml", 2, key)


def test_a_missing_or_empty_directory_is_named(tmp_path):
    assert "missing" in fault(tmp_path / "nowhere").sentence
    assert "no .yaml file" in fault(tmp_path).sentence


def test_a_file_that_is_no_mapping_is_named(tmp_path):
    assert "mapping" in fault(written(tmp_path, concepts="- a\n")).sentence


def test_the_bundled_lexicon_has_terms_for_every_language(lexicon: Lexicon):
    counts = lexicon.counts()
    assert set(counts) == {"en", "ru", "az", "tr", "fa", "ka", "hy", "uk"}
    for language in ("en", "ru", "az", "tr"):
        # `analysis`, `other`, `remembrance` and the like follow from guards, not from terms.
        without = {concept for concept, terms in counts[language].items() if not terms}
        assert without <= {"analysis", "other"}, language
    assert sum(sum(by.values()) for by in counts.values()) >= 701


def test_the_bundled_lexicon_names_the_categories_of_the_contract(lexicon: Lexicon):
    assert {concept.category for concept in lexicon.concepts.values()} == {
        "diplomatic_protest", "official_accusation_or_threat", "media_restriction",
        "detention_or_raid", "military_incident", "aviation_disaster", "cyber_incident",
        "sanction_or_trade_restriction", "cancellation_or_suspension", "legal_action",
        "energy_trade_transport_cooperation", "diplomacy_or_deescalation", "alignment_shift",
        "analysis_or_history", "other",
    }  # fmt: skip
