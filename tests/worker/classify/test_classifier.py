"""What an article says: parties, direction, severity and proof, in four languages."""

from collections import Counter
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.classify import Classification, Classifier, Lexicon, classify
from worker.classify.normalise import normalise
from worker.classify.words import LONGEST_SENTENCE, cut
from worker.trouble import Trouble


def told(classifier: Classifier, title: str, text: str = "", **more: object) -> Classification:
    return classifier.classify({"title": title, "text": text, **more})


@pytest.mark.parametrize(
    ("title", "concept", "initiator", "target"),
    [
        ("Azerbaijan summons Russian envoy", "diplomatic_protest", "AZE", "RUS"),
        ("Russian ambassador to Azerbaijan summoned in Baku", "diplomatic_protest", "AZE", "RUS"),
        ("Azerbaijan's envoy summoned to Russian ministry", "diplomatic_protest", "RUS", "AZE"),
        ("Azerbaijani journalist detained by Russian police", "journalist_arrest", "RUS", "AZE"),
        ("Baku police detain Russian citizens", "arrest", "AZE", "RUS"),
        ("Azerbaijani citizens detained in Moscow", "arrest", "RUS", "AZE"),
        ("Moscow accuses Baku of ingratitude", "accusation", "RUS", "AZE"),
        ("Вызван посол Азербайджана в России", "diplomatic_protest", "RUS", "AZE"),
        ("Азербайджан вызвал посла России", "diplomatic_protest", "AZE", "RUS"),
        ("Граждане Азербайджана задержаны в Москве", "arrest", "RUS", "AZE"),
        ("Россия запретила ввоз яблок из Азербайджана", "sanction_or_embargo", "RUS", "AZE"),
        ("Москва обвинила Баку в неблагодарности", "accusation", "RUS", "AZE"),
        ("Rusiya Azərbaycanın səfirini XİN-ə çağırıb", "diplomatic_protest", "RUS", "AZE"),
        ("Moskvada azərbaycanlı jurnalist saxlanılıb", "journalist_arrest", "RUS", "AZE"),
        ("Azərbaycan polisi Rusiya vətəndaşını həbs edib", "arrest", "AZE", "RUS"),
        ("Rusya Azerbaycan Büyükelçisini Dışişleri'ne çağırdı", "diplomatic_protest", "RUS", "AZE"),
        ("Bakü'de Rus gazeteci gözaltına alındı", "journalist_arrest", "AZE", "RUS"),
        ("Moskova, Bakü'yü suçladı", "accusation", "RUS", "AZE"),
    ],
)  # fmt: skip
def test_who_did_it_to_whom(classifier, title, concept, initiator, target):
    main = told(classifier, title).events[0]
    assert (main.concept, main.initiator, main.target) == (concept, initiator, target)
    assert main.main


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Russian drones strike Odesa port", "Ukraine said two people were hurt."),
        (
            "Yerevan and Baku publish the text of the treaty",
            "Armenia and Azerbaijan will sign in spring.",
        ),
        (
            "Azerbaijani and Russian boxers meet in the final",
            "The tournament ends on Sunday, the coach said.",
        ),
        ("OPEC+: Russia, Kazakhstan, Azerbaijan, Oman and Kuwait to raise output", ""),
        ("Министры Ирана и Азербайджана открыли мост", "Мост соединил два берега Аракса."),
        ("Rusiya Ukraynaya raket atıb", "Kiyevdə yanğın olub."),
        ("Azerbaycan ile Türkiye arasında yeni otoyol", "Yol Nahçıvan'a uzanacak."),
    ],
)
def test_what_is_about_others_stays_out(classifier, title, text):
    classified = told(classifier, title, text)
    assert not classified.relevant
    assert classified.events == ()
    assert classified.reason


def test_names_in_a_box_of_related_links_do_not_count(classifier):
    text = "The mayor opened a park.\nRead also\nRussia expels Azerbaijani diplomats\nBaku protests"
    assert not told(classifier, "Baku plants a thousand trees", text).relevant


