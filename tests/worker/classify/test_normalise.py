"""Comparable text, and the way back to the original's code points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.classify.normalise import normalise
from worker.classify.words import cut

LANGUAGES = ["en", "ru", "az", "tr", "fa", "ka", "hy", "uk", "und"]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("İSTANBUL IŞIK", "tr", "istanbul ışık"),
        ("IŞIQ İdarə", "az", "ışıq idarə"),
        ("Азәрбајҹан", "az", "azərbaycan"),
        ("Королёв", "ru", "королев"),
        ("зв'язок об’єкт", "uk", "звязок обєкт"),
        ("علي‌اف كبير", "fa", "علی اف کبیر"),
        ("آذربایجان إیران", "fa", "اذربایجان ایران"),
        ("և եւ", "hy", "և և"),
        ("Պուտին. «Այո»: Ալիև", "hy", "պուտին: «այո»։ ալիև"),
        ("SOCAR-ın XİN-ə", "az", "socar'ın xin'ə"),
        ("cafe\u0301", "en", "café"),
        ("\uff22\uff41\uff4b\uff55 e\ufb03gy \U0001d401aku № 7…", "en", "baku effigy baku № 7…"),
        ("\ufe91\ufe8e\ufb90\ufeee", "fa", "باکو"),
        ("co\u00adop\u200bera\u200ftion", "en", "cooperation"),
    ],
)
def test_what_a_text_becomes(text, language, expected):
    assert normalise(text, language).text == expected


def test_a_span_leads_back_over_dropped_and_composed_signs():
    text = "a\u00adb cafe\u0301s x"
    normalised = normalise(text, "en")
    start = normalised.text.index("cafés")
    begin, end = normalised.span(start, start + len("cafés"))
    assert text[begin:end] == "cafe\u0301s"


@given(text=st.text(max_size=200), language=st.sampled_from(LANGUAGES))
def test_every_word_lies_inside_the_original(text, language):
    words = cut(normalise(text, language))
    last = 0
    for at in range(len(words.words)):
        start, end = words.span(at, at)
        assert last <= start < end <= len(text)
        last = start
