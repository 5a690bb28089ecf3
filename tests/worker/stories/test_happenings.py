"""The same happening in other words and other languages is one story; another one is not."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from crawler.article import Article
from worker.classify import Classifier
from worker.profile.loader import load_lexicon_of
from worker.stories import cluster
from worker.stories.fingerprint import Fingerprint
from worker.stories.index import story_of
from worker.stories.placing import Stories
from worker.stories.sketch import Sketch

HAPPENINGS = Path(__file__).with_name("happenings.jsonl")
NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)
AFTERWARDS = datetime(2026, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
RAID: Fingerprint = (("a:voronezh", 2.4), ("t:market", 1.6), ("n:14", 1.0), ("w:brkt", 0.7))
TOMATOES: Fingerprint = (("t:tomatoes", 2.2), ("t:ban", 1.6), ("n:300", 1.0), ("w:kmsn", 0.7))


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier(load_lexicon_of("russia_azerbaijan"))


def told() -> list[dict[str, str]]:
    """The development set: leads of our own, each with the happening that it tells, or none."""
    return [json.loads(line) for line in HAPPENINGS.read_text(encoding="utf-8").splitlines()]


def article(one: dict[str, str]) -> Article:
    given = one["published"]
    at = datetime.fromisoformat(given)
    published = at if "T" in given else at.date()
    return Article(
        one["url"], one["url"], "s", "n", AFTERWARDS, title=one["title"], text=one["text"],
        id=one["id"], published=published,
    )  # fmt: skip


def pairwise(
    told: Sequence[dict[str, str]], stories: dict[str, str], *, across: bool
) -> tuple[float, float]:
    """Precision and recall over the pairs of articles that are in one story."""
    right = wrong = missed = 0
    for one, other in combinations(told, 2):
        if across and one["language"] == other["language"]:
            continue
        same = one["happening"] is not None and one["happening"] == other["happening"]
        found = stories[one["id"]] == stories[other["id"]]
        right += same and found
        wrong += found and not same
        missed += same and not found
    return right / (right + wrong), right / (right + missed)


@pytest.mark.parametrize("across", [False, True], ids=["all", "across_languages"])
def test_the_development_set_stays_grouped(classifier: Classifier, across: bool) -> None:
    articles = told()
    stories = dict(cluster([article(one) for one in articles], classifier))
    precision, recall = pairwise(articles, stories, across=across)
    f1 = 2 * precision * recall / (precision + recall)
    print(f"\nprecision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    assert precision >= 0.8
    assert f1 >= 0.78


def test_the_order_of_the_input_does_not_matter(classifier: Classifier) -> None:
    articles = [article(one) for one in told()[:60]]
    assert dict(cluster(articles, classifier)) == dict(cluster(articles[::-1], classifier))


def placed(stories: Stories, name: str, marks: Fingerprint, at: datetime) -> str:
    return stories.place(name, "page", at, Sketch(), marks).story


def test_a_telling_joins_the_story_and_keeps_its_name() -> None:
    stories = Stories()
    assert placed(stories, "a", RAID, NOON) == story_of("a")
    assert placed(stories, "b", RAID[:3], NOON + HOUR) == story_of("a")
    assert placed(stories, "c", TOMATOES, NOON + HOUR) == story_of("c")


def test_the_same_a_week_later_is_another_happening() -> None:
    stories = Stories()
    placed(stories, "a", RAID, NOON)
    assert placed(stories, "b", RAID, NOON + 7 * 24 * HOUR) == story_of("b")


def test_what_was_told_late_still_belongs_to_its_time() -> None:
    stories = Stories()
    placed(stories, "a", RAID, NOON)
    assert placed(stories, "b", RAID[:3], NOON - 2 * HOUR) == story_of("a")


def test_the_mirror_image_is_another_story() -> None:
    stories = Stories()
    expelled: Fingerprint = (("t:diplomat", 1.6), ("n:48", 1.0))
    placed(stories, "a", (*expelled, ("e:diplomatic_protest:AZE", 1.0)), NOON)
    mirror = (*expelled, ("e:diplomatic_protest:RUS", 1.0), ("w:sdvd", 1.0), ("t:reply", 1.6))
    assert placed(stories, "b", mirror, NOON + 20 * HOUR) == story_of("b")


def test_two_stories_that_prove_to_be_one_keep_the_elders_name() -> None:
    stories = Stories()
    placed(stories, "a", RAID, NOON)
    # Half as like, and two days later: a story of its own, until one tells of both in between.
    other = (("a:voronezh", 1.6), ("w:srkn", 1.0), ("t:court", 1.0))
    assert placed(stories, "b", other, NOON + 60 * HOUR) == story_of("b")
    both = (*RAID, ("w:srkn", 0.7), ("t:court", 0.7))
    between = stories.place("c", "page", NOON + 32 * HOUR, Sketch(), both)
    assert (between.story, between.merged) == (story_of("a"), (story_of("b"),))
    assert stories.story_of(story_of("b")) == story_of("a")
    assert placed(stories, "d", other, NOON + 50 * HOUR) == story_of("a")


def test_nothing_to_go_by_is_a_story_of_its_own() -> None:
    stories = Stories()
    assert placed(stories, "a", (), NOON) == story_of("a")
    assert placed(stories, "b", (), NOON) == story_of("b")
