"""Clauses, quotation marks and datelines."""

import pytest

from worker.classify.clauses import clause_of, dateline, quoted
from worker.classify.normalise import normalise
from worker.classify.words import cut


def words_of(text, language="en"):
    return cut(normalise(text, language))


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        ("BAKU, November 14. /Agency/. The ministry", "BAKU, November 14. "),
        ("MOSCOW (Agency) - Two men", "MOSCOW ("),
        ("МОСКВА, 28 июня. /Агентство/. Министр", "МОСКВА, 28 июня. "),
        ("Bakı. Agentlik: Nazir", "Bakı. "),
        ("Baku, Moscow agree on a railway", ""),
        ("Baku – Moscow relations are cool", ""),
        ("Moscow's police (the city's) came", ""),
    ],
)
def test_a_dateline_is_known_by_its_signs(text, begin):
    assert text[: dateline(text)] == begin


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("He said “they beat us” and left", ["they", "beat", "us"]),
        ("Он сказал: «нас били» и ушел", ["нас", "били"]),
        ("citing 'unlawful killings' in town", ["unlawful", "killings"]),
        ("Russia's and Baku's men don't talk", []),
    ],
)
def test_words_inside_quotation_marks(text, inside):
    words = words_of(text)
    places = quoted(words, len(words.words))
    assert [words.words[at] for at in sorted(places)] == inside


def test_a_clause_ends_at_signs_and_at_words_that_open_another():
    words = words_of("Baku protests, as Moscow detains two men while talks go on")
    detains = words.words.index("detains")
    openers = {words.words.index("as"), words.words.index("while")}
    assert clause_of(words, detains, detains, False, openers) == (2, 6)
    assert clause_of(words, 0, 0, False, openers) == (0, 1)


def test_a_comma_parts_no_clause_where_it_follows_the_subject():
    words = words_of("Bakü, Moskova'yı suçladı", "tr")
    assert clause_of(words, 2, 2, True, frozenset()) == (0, 2)
