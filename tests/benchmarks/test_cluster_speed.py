"""Articles a second into stories, against a window of two weeks that holds 200,000.

Beside it, in the same run, what a user would take for near-duplicates alone: MinHash with bands.
What it costs to read an article (language, names, topics) is told apart from what it costs to find
its story.
"""

import random
import time
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from worker.classify import Classifier
from worker.profile.loader import load_lexicon_of
from worker.stories.fingerprint import Fingerprint, fingerprint
from worker.stories.index import TellingIndex
from worker.stories.placing import Stories
from worker.stories.sketch import Sketch, sketch

WINDOW, MEASURED = 200_000, 10_000
START = datetime(2026, 2, 1, tzinfo=UTC)
#: Happenings of the window, and articles that tell of one of them.
HAPPENINGS = 40_000
LEAD = (
    "Azerbaijan summons Russian envoy over arrests in Voronezh",
    "The ministry in Baku handed the Russian diplomat a note of protest on Monday after fourteen "
    "market traders had been taken away in buses. Officers searched the stalls at dawn and seized "
    "papers, the consulate said. Moscow has not commented; lawyers expect a hearing on Friday.",
)

Article = tuple[str, datetime, Sketch, Fingerprint]


def articles(number: int, seed: int) -> list[Article]:
    """Made-up articles: marks and words drawn as unevenly as those of real ones (Zipf)."""
    chance = random.Random(seed)
    made = []
    for n in range(number):
        happening = chance.randrange(HAPPENINGS)
        own = random.Random(happening)
        pool = [f"w:{int(own.paretovariate(0.7)) % 60_000}" for _ in range(24)]
        pool += [f"t:{int(own.paretovariate(0.9)) % 400}" for _ in range(6)]
        marks = {mark: own.choice((0.6, 1.0, 1.8)) for mark in chance.sample(pool, 18)}
        marks["e:detention_or_raid:RUS"] = 1.0
        text = " ".join(f"x{chance.randrange(50_000)}" for _ in range(60))
        at = START + timedelta(days=14) * (happening / HAPPENINGS)
        strongest = tuple(sorted(marks.items(), key=lambda one: (-one[1], one[0])))
        made.append((f"{seed}-{n}", at, sketch("", text), strongest))
    return sorted(made, key=lambda one: one[1])


@pytest.mark.benchmark
def test_stories_a_second() -> None:
    window, measured = articles(WINDOW, 1), articles(MEASURED, 2)
    before = psutil.Process().memory_info().rss
    stories, wordings = Stories(), TellingIndex()
    for name, at, words, marks in window:
        stories.place(name, "page", at, words, marks)
        wordings.place(name, "page", at, words)
    held = (psutil.Process().memory_info().rss - before) / 1e6

    begun = time.process_time()
    for name, at, words, marks in measured:
        stories.place(name, "page", at, words, marks)
    both = MEASURED / (time.process_time() - begun)
    begun = time.process_time()
    for name, at, words, _ in measured:
        wordings.place(name, "page", at, words)
    alone = MEASURED / (time.process_time() - begun)

    classifier = Classifier(load_lexicon_of("russia_azerbaijan"))
    given = {"title": LEAD[0], "text": LEAD[1]}
    reading = _a_second(lambda: fingerprint(classifier.understand(given), classifier.dyad))
    sketching = _a_second(lambda: sketch(*LEAD))
    print(
        f"\nwindow of {WINDOW:,}, {held:,.0f} MB for both indexes; a second on one core: "
        f"{both:,.0f} into stories (wording and happening), {alone:,.0f} by wording alone; "
        f"reading a lead {reading:,.0f}, sketching it {sketching:,.0f}"
    )
    assert both > 0


def _a_second(work) -> float:
    begun, done = time.process_time(), 0
    while time.process_time() - begun < 2.0:
        work()
        done += 1
    return done / (time.process_time() - begun)
