"""Which of the things that an article tells is its news, and whose act that is."""

import pytest


def told(classifier, title, text=""):
    return classifier.classify({"title": title, "text": text})


def categories(classified):
    return {event.category for event in classified.events}


@pytest.mark.parametrize(
    ("title", "initiator", "severity"),
    [
        ("Baku accuses Moscow of hacking its television", "RUS", 2),
        ("Азербайджан обвинил Россию в кибератаке на свои СМИ", "RUS", 2),
        ("Baku accuses Moscow of ingratitude", "AZE", 1),
        ("Azerbaijan condemns arrests of its citizens in Russia", "AZE", 1),
    ],
)
def test_an_accused_act_is_the_news_and_words_about_an_act_are_words(
    classifier, title, initiator, severity
):
    classified = told(classifier, title)
    assert (classified.initiator, classified.severity) == (initiator, severity)


def test_an_accusation_over_an_old_disaster_is_words(classifier):
    classified = told(classifier, "Aliyev accuses Russia of shooting down the airliner")
    assert (classified.initiator, classified.severity) == ("AZE", 1)
    assert categories(classified) >= {"official_accusation_or_threat", "aviation_disaster"}


@pytest.mark.parametrize(
    "title",
    [
        "Zakharova: Baku arrested Russian journalists without any reason",
        "Захарова: Баку задержал российских журналистов без всякой причины",
    ],
)
def test_a_speaker_before_a_colon_says_what_the_other_side_did(classifier, title):
    classified = told(classifier, title)
    assert (classified.initiator, classified.severity) == ("RUS", 1)


def test_a_source_behind_a_dash_has_no_part_in_the_act(classifier):
    classified = told(classifier, "Seven Russian citizens detained in Baku – Kremlin")
    assert classified.initiator == "AZE"


def test_an_act_in_quotation_marks_is_words(classifier):
    text = "The Azerbaijani ministry cited 'extrajudicial killings' in Russia as the reason."
    classified = told(classifier, "Azerbaijan cancels all Russian concerts", text)
    assert (classified.initiator, classified.severity) == ("AZE", 2)
    assert categories(classified) == {"cancellation_or_suspension"}


def test_what_the_lead_says_the_other_side_did_is_the_cause(classifier):
    text = "Russian police had searched homes of Azerbaijanis in Ufa and detained nine men."
    classified = told(classifier, "Azerbaijan cancels visit of Russian deputy minister", text)
    assert categories(classified) == {"cancellation_or_suspension"}
    assert classified.severity == 2


def test_deaths_that_are_the_reason_do_not_make_the_act_deadly(classifier):
    title = "Azerbaijan raids Russian news office after two men killed in Moscow"
    assert told(classifier, title).severity == 3


def test_the_body_counts_only_where_headline_and_lead_tell_nothing(classifier):
    lead = "The two neighbours share a sea and a long border. Many have kin on the other shore."
    body = " Azerbaijan expelled Russian diplomats in spring, an official recalls today."
    assert told(classifier, "Russia and Azerbaijan in autumn", lead + body).severity == 3
    met = told(classifier, "Lavrov and Bayramov meet in Baku", lead + body)
    assert (met.severity, met.initiator) == (0, "both")


def test_a_byline_and_a_date_do_not_use_up_the_lead(classifier):
    text = "By A. Writer\n3 July 2025\nPhoto: agency\nRussia banned Azerbaijani apples on Monday."
    assert told(classifier, "Azerbaijan: orchards in trouble", text).severity == 2


def test_the_dateline_of_an_agency_names_nobody(classifier):
    text = "MOSCOW, June 30 (Agency) - Azerbaijan detained two Russian journalists on Monday."
    assert told(classifier, "Two Russian journalists detained", text).initiator == "AZE"


def test_a_headline_that_names_nobody_takes_the_parties_from_the_lead(classifier):
    text = "Russian drones hit a terminal of the Azerbaijani company near the port overnight."
    classified = told(classifier, "SOCAR depot on fire after drone strike", text)
    assert classified.initiator == "RUS"


def test_a_raid_on_a_newsroom_restricts_the_media_as_well(classifier):
    classified = told(classifier, "Azerbaijani police raid Russian news agency in Baku")
    assert categories(classified) == {"detention_or_raid", "media_restriction"}


def test_a_freed_editor_is_no_news_of_the_media(classifier):
    title = "Azerbaijan releases editor of Russian news agency from custody"
    assert categories(told(classifier, title)) == {
        "diplomacy_or_deescalation",
        "detention_or_raid",
    }


def test_the_disaster_that_is_apologised_for_stays_a_category(classifier):
    classified = told(classifier, "Putin apologises to Azerbaijan over plane crash")
    assert categories(classified) == {"diplomacy_or_deescalation", "aviation_disaster"}
    assert classified.direction == "de_escalatory"


def test_a_summons_that_sets_out_its_reasons_accuses(classifier):
    title = "Russia summons Azerbaijani ambassador"
    assert categories(told(classifier, title)) == {"diplomatic_protest"}
    text = "Moscow called the recent moves of Baku unfriendly and unacceptable."
    assert categories(told(classifier, title, text)) == {
        "diplomatic_protest",
        "official_accusation_or_threat",
    }


@pytest.mark.parametrize(
    ("title", "initiator"),
    [
        ("Baku summons Russian envoy as Moscow detains Azerbaijanis", "AZE"),
        ("Azerbaijani cafe owners arrested in Russia while Baku protests", "RUS"),
        ("Fruit from Azerbaijan banned in Russia", "RUS"),
    ],
)
def test_the_doer_stands_in_the_clause_of_the_act(classifier, title, initiator):
    assert told(classifier, title).initiator == initiator


def test_a_term_inside_a_weightier_one_says_nothing(classifier):
    title = "Azerbaijan expels Russian diplomats"
    assert categories(told(classifier, title)) == {"diplomatic_protest"}


@pytest.mark.parametrize(
    ("title", "initiator"),
    [
        ("Azerbaijan demands that Russia apologise for the downed airliner", "AZE"),
        ("Баку требует, чтобы Россия извинилась за сбитый самолет", "AZE"),
        ("Azerbaycan, Rusya'nın büyükelçisini çağırdı", "AZE"),
        ("SOCAR depot near Odesa hit by Russian drones", "RUS"),
        ("Ukraine comments on Russia's drone strikes on SOCAR depot", "RUS"),
    ],
)
def test_who_asks_calls_or_strikes(classifier, title, initiator):
    assert told(classifier, title).initiator == initiator
