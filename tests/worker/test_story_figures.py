"""A story in figures: what each side has of it, its main happening, and who repeats whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from worker.stories.index import story_of
from worker.story_figures import ELSEWHERE, Told, figures, versions

NOON = datetime(2025, 6, 28, 12, tzinfo=UTC)
DYAD = ("RUS", "AZE")


def told(name: str, minutes: int = 0, **changes: object) -> Told:
    """An article of its own newsroom and wording, so many minutes from noon."""
    made = Told(
        key=name,
        story="s1",
        telling=story_of(name),
        at=NOON + timedelta(minutes=minutes),
        newsroom=name,
        country="RU",
        language="ru",
        relevant=True,
        direction="escalatory",
        severity=3,
        title=f"{name} reports",
        url=f"https://{name}.example/1",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name the fields they change


def test_newsrooms_are_counted_once_and_by_side() -> None:
    story = figures(
        [
            told("tass"),
            told("tass-2", 1, newsroom="tass", language="en"),
            told("apa", 2, country="AZ", language="az"),
            told("bbc", 3, country="GB", language="en"),
            told("nowhere", 4, country=None),
        ],
        DYAD,
    )
    assert (story.articles, story.tellings, story.newsrooms) == (5, 5, 4)
    counted = [(side.name, side.newsrooms) for side in story.sides]
    assert counted == [("RUS", 1), ("AZE", 1), (ELSEWHERE, 2)]
    assert story.languages == ("az", "en", "ru")
    assert (story.first_at, story.last_at) == (NOON, NOON + timedelta(minutes=4))


def test_the_sides_stand_in_the_order_of_the_dyad_and_may_be_silent() -> None:
    here, there, rest = figures([told("apa", country="AZ")], DYAD).sides
    assert (here.name, here.first) == ("RUS", None)
    assert there.first is not None and there.first.newsroom == "apa"
    assert rest.first is None


def test_a_sides_headline_is_that_of_its_first_article_with_a_title() -> None:
    mute = told("mute", title=" ")
    (side, *_) = figures([mute, told("tass", 1), told("ria", 2)], DYAD).sides
    assert side.first is not None and side.first.newsroom == "tass"
    (side, *_) = figures([mute], DYAD).sides
    assert side.first == mute


def test_the_direction_is_that_of_the_most_severe_articles() -> None:
    mild = [told(f"mild-{n}", n, severity=0, direction="de_escalatory") for n in range(5)]
    story = figures([*mild, told("severe", 9)], DYAD)
    assert (story.severity, story.direction) == (3, "escalatory")


def test_among_equally_severe_articles_newsrooms_decide_and_then_the_first() -> None:
    loud = [told(f"loud-{n}", n, newsroom="loud") for n in range(3)]
    calm = [told(f"calm-{n}", 10 + n, direction="neutral") for n in range(2)]
    assert figures([*loud, *calm], DYAD).direction == "neutral"
    assert figures([*loud, calm[0]], DYAD).direction == "escalatory"


def test_reprints_name_the_article_that_opened_their_telling() -> None:
    # The copy has the earlier date: it was read later, and the wire opened the telling.
    copy = told("copy", telling=story_of("wire"))
    wire = told("wire", 5)
    own = told("own", 6)
    named = [
        (one.told.key, one.reprint_of and one.reprint_of.key) for one in versions([copy, wire])
    ]
    assert named == [("copy", "wire"), ("wire", None)]
    assert [one.reprint_of for one in versions([own])] == [None]
    assert figures([copy, wire, own], DYAD).tellings == 2


def test_a_telling_whose_first_article_is_gone_is_the_earliest_others() -> None:
    first, second = (told(name, n, telling="t") for n, name in enumerate("ab"))
    assert [one.reprint_of for one in versions([first, second])] == [None, first]


def test_an_article_that_was_never_compared_repeats_nobody() -> None:
    alone = [told(name, n, telling=None) for n, name in enumerate("ab")]
    assert [one.reprint_of for one in versions(alone)] == [None, None]
    assert figures(alone, DYAD).tellings == 2