def test_a_topical_source_skips_the_filter(classifier):
    assert told(classifier, "Envoy summoned over deaths", topical=True).relevant


@pytest.mark.parametrize(
    ("title", "concept"),
    [
        ("Azerbaijan demands apology from Russia", "demand"),
        ("Russia refuses to apologise to Azerbaijan", "refusal"),
        ("Азербайджан ждет извинений от России", "demand"),
        ("Азербайджан требует от России освободить журналиста", "demand"),
        ("Azərbaycan Rusiyadan üzr istəməsini gözləyir", "demand"),
        ("Azerbaycan Rusya'dan özür talep etti", "demand"),
    ],
)
def test_an_apology_that_is_asked_for_is_none(classifier, title, concept):
    classified = told(classifier, title)
    assert classified.events[0].concept == concept
    assert (classified.direction, classified.severity) == ("escalatory", 1)


@pytest.mark.parametrize(
    "title",
    [
        "Russia did not arrest Azerbaijani journalists",
        "Россия не задерживала азербайджанских журналистов",
        "Russia has no plans to close Azerbaijani consulate",
    ],
)
def test_what_was_negated_did_not_happen(classifier, title):
    assert all(event.severity < 2 for event in told(classifier, title).events)


@pytest.mark.parametrize(
    "title",
    [
        "Kremlin denies arresting Azerbaijani journalists",
        "Кремль опроверг аресты азербайджанцев в Москве",
        "Kreml azərbaycanlıların həbsini təkzib edib",
        "Kremlin Azerbaycanlıların tutuklandığı haberini yalanladı",
    ],
)
def test_a_denial_is_words_and_neutral(classifier, title):
    classified = told(classifier, title)
    assert (classified.direction, classified.severity) == ("neutral", 1)


@pytest.mark.parametrize(
    "title",
    [
        "Russia may ban imports of fruit from Azerbaijan",
        "Баку может закрыть российскую школу",
        "Moscow threatens to suspend flights to Azerbaijan",
    ],
)
def test_what_may_happen_is_words(classifier, title):
    classified = told(classifier, title)
    assert (classified.direction, classified.severity) == ("escalatory", 1)


def test_background_is_not_the_main_happening(classifier):
    classified = told(classifier, "Putin and Aliyev meet for first time after downing of plane")
    assert classified.events[0].concept == "talks_or_meeting"
    assert classified.initiator == "both"


@pytest.mark.parametrize(
    "title",
    [
        "Analysis: what the raid on Azerbaijanis means for Russia",
        "Политолог: аресты азербайджанцев изменят отношения с Россией",
        "Təhlil: Rusiyada azərbaycanlıların həbsi nə deməkdir",
        "Analiz: Rusya'da Azerbaycanlıların tutuklanması ne anlama geliyor",
    ],
)
def test_comment_is_analysis(classifier, title):
    classified = told(classifier, title)
    assert [event.category for event in classified.events] == ["analysis_or_history"]
    assert classified.severity <= 2


def test_deaths_make_the_gravest_severity(classifier):
    raid = "Russian police raid homes of Azerbaijanis in Ufa"
    assert told(classifier, raid).severity == 3
    assert told(classifier, raid + ", one man killed").severity == 4


def test_a_release_undoes_the_arrest_and_keeps_its_category(classifier):
    classified = told(classifier, "Azerbaijan frees jailed Russian journalists")
    assert (classified.direction, classified.severity) == ("de_escalatory", 0)
    assert {event.category for event in classified.events} >= {
        "diplomacy_or_deescalation",
        "detention_or_raid",
    }
    assert {event.direction for event in classified.events} == {"de_escalatory"}


def test_a_third_country_s_act_is_other(classifier):
    title = "Ukraine accuses Russia of pressuring Azerbaijan"
    classified = told(
        classifier, title, "Kyiv said Moscow was threatening Baku. Baku and Moscow are at odds."
    )
    assert classified.relevant
    assert classified.initiator == "other"
    assert classified.events[0].initiator == "UKR"


