"""The pattern language: what a pattern stands for, and what is said of a broken one."""

import pytest

from worker.classify.match import Hit, Matcher
from worker.classify.normalise import normalise
from worker.classify.pattern import PatternError, unfold
from worker.classify.words import cut


def found(
    pattern: str, text: str, endings: tuple[str, ...] = (), language: str = "en"
) -> list[str]:
    matcher = Matcher((0, steps) for steps in unfold(pattern, endings, language))
    words = cut(normalise(text, language))
    spans = [words.span(hit.first, hit.last) for hit in matcher.find(words, text)]
    return [text[start:end] for start, end in spans]


def test_a_word_matches_as_a_whole_only():
    assert found("raid", "A raid. Raiders afraid of raids.") == ["raid"]


def test_a_star_takes_any_ending():
    assert found("задерж*", "Задержаны трое, задержание прошло тихо", language="ru") == [
        "Задержаны",
        "задержание",
    ]


def test_a_plus_takes_only_the_listed_endings():
    assert found("bakı+", "Bakıda, Bakının, bakıcı", ("da", "nın"), "az") == ["Bakıda", "Bakının"]


def test_a_gap_spans_up_to_four_words_and_no_sentence_end():
    assert found("summon* ~ ambassador", "They summoned the new Russian chief ambassador.") == [
        "summoned the new Russian chief ambassador"
    ]
    assert found("summon* ~ ambassador", "He was summoned. The ambassador left.") == []
    assert found("summon* ~ ambassador", "summoned one two three four five ambassador") == []


def test_alternatives_may_be_empty_and_stand_inside_a_word():
    assert found("(|de)escalat*", "Escalation or deescalation") == ["Escalation", "deescalation"]
    assert found("new (|big )deal", "new deal, new big deal") == ["new deal", "new big deal"]


def test_a_word_in_capitals_wants_capitals():
    assert found("DİN", "DİN bildirib ki, din azaddır", language="az") == ["DİN"]


def test_an_ending_behind_an_apostrophe_belongs_to_the_word():
    assert found("rusya", "Rusya'nın elçisi", language="tr") == ["Rusya'nın"]


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("(raid", "never closed"),
        ("raid)", "no opening"),
        ("~ raid", "both sides"),
        ("raid ~", "both sides"),
        ("raid ~ ~ office", "both sides"),
        ("[raid]", "has no meaning"),
        ("raid.", "has no meaning"),
        (r"\braid\b", "has no meaning"),
        ("raid**", "more than one mark"),
        ("*", "stands alone"),
        ("a ~ b ~ c ~ d ~ e", "more than 3 gaps"),
        ("bakı+", "lists none"),
        ("", "without any word"),
        ("raid|", "without any word"),
        ("(a|b|c|d|e|f|g|h) " * 6, "more than"),
    ],
)
def test_a_broken_pattern_is_named(pattern, complaint):
    with pytest.raises(PatternError, match=complaint):
        unfold(pattern)


def test_a_hostile_text_costs_no_more_than_its_length():
    matcher = Matcher((0, steps) for steps in unfold("a* ~ a* ~ a* ~ b"))
    words = cut(normalise("a " * 5_000, "en"))
    assert matcher.find(words, "a " * 5_000) == []


def test_hits_come_in_reading_order():
    matcher = Matcher((n, steps) for n, p in enumerate(("c", "a ~ c")) for steps in unfold(p))
    text = "a b c"
    assert matcher.find(cut(normalise(text, "en")), text) == [Hit(1, 0, 2), Hit(0, 2, 2)]
