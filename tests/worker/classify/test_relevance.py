"""Whether an article is about the two, and the arithmetic that says so."""

import pytest

from worker.classify.relevance import THRESHOLD


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Kyiv proposes Baku or Istanbul for talks with Moscow",
            "Ukraine would go anywhere neutral, its minister said.",
        ),
        (
            "Azerbaijan ready to host Ukraine–Russia meeting",
            "Baku could be a venue for Kyiv and Moscow, an aide said.",
        ),
        (
            "Armenian and Azerbaijani ministers meet in Moscow",
            "Mirzoyan and Bayramov spoke of the border. Russia opened the session.",
        ),
        (
            "Fire in Moscow shopping centre",
            "Citizens of Tajikistan, Azerbaijan and Uzbekistan were hurt, Russian doctors said.",
        ),
        (
            "Azerbaijan raises pensions",
            "The decree takes effect in January. In Russia they rose last year.",
        ),
    ],
)
def test_who_is_only_host_list_entry_or_comparison_is_not_what_it_is_about(classifier, title, text):
    assert not classifier.classify({"title": title, "text": text}).relevant


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Passenger plane crashes in Kazakhstan, dozens dead",
            "The Azerbaijan Airlines jet was on its way from Baku to Grozny in Russia.",
        ),
        ("Ukraine accuses Russia of blackmailing Azerbaijan", "Kyiv spoke of gas."),
        ("Iran, Russia and Azerbaijan agree on rail link", "Baku and Moscow share the cost."),
    ],
)
def test_a_third_country_does_not_always_prevail(classifier, title, text):
    assert classifier.classify({"title": title, "text": text}).relevant


@pytest.mark.parametrize(
    "article",
    [
        {"title": "Azerbaijan expels Russian diplomats", "text": ""},
        {"title": "Baku raises pensions", "text": "In Russia they rose last year."},
        {"title": "City opens a park", "text": ""},
        {"title": "Envoy summoned over deaths", "text": "", "topical": True},
    ],
)
def test_the_parts_of_the_relevance_add_up_to_it(classifier, article):
    understood = classifier.understand(article)
    found = understood.relevance
    assert found.parts
    assert sum(points for _, points in found.parts) == pytest.approx(found.score)
    assert found.score == understood.classification.relevance
    assert understood.classification.relevant == (found.score >= THRESHOLD)