def test_evidence_is_exact_in_the_original(classifier):
    title = "Бaku\u00ad: «Азе\u0301рбайджан вызвал по\u00adсла России»"
    classified = told(classifier, title)
    spans = [title[e.start : e.end] for event in classified.events for e in event.evidence]
    assert "вызвал по\u00adсла" in spans


def test_the_same_article_gives_the_same_classification(lexicon: Lexicon):
    article = {"title": "Баку закрыл Русский дом", "text": "Россия пообещала ответить. " * 5}
    assert Classifier(lexicon).classify(article) == Classifier(lexicon).classify(article)


def test_a_profile_and_an_article_object_will_do(lexicon: Lexicon):
    @dataclass(frozen=True)
    class Profile:
        lexicon: Lexicon

    @dataclass(frozen=True)
    class Page:
        title: str = "Azerbaijan expels Russian diplomats"
        text: str = ""
        language: str | None = "en"
        topical: bool = False

    classified = classify(Page(), Profile(lexicon))
    assert (classified.initiator, classified.severity) == ("AZE", 3)
    assert replace(classified, reason="") == replace(
        classify({"title": Page.title}, Profile(lexicon)), reason=""
    )


def test_a_profile_may_be_given_by_name_or_directory(tmp_path):
    (tmp_path / "profile.yaml").write_text("name: t\nextends: russia_azerbaijan\n")
    article = {"url": "https://a.example/1", "title": "Azerbaijan expels Russian diplomats"}
    for profile in ("russia_azerbaijan", tmp_path, str(tmp_path)):
        assert classify(article, profile).initiator == "AZE"
    with pytest.raises(Trouble, match="nowhere"):
        classify(article, "nowhere")


def test_the_record_has_every_key(classifier):
    record = told(classifier, "Azerbaijan expels Russian diplomats").to_json("a1")
    assert set(record) == {
        "id", "language", "relevant", "relevance", "direction", "severity", "initiator",
        "escalation", "events",
    }  # fmt: skip
    assert 0 < record["escalation"] <= 10


WORDS = st.sampled_from(
    [
        "Azerbaijan",
        "Russia",
        "summons",
        "ambassador",
        "Путин",
        "Баку",
        "задержан",
        "Rusiya",
        "səfir",
        "Azerbaycan'ın",
        "büyükelçi",
        ",",
        ".",
        ";",
        "«",
        "»",
        "'not'",
        "after",
        "raid",
        "demand",
        "apology",
        "killed",
        "İ",
        "ı",
        "\n",
        "́",
        "\u200c",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    title=st.text(max_size=60) | st.lists(WORDS, max_size=12).map(" ".join),
    text=st.text(max_size=200) | st.lists(WORDS, max_size=60).map(" ".join),
    language=st.sampled_from([None, "az", "ru", "xx", ""]),
)
def test_any_text_is_classified_and_spans_lie_in_it(lexicon, title, text, language):
    article = {"title": title, "text": text, "language": language, "topical": True}
    classified = Classifier(lexicon).classify(article)
    assert 0 <= classified.relevance <= 1
    assert 0 <= classified.escalation <= 10
    assert sum(event.main for event in classified.events) == (1 if classified.events else 0)
    for event in classified.events:
        assert event.evidence
        for span in event.evidence:
            assert 0 <= span.start < span.end <= len(article[span.field])


@pytest.mark.timeout(20)
def test_an_endless_headline_is_read_as_far_as_headlines_go(classifier):
    assert told(classifier, "Azerbaijan Russia detain " * 40_000).relevant


def test_a_text_without_full_stops_is_cut_into_sentences() -> None:
    words = cut(normalise("Azerbaijan Russia detain " * 800, "en"))
    longest = max(Counter(words.sentences).values())
    assert longest == LONGEST_SENTENCE
    assert words.sentences == sorted(words.sentences)
