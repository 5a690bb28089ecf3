"""What a message says of an episode: who, what, the widest story first, and the words that prove it
(pure: no database)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from harness.services import bundled_services
from storage_samples import NOW, RAID, episode, finding

from alerts.notification import Country, Report
from alerts.rules import Rule, parse_where
from crawler.source import Source
from worker.classify.record import Event, Evidence
from worker.reporting import compose, newsroom_names
from worker.storage.archive import StoredArticle

HOUR = timedelta(hours=1)
ARRESTS = Rule(
    "raids", "threshold", parse_where({"category": "detention_or_raid"}), 6 * HOUR, at_least=3
)
SOURCES = (
    Source("apa-az", "feed", "https://apa.example/az", "APA (az)", "apa", country="AZ"),
    Source("apa-ru", "feed", "https://apa.example/ru", "APA на русском", "apa", country="AZ"),
    Source("tass", "feed", "https://tass.example/rss", "TASS (en)", "tass", country="RU"),
)
TEXT = "Police detained two editors. A consul waited outside. The court sat until night."
PROFILE = replace(
    bundled_services().profile, rules=(ARRESTS,), rule_names={"raids": "Raids"}, sources=SOURCES
)


def stored(key: str, story: str = "s1", newsroom: str = "apa", **changes: object) -> StoredArticle:
    made = StoredArticle(
        key=key, id=key, url=f"https://{newsroom}.example/{key}", source=newsroom,
        newsroom=newsroom, country="AZ", title=f"Title of {key}", text=TEXT, language="en",
        published=NOW, fetched=NOW, first_seen=NOW, at=NOW, timing="on_time", stage="page",
        origin="crawl", story=story, relevant=True, relevance=0.9, direction="escalatory",
        severity=3, initiator="RUS", escalation=6.0, reason="", events=(said("Police"),),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name the fields they change


def said(*words: str, **changes: object) -> Event:
    """An event that these words of the text prove."""
    spans = [(TEXT.index(word), TEXT.index(word) + len(word)) for word in words]
    evidence = tuple(Evidence("text", start, end, "arrest") for start, end in spans)
    return replace(RAID, evidence=evidence, **changes)  # type: ignore[arg-type]


def report(articles: Sequence[StoredArticle], rule: str = "raids") -> Report:
    seen = replace(
        finding(),
        article_ids=tuple(article.key for article in articles),
        story_ids=tuple(dict.fromkeys(article.story for article in articles)),
        largest_newsroom="apa",
    )
    return compose(PROFILE, episode(rule=rule, last=seen), articles)


def test_codes_become_names_for_people() -> None:
    told = report([stored("a", newsroom="tass", country="RU"), stored("b", country=None)])
    assert told.dyad == (Country("RUS", "Russia"), Country("AZE", "Azerbaijan"))
    assert (told.rule_name, told.limit, told.largest_newsroom) == ("Raids", 3, "APA")
    tass, apa = told.stories[0].articles
    assert (tass.newsroom, tass.country) == ("TASS", Country("RUS", "Russia"))
    assert (apa.newsroom, apa.country) == ("APA", None)


def test_a_newsroom_is_called_after_its_first_source_without_its_edition() -> None:
    assert newsroom_names(PROFILE) == {"apa": "APA", "tass": "TASS"}


def test_the_most_widely_reported_story_comes_first_and_its_strongest_report() -> None:
    told = report([
        stored("a", "narrow", severity=4),
        stored("b", "wide", escalation=1.0),
        stored("c", "wide", "tass", escalation=5.0),
    ])  # fmt: skip
    assert [story.id for story in told.stories] == ["wide", "narrow"]
    assert [one.title for one in told.stories[0].articles] == ["Title of c", "Title of b"]


def test_a_story_that_was_merged_since_keeps_its_articles() -> None:
    seen = replace(finding(), article_ids=("a",), story_ids=("gone",))
    told = compose(PROFILE, episode(last=seen), [stored("a", "merged")])
    assert [story.id for story in told.stories] == ["merged"]


def test_the_sentences_around_the_evidence_are_quoted_two_at_most() -> None:
    events = (said("Police", "editors", "consul", "court"),)
    told = report([stored("a", events=events)])
    first, second = told.stories[0].articles[0].quotes
    assert first.text == "Police detained two editors."
    assert [first.text[a:b] for a, b in first.highlights] == ["Police", "editors"]
    assert "A consul waited outside." in second.text


def test_only_what_the_rule_counts_is_proof() -> None:
    protest = said("consul", category="diplomatic_protest", initiator="AZE", target="RUS")
    told = report([stored("a", events=(protest, said("editors")))])
    (quote,) = told.stories[0].articles[0].quotes
    assert "editors" in quote.text
    assert (told.initiator, told.target) == (
        Country("RUS", "Russia"),
        Country("AZE", "Azerbaijan"),
    )


def test_where_the_counted_events_do_not_agree_nobody_is_named() -> None:
    back = said("Police", initiator="AZE", target="RUS")
    told = report([stored("a"), stored("b", events=(back,))])
    assert (told.initiator, told.target) == (None, None)
    nobody = said("Police", initiator=None, target=None)
    assert report([stored("a", events=(nobody,)), stored("b")]).initiator is not None


def test_an_episode_whose_rule_or_articles_are_gone_can_still_be_told() -> None:
    told = report([stored("a")], rule="removed")
    assert (told.rule_name, told.limit) == ("removed", None)
    assert told.stories[0].articles[0].quotes
    assert report([]).stories == ()


def test_an_article_without_title_or_date_is_shown_all_the_same() -> None:
    seen = NOW - HOUR
    told = report([stored("a", title="", published=None, first_seen=seen)])
    (shown,) = told.stories[0].articles
    assert shown.title == TEXT[:120] and shown.published == seen
