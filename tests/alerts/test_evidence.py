"""A snapshot of evidence: the same facts give the same hash, and what changes is noticed."""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from alerts.canonical import canonical
from alerts.evidence import (
    EvidenceArticle,
    EvidenceStory,
    Sentence,
    SideCounts,
    Snapshot,
    StoredWords,
    Versions,
    verify,
    words_hash,
)
from alerts.finding import Finding
from alerts.notification import Country, Heard, Proof
from alerts.render_evidence import difference_in_words, proof_in_words, since_in_words, tally
from alerts.render_snapshot import snapshot_in_words

MORNING = datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
NOON = MORNING + timedelta(hours=3)
TITLE, TEXT = "Altı nəfər həbs edilib", "Polis iki qardaşı həbs edib. Axtarış davam edir."


def article(key: str = "a1", **changes: object) -> EvidenceArticle:
    made = EvidenceArticle(
        key=key,
        url=f"https://apa.example/{key}",
        title=TITLE,
        newsroom="apa",
        side="AZE",
        language="az",
        published=MORNING,
        first_seen=MORNING,
        fetched=MORNING,
        stage="page",
        story="s1",
        content_hash=words_hash(TITLE, TEXT),
        sentences=(Sentence("text", "Polis iki qardaşı həbs edib.", ((18, 27),)),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name the fields they change


def stored(key: str = "a1", **changes: object) -> StoredWords:
    made = StoredWords(key, f"https://apa.example/{key}", TITLE, TEXT, "page", 0, NOON)
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def snapshot(make_finding: Callable[..., Finding]) -> Snapshot:
    return Snapshot(
        episode="raid-spike-20250628T0914",
        opened_at=MORNING,
        taken_at=MORNING,
        severity="warning",
        finding=make_finding(usual=(0, 3), left=6),
        articles=(article(),),
        stories=(EvidenceStory("s1", ("a1",), ("apa",)),),
        sides=(SideCounts("AZE", 1, 1, ("apa",)),),
        heard=(Heard(Country("AZE", "Azerbaijan"), 11, 14), Heard(None, 3, 3)),
        versions=Versions("1.0", "a profile", "0" * 64, "1" * 64, "2" * 64),
    )


def test_the_digest_is_the_sha_256_of_what_is_kept(snapshot: Snapshot) -> None:
    assert snapshot.digest == sha256(snapshot.body.encode()).hexdigest()
    assert json.loads(snapshot.body)["finding"]["count"] == 9


def test_the_same_facts_are_the_same_text_however_they_are_written(snapshot: Snapshot) -> None:
    baku = timezone(timedelta(hours=4))
    there = replace(snapshot, taken_at=MORNING.astimezone(baku))
    apart = replace(article(), title=unicodedata.normalize("NFD", TITLE))
    assert replace(there, articles=(apart,)).digest == snapshot.digest


def test_every_number_makes_a_difference(snapshot: Snapshot) -> None:
    for changed in (
        replace(snapshot, finding=replace(snapshot.finding, expected=0.5)),
        replace(snapshot, heard=()),
        replace(snapshot, versions=replace(snapshot.versions, rules_digest="3" * 64)),
        replace(snapshot, articles=(article(title="Another"),)),
    ):
        assert changed.digest != snapshot.digest


def test_canonical_json_is_sorted_composed_and_in_utc() -> None:
    record = {
        "b": timedelta(hours=2), "a": MORNING, "é": ("e\u0301", 0.5, float("inf")), "d": NOON.date()
    }  # fmt: skip
    assert canonical(record) == (
        '{"a":"2025-06-28T09:14:00Z","b":7200.0,"d":"2025-06-28","é":["é",0.5,null]}'
    )
    assert canonical("half a pair \ud800") == '"half a pair "'
    with pytest.raises(TypeError, match="set"):
        canonical({1, 2})


def kinds(snapshot: Snapshot, words: StoredWords | None) -> list[str]:
    return [one.kind for one in verify(snapshot, {"a1": words} if words else {})]


def test_what_still_says_the_same_is_unchanged(snapshot: Snapshot) -> None:
    assert kinds(snapshot, stored()) == ["unchanged"]
    apart = unicodedata.normalize("NFD", TEXT)
    assert kinds(snapshot, stored(text=apart)) == ["unchanged"]


def test_an_edit_says_what_it_took_away(snapshot: Snapshot) -> None:
    (edited,) = verify(snapshot, {"a1": stored(title="Altı nəfər saxlanılıb", text="Heç nə.")})
    assert (edited.kind, edited.at, edited.stand) == ("edited", NOON, (False,))
    assert difference_in_words(edited) == (
        "apa, “Altı nəfər həbs edilib”: edited (noticed 2025-06-28 12:14 UTC+00:00); its headline "
        "is “Altı nəfər saxlanılıb” now; what was quoted is not in it any more."
    )


def test_a_sentence_that_still_stands_is_said_to_stand_whatever_its_spaces(
    snapshot: Snapshot,
) -> None:
    text = "Yenilənib. Polis  iki\nqardaşı həbs edib. Axtarış davam edir."
    (edited,) = verify(snapshot, {"a1": stored(text=text)})
    assert edited.stand == (True,)
    assert difference_in_words(edited).endswith("; what was quoted still stands in it.")


def test_a_sentence_that_was_cut_is_looked_for_without_its_marks(snapshot: Snapshot) -> None:
    cut = article(sentences=(Sentence("text", "…iki qardaşı həbs edib.…"),))
    again = replace(snapshot, articles=(cut,))
    (edited,) = verify(again, {"a1": stored(text=f"{TEXT} Və bir söz.")})
    assert edited.stand == (True,)


def test_a_page_that_was_read_after_its_feed_is_no_edit(snapshot: Snapshot) -> None:
    early = replace(snapshot, articles=(article(stage="feed", content_hash=words_hash(TITLE, "")),))
    (read,) = verify(early, {"a1": stored()})
    assert read.kind == "read"
    assert "its page was read after the alert; what was quoted" in difference_in_words(read)
    assert kinds(early, stored(edits=1)) == ["edited"]


def test_a_deleted_page_is_noticed_whether_it_was_edited_before_or_not(
    snapshot: Snapshot,
) -> None:
    assert kinds(snapshot, stored(gone_at=NOON)) == ["deleted"]
    assert kinds(snapshot, stored(text="Heç nə.", gone_at=NOON)) == ["edited", "deleted"]
    (gone,) = verify(snapshot, {"a1": stored(gone_at=NOON)})
    assert difference_in_words(gone).endswith(
        "its page was deleted (noticed 2025-06-28 12:14 UTC+00:00)."
    )


def test_an_address_that_was_merged_names_the_new_one(snapshot: Snapshot) -> None:
    (merged,) = verify(snapshot, {"a1": stored("a9")})
    assert (merged.kind, merged.url) == ("merged", "https://apa.example/a9")
    assert "is https://apa.example/a9 now; what was quoted still stands" in (
        difference_in_words(merged)
    )


def test_what_is_not_stored_any_more_is_missing_and_no_edit(snapshot: Snapshot) -> None:
    differences = verify(snapshot, {})
    assert [one.kind for one in differences] == ["missing"]
    assert tally(differences) == (0, 0)
    assert "is not stored any more." in difference_in_words(differences[0])


@pytest.mark.parametrize(
    ("edited", "deleted", "said"),
    [
        (0, 0, None),
        (2, 1, "2 of 9 articles were edited after the alert, 1 was deleted"),
        (1, 0, "1 of 9 articles was edited after the alert"),
        (0, 3, "3 of 9 articles were deleted after the alert"),
    ],
)
def test_one_line_says_what_became_of_the_evidence(
    edited: int, deleted: int, said: str | None
) -> None:
    proof = Proof("1a2b3c4d5e6f" + "0" * 52, MORNING, 9, edited, deleted)
    assert since_in_words(proof) == said
    assert proof_in_words(proof) == "sha256 1a2b3c4d5e6f…, taken 2025-06-28 09:14 UTC+00:00"


def test_a_snapshot_can_be_read_by_a_person(snapshot: Snapshot) -> None:
    day = article("a2", published=date(2025, 6, 28), side=None, title="")
    told = "\n".join(snapshot_in_words(replace(snapshot, articles=(article(), day)), "ab" * 32))
    for words in (
        "Episode raid-spike-20250628T0914, as of 2025-06-28 09:14 UTC+00:00",
        "ab" * 32,
        "9 stories by 5 newsrooms in 2 h",
        "0 to 3 stories in 9 of 10 such windows",
        "3 or more raise an alert",
        "apa: yes (left: 6, limit 3)",
        "AZE: 1 article, 1 story, 1 newsroom",
        "Azerbaijan: 11 of 14 sources healthy",
        "elsewhere: 3 of 3 sources healthy",
        "dyadwatch 1.0, profile a profile",
        "> Polis iki qardaşı *həbs edib*.",
        "apa: (without a title)",
        "published 2025-06-28, first seen",
    ):
        assert words in told, words
