"""Near-duplicates, in four languages and down to a headline."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from crawler.article import Article
from worker.classify import Classifier
from worker.profile.loader import load_lexicon_of
from worker.stories import cluster as cluster_articles
from worker.stories.index import TellingIndex, story_of
from worker.stories.sketch import BANDS, Sketch, similarity, sketch

NOON = datetime(2025, 6, 28, 12, tzinfo=UTC)

TEXTS = {
    "en": (
        "Police in Yekaterinburg detained several members of one family before dawn on Friday. "
        "Two of them died in custody, their relatives said, and the consulate has asked for an "
        "explanation. Lawyers expect a first hearing on Monday at the district court of the city. "
        "Neighbours described how officers forced the doors and searched the flats for hours, and "
        "a spokesman for the regional investigators confirmed the operation without giving any "
        "number of those who are held."
    ),
    "ru": (
        "Полиция Екатеринбурга на рассвете в пятницу задержала нескольких членов одной семьи. "
        "Двое из них, по словам родственников, скончались под стражей, и консульство потребовало "
        "объяснений. Адвокаты ждут первого заседания в понедельник в районном суде города. Соседи "
        "рассказали, как сотрудники выламывали двери и часами обыскивали квартиры, а представитель "
        "следствия подтвердил операцию, не назвав числа задержанных."
    ),
    "az": (
        "Yekaterinburqda polis cümə günü səhər tezdən bir ailənin bir neçə üzvünü saxlayıb. "
        "Qohumların dediyinə görə, onlardan ikisi həbsdə ölüb və konsulluq izahat tələb edib. "
        "Vəkillər ilk iclası bazar ertəsi şəhərin rayon məhkəməsində gözləyirlər. Qonşular "
        "əməkdaşların qapıları necə sındırdığını və mənzilləri saatlarla axtardığını danışıblar, "
        "istintaqın nümayəndəsi isə əməliyyatı təsdiqləyib, saxlanılanların sayını açıqlamayıb."
    ),
    "tr": (
        "Yekaterinburg'da polis cuma günü şafak vakti bir ailenin birkaç üyesini gözaltına aldı. "
        "Yakınlarının söylediğine göre ikisi gözaltında öldü ve konsolosluk açıklama istedi. "
        "Avukatlar ilk duruşmayı pazartesi günü kentin bölge mahkemesinde bekliyor. Komşular "
        "memurların kapıları nasıl kırdığını ve daireleri saatlerce aradığını anlattı, soruşturma "
        "sözcüsü ise operasyonu doğruladı ancak gözaltına alınanların sayısını vermedi."
    ),
}


def reprint(text: str) -> str:
    """What a second newsroom makes of a wire text: a byline before it, a few words gone."""
    words = text.split()
    return "(Agency) " + " ".join(words[:20] + words[21:-3])


def cluster(articles: Sequence[tuple[str, datetime, Sketch]]) -> dict[str, str]:
    """The story of each key, over one index."""
    index = TellingIndex()
    return {key: index.place(key, "page", at, words).telling for key, at, words in articles}


def alike(one: str, other: str) -> float:
    return similarity(sketch("", one).signature, sketch("", other).signature)


@pytest.mark.parametrize("language", TEXTS)
def test_a_reprint_is_a_near_duplicate_in_every_script(language: str) -> None:
    text = TEXTS[language]
    assert alike(text, reprint(text)) >= 0.7
    assert cluster(
        [("a", NOON, sketch("One title", text)), ("b", NOON, sketch("Another", reprint(text)))]
    ) == {"a": story_of("a"), "b": story_of("a")}


def test_different_reports_of_one_happening_are_not() -> None:
    other = TEXTS["en"].split(". ")
    random.Random(1).shuffle(other)
    half = ". ".join(other[:2]) + " The ambassador was summoned in the afternoon and handed a note."
    assert alike(TEXTS["en"], half) < 0.7
    for language in ("ru", "az", "tr"):
        assert alike(TEXTS["en"], TEXTS[language]) < 0.1


def test_case_punctuation_and_line_breaks_make_no_difference() -> None:
    text = TEXTS["ru"]
    assert alike(text, text.upper().replace(".", " !\n\n")) == 1.0


def test_equal_headlines_match_and_one_other_name_does_not() -> None:
    summoned = "Baku summons the Russian ambassador over deaths in custody"
    assert sketch(summoned, "") == sketch(summoned.upper() + "!", "")
    keys = [
        ("a", NOON, sketch(summoned, "")),
        ("b", NOON, sketch(summoned, "")),
        ("c", NOON, sketch("Baku summons the Iranian envoy over deaths in custody", "")),
    ]
    assert cluster(keys) == {"a": story_of("a"), "b": story_of("a"), "c": story_of("c")}


def test_a_formula_says_nothing_about_the_story() -> None:
    assert sketch("Breaking news", "") == Sketch()
    assert sketch("", "") == Sketch()
    assert set(cluster([(key, NOON, sketch("Breaking news", "")) for key in "abc"]).values()) == {
        story_of(key) for key in "abc"
    }


def test_a_sketch_is_the_same_in_every_process() -> None:
    made = sketch("A headline of exactly these words", "and a text")
    assert len(made.bands) == BANDS
    assert made.bands[0] == 5836411038066302702
    assert all(-(2**63) <= band < 2**63 for band in made.bands)


def test_the_same_input_gives_the_same_identifiers() -> None:
    articles = [
        (f"{n:032x}", NOON, sketch(f"Title {n}", TEXTS[lang] + f" {n}"))
        for n, lang in enumerate([*TEXTS, *TEXTS])
    ]
    assert cluster(articles) == cluster(articles)
    assert len(set(cluster(articles).values())) == 4


def test_a_text_that_returns_after_a_fortnight_is_another_story() -> None:
    same = sketch("", TEXTS["az"])
    later = NOON + timedelta(days=15)
    stories = cluster([("a", NOON, same), ("b", later, same), ("c", later, same)])
    assert stories == {"a": story_of("a"), "b": story_of("b"), "c": story_of("b")}


def test_an_entry_opens_a_story_and_its_page_moves_to_the_one_that_it_repeats() -> None:
    index = TellingIndex()
    full = sketch("", TEXTS["en"])
    first = index.place("wire", "page", NOON, full)
    entry = index.place("copy", "feed", NOON, sketch("A headline of its own making here", ""))
    assert entry.telling == story_of("copy")
    page = index.place("copy", "page", NOON, full, current=entry.telling)
    assert page.telling == first.telling


def test_an_article_stays_in_its_story_when_its_page_repeats_nobody() -> None:
    index = TellingIndex()
    title = "A headline that two newsrooms took from one wire"
    index.place("a", "feed", NOON, sketch(title, ""))
    joined = index.place("b", "feed", NOON, sketch(title, ""))
    assert joined.telling == story_of("a")
    page = index.place("b", "page", NOON, sketch("", TEXTS["tr"]), current=joined.telling)
    assert page.telling == story_of("a")


def test_a_thousand_copies_leave_as_many_bands_as_one() -> None:
    index = TellingIndex()
    same = sketch("", TEXTS["ru"])
    placements = [index.place(f"copy{n}", "page", NOON, same) for n in range(1000)]
    assert sum(len(placement.new_bands) for placement in placements) == BANDS
    assert {placement.telling for placement in placements} == {story_of("copy0")}


def test_recall_of_light_edits() -> None:
    words = [f"word{n}" for n in range(2000)]
    chance = random.Random(7)
    found = 0
    for n in range(200):
        text = chance.choices(words, k=250)
        edited = [chance.choice(words) if chance.random() < 0.04 else word for word in text]
        pair = [
            ("a", NOON, sketch("", " ".join(text))),
            ("b", NOON, sketch(f"Report {n}", " ".join(edited))),
        ]
        found += len(set(cluster(pair).values())) == 1
    assert found >= 190


def test_what_comes_twice_is_one_story_and_a_translation_is_too() -> None:
    def article(name: str, text: str, **more: object) -> Article:
        url = f"https://news.example/{name}"
        return Article(url, url, "s", "n", NOON, title="T", text=text, **more)  # type: ignore[arg-type]

    given = [
        article("1", TEXTS["en"], id="a"),
        article("2", TEXTS["ru"], published=NOON.date()),
        article("3", reprint(TEXTS["en"]), published=NOON.replace(year=2999)),
        article("2", TEXTS["ru"]),
        article("4", ""),
    ]
    classifier = Classifier(load_lexicon_of("russia_azerbaijan"))
    ids, stories = zip(*cluster_articles(given, classifier), strict=True)
    assert ids == ("a", *(f"https://news.example/{n}" for n in (2, 3, 2, 4)))
    assert stories[0] == stories[1] == stories[2] == stories[3]
    assert stories[4] != stories[0]
    assert list(cluster_articles(given, classifier)) == list(zip(ids, stories, strict=True))
