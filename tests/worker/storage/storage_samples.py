"""Articles, classifications and episodes for the storage tests, with explicit dates."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.episode import Episode
from alerts.finding import Finding
from crawler.article import Article
from worker.classify.record import Classification, Event, Evidence
from worker.storage.merging import ClassifiedArticle
from worker.stories.sketch import sketch
from worker.timing import Origin

NOW = datetime(2025, 6, 28, 12, 0, tzinfo=UTC)

RAID = Event(
    category="detention_or_raid",
    concept="arrest",
    initiator="RUS",
    target="AZE",
    direction="escalatory",
    severity=3,
    plover="COERCE",
    evidence=(Evidence("title", 0, 6, "police"),),
    main=True,
)
RELEVANT = Classification("en", True, 0.97, "escalatory", 3, "RUS", 6.4, (RAID,), "two actors met")
IRRELEVANT = Classification("en", False, 0.02, "neutral", 0, None, 0.0, (), "nobody of the dyad")

TEXT = (
    "Police officers in Yekaterinburg detained several members of one family on Friday morning, "
    "and neighbours who watched from the stairs said that the doors had been forced open. The "
    "consulate asked for an explanation and sent two of its lawyers to the district court, where "
    "a first hearing is expected before the end of the week."
)


def article(number: int | str = 1, **changes: object) -> Article:
    made = Article(
        url=f"https://news.example/{number}",
        canonical_url=f"https://news.example/{number}",
        source="news-en",
        newsroom="news",
        fetched=NOW,
        title=f"Police detain a family, report {number}",
        text=f"Report {number} begins. {TEXT}",
        country="AZ",
        published=NOW - timedelta(minutes=10),
        published_from="feed",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name the fields they change


def classified(
    made: Article,
    classification: Classification = RELEVANT,
    origin: Origin = "crawl",
    received_at: datetime = NOW,
    inbox_id: int | None = None,
) -> ClassifiedArticle:
    return ClassifiedArticle(
        made, classification, sketch(made.title, made.text), origin, received_at, inbox_id
    )


def finding(rule: str = "raids", at: datetime = NOW) -> Finding:
    return Finding(
        rule=rule,
        kind="spike",
        severity="critical",
        at=at,
        window=timedelta(hours=2),
        bucket=at - timedelta(minutes=15),
        count=9,
        unit="stories",
        expected=1.5,
        upper=4.0,
        probability=1e-6,
        articles=14,
        stories=9,
        newsrooms=4,
        article_ids=("a", "b"),
        story_ids=("s1",),
        newsroom_ids=("apa", "tass"),
        without_largest=True,
        largest_newsroom=None,
        coverage=None,
        provisional=False,
    )


def episode(rule: str = "raids", opened_at: datetime = NOW, **changes: object) -> Episode:
    made = Episode(
        id=f"{rule}-{opened_at:%Y%m%dT%H%M}",
        rule=rule,
        state="open",
        severity="critical",
        opened_at=opened_at,
        updated_at=opened_at,
        resolved_at=None,
        findings=1,
        last=finding(rule, opened_at),
        peak_count=9,
        version=1,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name the fields they change
