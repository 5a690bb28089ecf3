"""Findings, episodes and reports for the tests of what becomes of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from alerts.episode import Episode, advance
from alerts.finding import Finding
from alerts.notification import Country, Quote, Report, ReportedArticle, ReportedStory

FindingMaker = Callable[..., Finding]
EpisodeMaker = Callable[..., Episode]
ReportMaker = Callable[..., Report]

MORNING = datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
AZERBAIJAN = Country("AZE", "Azerbaijan")
RUSSIA = Country("RUS", "Russia")


@pytest.fixture
def make_finding() -> FindingMaker:
    """A spike of nine stories in two hours; any field can be given another value."""

    def make(
        at: datetime = MORNING, stories: tuple[str, ...] | None = None, **fields: object
    ) -> Finding:
        story_ids = tuple(f"s{n}" for n in range(9)) if stories is None else stories
        values: dict[str, object] = {
            "rule": "raid-spike",
            "kind": "spike",
            "severity": "warning",
            "at": at,
            "window": timedelta(hours=2),
            "bucket": at.replace(minute=0),
            "count": len(story_ids),
            "unit": "stories",
            "expected": 0.4,
            "upper": 3.0,
            "probability": 2.1e-4,
            "articles": 23,
            "stories": len(story_ids),
            "newsrooms": 5,
            "article_ids": tuple(f"a-{story}" for story in story_ids),
            "story_ids": story_ids,
            "newsroom_ids": ("apa", "report", "kommersant", "tass", "reuters"),
            "without_largest": True,
            "largest_newsroom": "apa",
            "coverage": 0.92,
            "provisional": False,
        }
        return Finding(**{**values, **fields})  # type: ignore[arg-type]  # a test names its fields

    return make


@pytest.fixture
def make_episode(make_finding: FindingMaker) -> EpisodeMaker:
    """An episode that its first finding has just opened."""

    def make(**fields: object) -> Episode:
        finding = make_finding(**fields)
        episode = advance(None, finding, finding.at).episode
        assert episode is not None
        return episode

    return make


def story(
    identifier: str, title: str = "Yekaterinburqda azərbaycanlılar həbs edilib"
) -> ReportedStory:
    """One story, reported on both sides and abroad."""
    quote = Quote(
        "Polis səhər iki qardaşı həbs edib və onların evində axtarış aparıb.", "az", ((24, 33),)
    )
    russian = Quote("Следователи задержали шесть человек.", "ru", ((12, 21),))
    url = f"https://news.example/{identifier}"
    return ReportedStory(
        identifier,
        (
            ReportedArticle(title, f"{url}/apa", "APA", AZERBAIJAN, "az", MORNING, (quote,)),
            ReportedArticle("Daha bir baxış", f"{url}/report", "Report", AZERBAIJAN, "az", MORNING),
            ReportedArticle(
                "В Екатеринбурге задержаны шесть человек",
                f"{url}/kommersant",
                "Kommersant",
                RUSSIA,
                "ru",
                MORNING - timedelta(minutes=31),
                (russian,),
            ),
        ),
    )


@pytest.fixture
def make_report(make_episode: EpisodeMaker) -> ReportMaker:
    """A report on nine stories, of which three are at hand; fields of Report can be given."""

    def make(finding: dict[str, object] | None = None, **fields: object) -> Report:
        values: dict[str, object] = {
            "episode": make_episode(**(finding or {})),
            "rule_name": "Raids and arrests",
            "dyad": (AZERBAIJAN, RUSSIA),
            "stories": tuple(story(f"s{n}") for n in range(3)),
            "initiator": RUSSIA,
            "target": AZERBAIJAN,
            "largest_newsroom": "APA",
        }
        return Report(**{**values, **fields})  # type: ignore[arg-type]  # a test names its fields

    return make
