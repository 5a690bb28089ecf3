"""Whose act a headline tells, where grammar, word order or a speaker decides it."""

import pytest


def told(classifier, title, text=""):
    return classifier.classify({"title": title, "text": text})


def initiator(classifier, title, text=""):
    return told(classifier, title, text).initiator


@pytest.mark.parametrize(
    ("title", "doer"),
    [
        ("რუსეთი აზერბაიჯანმა დაადანაშაულა", "AZE"),
        ("აზერბაიჯანი რუსეთმა დაადანაშაულა", "RUS"),
    ],
)
def test_the_ergative_marks_the_doer_wherever_it_stands(classifier, title, doer):
    assert initiator(classifier, title) == doer


@pytest.mark.parametrize(
    ("title", "concept"),
    [
        ("Moskva Azərbaycandan üzr istəməyib", "refusal"),
        ("Moskva Bakıdan üzr istəməlidir", "demand"),
        ("Əliyev: Rusiya Azərbaycan qarşısında günahını etiraf etməlidir", "demand"),
    ],
)
def test_a_guard_may_stand_inside_the_verb_or_in_the_one_behind_the_term(
    classifier, title, concept
):
    assert concept in {event.concept for event in told(classifier, title).events}


def test_the_subject_of_a_reported_clause_acts_and_not_who_reports(classifier):
    title = "Bakan, Rusya'nın Azerbaycan uçağını düşürdüğünü söyledi"
    assert initiator(classifier, title) == "RUS"


def test_a_reason_before_a_finite_verb_does_not_make_it_background(classifier):
    title = "На фоне кризиса Баку освободил двух граждан России"
    text = "Ранее Россия отпустила азербайджанского режиссера."
    classified = told(classifier, title, text)
    assert (classified.initiator, classified.direction) == ("AZE", "de_escalatory")


@pytest.mark.parametrize(
    "title",
    [
        "В Кремле сочли реакцию Баку чрезмерной и недружественной",
        "МИД РФ: обвинения Баку неприемлемы",
    ],
)
def test_where_a_statement_begins_is_who_speaks(classifier, title):
    assert initiator(classifier, title) == "RUS"


def test_what_a_name_in_quotation_marks_says_is_not_its_speech(classifier):
    title = "«Алиев ошибся»: Россия ударила по терминалу SOCAR"
    assert initiator(classifier, title) == "RUS"


def test_people_of_a_town_are_not_its_country_s(classifier):
    title = "В Москве задержали главу азербайджанцев Екатеринбурга"
    assert initiator(classifier, title) == "RUS"


def test_who_is_sent_to_a_place_was_not_held_there(classifier):
    title = "Азербайджанского певца отпустили из московской тюрьмы и отправили в Баку"
    text = "Суд в Москве изменил меру пресечения."
    assert initiator(classifier, title, text) == "RUS"


def test_a_blow_at_a_third_country_is_none_at_the_other_side(classifier):
    title = "Россия нанесла удар беспилотниками по порту в Одессе"
    text = "Порт принимает и грузы из Азербайджана."
    events = told(classifier, title, text).events
    assert not any(event.target == "AZE" for event in events)


def test_what_one_side_announces_of_the_other_accuses_it(classifier):
    title = "Azerbaijani prosecutors: Russian hackers attacked broadcaster in Baku"
    classified = told(classifier, title)
    assert (classified.initiator, classified.severity) == ("RUS", 2)
    assert {event.category for event in classified.events} == {
        "cyber_incident",
        "official_accusation_or_threat",
    }


@pytest.mark.parametrize(
    ("title", "doer"),
    [
        ("Aliyev congratulates Putin on New Year", "AZE"),
        ("Путин позвонил Алиеву", "RUS"),
        ("Putin Əliyevi təbrik edib", "RUS"),
        ("Putin, Aliyev'i telefonla aradı", "RUS"),
        ("Путин и Алиев провели переговоры", "both"),
        ("Moscow and Baku exchange detainees", "both"),
    ],
)
def test_a_courtesy_is_one_side_s_and_a_meeting_both_sides(classifier, title, doer):
    assert initiator(classifier, title) == doer


@pytest.mark.parametrize(
    ("title", "doer"),
    [
        ("Peskov: ties with Azerbaijan are improving", "RUS"),
        ("Kremlin hopes ties with Baku will return to normal", "RUS"),
        ("Peskov: Putin and Aliyev to hold talks in Baku", "both"),
    ],
)
def test_words_about_what_both_share_are_the_speaker_s(classifier, title, doer):
    assert initiator(classifier, title) == doer


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Russian peacekeepers leave Karabakh", "Russia and Azerbaijan agreed on it in Baku."),
        ("Российские миротворцы покидают Карабах", "Россия и Азербайджан так решили в Баку."),
        ("Rus askerleri Karabağ'dan çekildi", "Rusya ve Azerbaycan bunu Bakü'de kararlaştırdı."),
    ],
)
def test_troops_that_leave_are_an_act_of_their_country(classifier, title, text):
    assert initiator(classifier, title, text) == "RUS"


@pytest.mark.parametrize(
    ("title", "doer"),
    [
        ("Azerbaijan opens a bookshop in Moscow", "AZE"),
        ("Russia and Azerbaijan share a love of tea", "both"),
        ("A bookshop for Russia and for Azerbaijan", None),
    ],
)
def test_a_headline_without_a_known_happening_has_its_subject_s(classifier, title, doer):
    assert initiator(classifier, title) == doer


def test_comment_on_a_tension_is_of_both_and_as_grave_as_a_measure(classifier):
    title = "Why Russia and Azerbaijan have fallen out"
    text = "Police in Russia detained dozens of Azerbaijanis, and Baku closed Russian schools."
    classified = told(classifier, title, text)
    assert (classified.initiator, classified.severity) == ("both", 2)
