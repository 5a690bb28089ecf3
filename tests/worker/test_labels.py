"""Labels as lines: what is written can be read back, and what cannot be meant is named."""

import json

import pytest

from worker.article_lines import LineFault
from worker.labels import LabelError, Labelled, Vocabulary, checked, labelled_record, read_labelled

KNOWN = Vocabulary(("AAA", "BBB"), {"legal_action", "other"})


def test_what_is_written_is_read_back() -> None:
    labels = {"relevant": True, "initiator": None, "categories": ("other",), "severity": 0}
    one = Labelled("1", "Title", "Text.", "en", True, "https://a.example/1", "s1", labels)
    line = json.dumps(labelled_record(one)).encode()
    assert list(read_labelled([line, b"\n"], KNOWN)) == [one]


def test_a_label_that_nobody_gave_is_absent() -> None:
    assert "initiator" not in labelled_record(Labelled("1", "t", "", labels={"relevant": True}))


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"relevant": "yes"}, "true or false"),
        ({"direction": "up"}, "de_escalatory"),
        ({"severity": 5}, "0 to 4"),
        ({"severity": True}, "0 to 4"),
        ({"initiator": "CCC"}, "AAA, BBB"),
        ({"categories": ["sport"]}, "legal_action"),
        ({"categories": "other"}, "a list"),
        ({"categories": [["other"]]}, "a list"),
        ({"categories": [{}]}, "a list"),
        ({"relevant": False, "severity": 2}, "not relevant"),
    ],
)
def test_what_cannot_be_meant_is_named(given: dict[str, object], word: str) -> None:
    with pytest.raises(LabelError, match=word):
        checked(given, KNOWN)


def test_nothing_follows_from_an_irrelevant_article() -> None:
    empty = {"relevant": False, "direction": "neutral", "severity": 0, "categories": []}
    assert checked(empty, KNOWN) == {"relevant": False}


def test_another_label_takes_relevance_for_granted() -> None:
    assert Labelled("1", "t", "", labels={"severity": 1}).relevant is True
    assert Labelled("1", "t", "", labels={"relevant": False}).relevant is False
    assert Labelled("1", "t", "").relevant is None


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"{", "not a JSON object"),
        (b"[1]", "not a JSON object"),
        (b'{"title": "t", "relevant": true, "tilte": 1}', "tilte"),
        (b'{"title": 1, "relevant": true}', "title"),
        (b'{"relevant": true}', "one of them"),
        (b'{"title": "t", "relevant": true, "topical": "false"}', "topical"),
        (b'{"title": "t"}', "no label"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(line: bytes, word: str) -> None:
    good = b'{"title": "t", "relevant": true}'
    fault, read = read_labelled([line, good], KNOWN)
    assert isinstance(fault, LineFault) and fault.number == 1 and word in fault.sentence
    assert isinstance(read, Labelled)
