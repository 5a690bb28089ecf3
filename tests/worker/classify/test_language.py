"""Which language a headline is written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.classify.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Baku recalls its envoy and the ministry is silent", "en"),
        ("Москва не комментирует закрытие школы", "ru"),
        ("Bakıda iki nəfər saxlanılıb", "az"),
        ("Бакыда ики нәфәр сахланылыб", "az"),
        ("Бакыда јени јол ачылды", "az"),
        ("Bakü'de iki kişi gözaltına alındı", "tr"),
        ("Lavrov ile Bayramov Moskova'da görüştü", "tr"),
        ("У Києві пошкоджено посольство", "uk"),
        ("Բաքվում ձերբակալվել է երկու մարդ", "hy"),
        ("ბაქოში ორი ადამიანი დააკავეს", "ka"),
        ("دو نفر در باکو بازداشت شدند", "fa"),
        ("Die Regierung in Berlin hat sich dazu nicht geäußert", "de"),
        ("Le ministère refuse de commenter", "fr"),
        ("東京で首脳会談", "ja"),
        ("צוות המטוס נעצר", "he"),
        ("سفیر کو طلب کر لیا گیا ہے", "ur"),
        ("Ўзбекистон ташқи ишлар вазири Бокуда", "uz"),
    ],
)
def test_headlines(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        # No ы and no і: little words and endings are all there is.
        ("Мы вас ждали к обеду", "ru"),
        ("Захарова назвала это провокацией", "ru"),
        ("Посол отказался говорить", "ru"),
        ("Чому вона про це мовчала", "uk"),
        ("Посла викликали для пояснень", "uk"),
        ("Вiн не мав що вiдповiсти", "uk"),  # a Latin i
        # No ə, q or x.
        ("Moskvada görüş keçirildi", "az"),
        ("Bakıda rus evi bağlanır", "az"),
        ("BAKIDA JURNALİST SAXLANILDI", "az"),
        ("Rusiya sefirine nota verildi, nazir danisdi", "az"),
        ("Rusya'da onlarca Azerbaycanlı gözaltına alındı", "tr"),
        ("BAKÜ'DE RUS EVİ KAPATILDI", "tr"),
        ("Putin, Aliyev'den özür diledi", "tr"),
        ("\uff34\uff48\uff45 envoy was summoned to the ministry", "en"),  # full width
        # Names of the region in an English headline.
        ("Putin, Aliyev speak by phone", "en"),
    ],
)
def test_twins_are_told_apart(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "12 345", "!!! …", "\u0000"])
def test_what_cannot_be_told_is_und(text):
    assert language_of(text) == "und"


def test_a_declared_language_decides_for_a_text_too_short_to_tell():
    assert language_of("Sputnik", ["tr"]) == "tr"


def test_a_source_of_several_languages_decides_between_them(classifier):
    short = {"title": "Sputnik"}
    assert classifier.classify(short, ["az", "ru"]).language == "az"
    assert classifier.classify(short | {"language": "ru"}, ["az", "ru"]).language == "ru"


def test_a_declared_language_never_overrides_the_letters():
    assert language_of("Bakıda iki nəfər saxlanılıb", ["ru"]) == "az"


@given(st.text(max_size=80))
def test_any_text_gets_a_code(text):
    assert 2 <= len(language_of(text)) <= 3
