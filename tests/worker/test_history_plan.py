"""What a walk through the past asks for, and what of it is history."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from storage_samples import article

from crawler.source import Source
from worker.history_plan import Era, era, pages_of_round, plan_history
from worker.timing import LATENESS

NOW = datetime(2025, 6, 28, 12, tzinfo=UTC)
SINCE = datetime(2025, 6, 1, tzinfo=UTC)


def source(id: str, url: str, kind: Any = "feed", **rest: Any) -> Source:
    return Source(id, kind, url, id, id, **rest)


def test_a_sitemap_is_walked_itself_and_the_others_by_their_hosts_robots() -> None:
    plan = plan_history(
        [
            source("map", "https://a.example/news-sitemap.xml", "sitemap"),
            source("az", "https://b.example/az/rss", languages=("az",)),
            source("ru", "https://b.example/ru/rss", languages=("ru",)),
            source("page", "https://c.example/news/", "listing", links="a.news"),
        ]
    )
    assert [(walk.id, walk.kind, walk.url) for walk in plan.walks] == [
        ("map", "sitemap", "https://a.example/news-sitemap.xml"),
        ("az", "sitemap", "https://b.example/robots.txt"),
        ("page", "sitemap", "https://c.example/robots.txt"),
    ]
    assert plan.walks[1].languages == (), "a site in two languages declares neither"
    assert plan.without == {}


def test_channels_and_searches_have_no_past_and_say_so() -> None:
    plan = plan_history(
        [
            source("tg", "https://t.me/s/paper", "telegram"),
            source("gdelt", "https://api.gdeltproject.org/api/v2/doc/doc?query=x", "gdelt"),
            source("search", "https://news.google.com/rss/search?q=x"),
        ]
    )
    assert plan.walks == ()
    assert plan.without["tg"] == "a source of kind telegram shows the last days only"
    assert set(plan.without) == {"tg", "gdelt", "search"}


@pytest.mark.parametrize(
    ("published", "where"),
    [
        (NOW - timedelta(days=3), "kept"),
        (NOW - LATENESS - timedelta(minutes=1), "kept"),
        (NOW - timedelta(hours=1), "fresh"),
        (NOW + timedelta(days=400), "fresh"),
        (SINCE - timedelta(seconds=1), "before"),
        (None, "undated"),
        (date(2025, 6, 1), "kept"),
        (date(2025, 5, 31), "before"),
        (date(2025, 6, 27), "kept"),
        (date(2025, 6, 28), "fresh"),
    ],
)
def test_history_is_what_can_wake_nobody_any_more(published: Any, where: Era) -> None:
    assert era(published, SINCE, NOW) == where


def test_a_round_takes_the_first_pages_of_each_host_that_is_ours() -> None:
    pages = [article(n, url=f"https://{'ab'[n % 2]}.example/{n}") for n in range(10)]
    taken = pages_of_round(pages, {"a.example"}, 3)
    assert [page.url for page in taken] == [f"https://a.example/{n}" for n in (0, 2, 4)]
