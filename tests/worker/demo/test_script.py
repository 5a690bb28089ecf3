"""The bundled crisis: invented publishers, marked texts, independent wordings."""

from itertools import combinations

import pytest

from worker.demo.history import alikeness, word_triples
from worker.demo.script import BYLINES, MARKS, DemoArticle, burst, newsrooms

LETTERS = {
    "az": set("abcçdeəfgğhxıijkqlmnoöprsştuüvyzw"),  # w: the name dyadwatch
    "en": set("abcdefghijklmnopqrstuvwxyzé"),
    "tr": set("abcçdefgğhıijklmnoöprsştuüvyzâw"),
    "ru": set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
}
LATIN_NAMES = {"dyadwatch", "sputnik"}
#: What a language has and its neighbours here have not, or hardly.
TELLING = {"az": "ə", "tr": "ı", "ru": "ы", "en": "w"}


def letters_of(article: DemoArticle) -> set[str]:
    text = f"{article.title} {article.text}".replace("İ", "i").lower()
    if article.language == "ru":
        for name in LATIN_NAMES:
            text = text.replace(name, "")
    return {letter for letter in text if letter.isalpha()}


def assert_is_written_in_its_language(article: DemoArticle) -> None:
    found = letters_of(article)
    assert found <= LETTERS[article.language], article.slug
    assert TELLING[article.language] in found, article.slug


def test_ten_invented_newsrooms_on_both_sides_in_turkey_and_the_world() -> None:
    rooms = newsrooms()
    assert len({room.id for room in rooms}) == len(rooms) == 10
    assert all("Demo" in room.name or "Демо" in room.name for room in rooms)
    assert {room.country for room in rooms} == {"AZ", "RU", "TR", "GB", "US"}
    assert {language for room in rooms for language in room.languages} == {"az", "ru", "tr", "en"}
    assert {room.feed for room in rooms} == {"rss", "atom"}


def test_the_burst_is_told_in_four_languages_by_all_newsrooms() -> None:
    own = [cue.article for cue in burst() if cue.article.wire is None]
    assert 16 <= len(own) <= 20
    assert {article.newsroom for article in own} == {room.id for room in newsrooms()}
    for language in MARKS:
        assert sum(article.language == language for article in own) >= 4


def test_every_article_is_in_a_language_of_its_newsroom() -> None:
    spoken = {room.id: room.languages for room in newsrooms()}
    for cue in burst():
        assert cue.article.language in spoken[cue.article.newsroom]
        assert_is_written_in_its_language(cue.article)


def test_every_article_says_that_it_is_a_demonstration() -> None:
    for cue in burst():
        mark = MARKS[cue.article.language]
        assert cue.article.paragraphs[-1] == mark
        assert cue.article.text.endswith(mark)
        assert cue.article.summary.endswith(mark)
    assert BYLINES.keys() == MARKS.keys()


def test_a_feed_entry_says_enough_to_be_judged_before_its_page_is_read() -> None:
    for cue in burst():
        assert len(cue.article.title) + len(cue.article.summary) >= 200, cue.article.slug


def test_one_wire_copy_is_reprinted_word_for_word() -> None:
    copies = [cue.article for cue in burst() if cue.article.wire is not None]
    assert len(copies) == 4
    assert len({article.newsroom for article in copies}) == 4
    assert len({(article.title, article.text) for article in copies}) == 1


def test_apart_from_the_wire_no_two_articles_share_their_wording() -> None:
    for one, other in combinations([cue.article for cue in burst()], 2):
        if one.wire is None or one.wire != other.wire:
            alike = alikeness(word_triples(one.text), word_triples(other.text))
            assert alike < 0.1, (one.slug, other.slug)


def test_addresses_are_unique_within_a_newsroom() -> None:
    places = [(cue.article.newsroom, cue.article.path) for cue in burst()]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("seconds", [10])
def test_the_burst_is_over_in_seconds(seconds: int) -> None:
    assert max(cue.after.total_seconds() for cue in burst()) < seconds
