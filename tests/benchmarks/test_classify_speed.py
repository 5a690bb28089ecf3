"""Articles a second through language, lexicon and events, on one core."""

import time

import psutil
import pytest

from worker.classify import Classifier
from worker.profile.loader import load_lexicon_of

LENGTH = 3_000
SECONDS = 3.0

#: Headline, lead, and what the rest of an ordinary page is made of.
PAGES = {
    "en": (
        "Azerbaijan summons Russian envoy over arrests",
        "The ministry in Baku handed the Russian diplomat a note of protest on Monday.",
        "The spokesman added that the two sides had been in contact for weeks and that a further "
        "meeting was planned before the end of the month. Residents of the quarter said that the "
        "street had been quiet. Prices in the shops went up again, traders told our reporter. ",
    ),
    "ru": (
        "Азербайджан вызвал посла России из-за арестов",
        "Дипломату в Баку вручили ноту протеста, сообщило министерство.",
        "Представитель ведомства добавил, что стороны поддерживают связь и до конца месяца "
        "планируют еще одну встречу. Жители квартала рассказали, что на улице было тихо. Цены в "
        "магазинах снова выросли, говорят продавцы. ",
    ),
    "az": (
        "Azərbaycan həbslərə görə Rusiya səfirini çağırıb",
        "Bakıda diplomata etiraz notası təqdim olunub, nazirlik məlumat yayıb.",
        "Nümayəndə əlavə edib ki, tərəflər əlaqə saxlayır və ayın sonuna qədər daha bir görüş "
        "planlaşdırılır. Məhəllə sakinləri küçənin sakit olduğunu deyirlər. Satıcıların sözlərinə "
        "görə, mağazalarda qiymətlər yenə qalxıb. ",
    ),
    "tr": (
        "Azerbaycan, tutuklamalar nedeniyle Rusya'nın büyükelçisini çağırdı",
        "Bakü'de diplomata protesto notası verildi, bakanlık açıklama yaptı.",
        "Sözcü, tarafların haftalardır temas halinde olduğunu ve ay sonuna kadar bir toplantı "
        "daha yapılacağını ekledi. Mahalle sakinleri sokağın sakin olduğunu söyledi. Satıcılara "
        "göre mağazalarda fiyatlar yine yükseldi. ",
    ),
}
OTHERS = {
    "en": ("City opens a park", "The mayor planted the first tree."),
    "ru": ("В городе открыли парк", "Мэр посадил первое дерево."),
    "az": ("Şəhərdə park açılıb", "İlk ağacı şəhər rəhbəri əkib."),
    "tr": ("Şehirde park açıldı", "İlk ağacı belediye başkanı dikti."),
}


def article(language: str, relevant: bool) -> dict[str, str]:
    title, lead, rest = PAGES[language]
    if not relevant:
        title, lead = OTHERS[language]
    return {"title": title, "text": f"{lead} {rest * (LENGTH // len(rest) + 1)}"[:LENGTH]}


def rate(classifier: Classifier, articles: list[dict[str, str]]) -> float:
    done, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < SECONDS / 6:
        for one in articles:
            classifier.classify(one)
        done += len(articles)
    return done / spent


@pytest.mark.benchmark
def test_articles_a_second_through_classify():
    begun = time.process_time()
    classifier = Classifier(load_lexicon_of("russia_azerbaijan"))
    print(f"\nlexicon: {time.process_time() - begun:.2f} s to load")
    for relevant in (True, False):
        for language in PAGES:
            sample = article(language, relevant)
            assert classifier.classify(sample).relevant is relevant
    for relevant, name in ((True, "relevant"), (False, "irrelevant")):
        for language in PAGES:
            print(f"{name} {language}: {rate(classifier, [article(language, relevant)]):,.0f}/s")
    mixed = [article(language, relevant) for language in PAGES for relevant in (True, False)]
    print(f"half and half, four languages: {rate(classifier, mixed):,.0f} articles/s")
    print(f"memory: {psutil.Process().memory_info().rss / 1e6:.0f} MB")
