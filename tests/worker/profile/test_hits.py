"""How a lexicon stands to what is stored: `profile check` with a database, and without."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from harness.service import Dyadwatch
from storage_samples import IRRELEVANT, NOW, RELEVANT, article, classified

from worker import clock
from worker.classify import Lexicon, load_lexicon
from worker.profile.hits import cells, faults_of_lexicon, idle_terms, observations
from worker.storage.articles import store
from worker.storage.database import Database
from worker.storage.hits import Hits, Stored, hits

LEXICON = """
concepts:
  arrest: {category: detention_or_raid, plover: COERCE, direction: escalatory, severity: 3}
  talks: {category: diplomacy, plover: CONSULT, direction: de_escalatory, severity: 0}
  other: {category: other, plover: CONSULT, direction: neutral, severity: 0}
terms:
  en: {arrest: [{term: police, pattern: police}, {term: jail, pattern: jail}]}
  ka: {talks: [{term: talk, pattern: talk}]}
"""
LANGUAGES = ("en", "ka")


def lexicon(directory: Path) -> Lexicon:
    directory.mkdir()
    for language in LANGUAGES:
        (directory / f"{language}.yaml").write_text(f"language: {language}\n")
    (directory / "terms.yaml").write_text(LEXICON)
    return load_lexicon(directory, ("RUS", "AZE"))


def found(**changes: object) -> Hits:
    concepts = {("en", "arrest"): 3, ("ka", "other"): 2}
    made = Hits(concepts, {("en", "police"): 3}, {"en": Stored(9, 3), "ka": Stored(40, 2)})
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name the fields they change


def test_events_and_their_terms_are_counted_by_language(database: Database) -> None:
    georgian = replace(RELEVANT, language="ka")
    with database.write() as conn:
        store(
            conn,
            [
                classified(article(1)),
                classified(article(2, title="Quite different", text="Words of its own.")),
                classified(article(3, title="Council meets"), IRRELEVANT),
                classified(article(4, title="In Georgian", text="Of Tbilisi."), georgian),
            ],
            NOW,
        )
        counted = hits(conn, NOW - timedelta(days=1))
        assert counted.concepts == {("en", "arrest"): 2, ("ka", "arrest"): 1}
        assert counted.terms == {("en", "police"): 2, ("ka", "police"): 1}
        assert counted.languages == {"en": Stored(3, 2), "ka": Stored(1, 1)}
        assert hits(conn, NOW + timedelta(days=1)) == Hits({}, {}, {})


def test_every_language_and_concept_has_a_cell(tmp_path: Path) -> None:
    table = cells(lexicon(tmp_path / "l"), LANGUAGES, found())
    assert [(c.language, c.concept, c.terms, c.hits) for c in table] == [
        ("en", "arrest", 2, 3), ("en", "talks", 0, 0), ("en", "other", 0, 0),
        ("ka", "arrest", 0, 0), ("ka", "talks", 1, 0), ("ka", "other", 0, 2),
    ]  # fmt: skip
    unknown = cells(lexicon(tmp_path / "m"), LANGUAGES, None)
    assert {cell.hits for cell in unknown} == {None}


def test_a_language_that_is_stored_and_never_hit_is_a_fault_of_the_lexicon() -> None:
    (sentence,) = faults_of_lexicon(LANGUAGES, found())
    assert sentence.startswith("fault of the lexicon: 40 articles in ka are stored, 2 of them")
    assert not list(faults_of_lexicon(LANGUAGES, found(languages={"en": Stored(9, 3)})))


def test_what_was_never_hit_is_listed(tmp_path: Path) -> None:
    words = lexicon(tmp_path / "l")
    (never,) = observations(words, LANGUAGES, found())
    assert never == "1 of 3 concepts were never hit: talks."
    absent, _ = observations(words, LANGUAGES, found(languages={"en": Stored(9, 3)}))
    assert "no article is stored in ka" in absent
    assert list(idle_terms(words, found())) == [("en", "arrest", "jail"), ("ka", "talks", "talk")]


def test_a_fresh_home_is_told_that_nothing_is_stored(tmp_path: Path) -> None:
    fresh = Dyadwatch(tmp_path / "home")
    ran = fresh.command("profile", "check", "--json")
    assert ran.returncode == 0 and b"Nothing is stored yet" in ran.stderr
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    assert {row["kind"] for row in rows} == {"remark", "cell"}
    assert all(row["hits"] is None for row in rows if row["kind"] == "cell")
    assert not (tmp_path / "home").exists()


def test_a_home_with_articles_has_hits(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    database = Database(f"sqlite:///{home / 'dyadwatch.db'}")
    database.upgrade()
    now = clock.now()
    made = article(1, fetched=now, published=now)
    silent = article(2, fetched=now, published=now, title="Quite different", text="Of its own.")
    said = [classified(made, received_at=now)]
    said += [classified(silent, replace(IRRELEVANT, language="ka"), received_at=now)]
    with database.write() as conn:
        store(conn, said, now)
    database.dispose()
    ran = Dyadwatch(home).command("profile", "check", "--terms", "--days", "1")
    assert ran.returncode == 0, ran.stderr.decode()
    assert b"1 articles in ka are stored, 0 of them relevant" in ran.stderr
    arrest = next(line for line in ran.stdout.decode().splitlines() if " arrest " in line)
    assert "/1 " in arrest
