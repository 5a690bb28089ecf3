"""From articles to a history: classified, placed into stories and timed as they would be live.

Articles are taken in the order in which they came, so that nothing knows of what came after it:
`fetched` is when one came, or `published` where a record has no such time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from alerts.rules import Rule
from alerts.rules.passing import Came
from alerts.rules.view import HOUR
from alerts.series import floor
from alerts.signal import Signal
from crawler.article import Article
from crawler.source import Source
from worker.backtest.hearing import Heard, heard_of, heard_throughout
from worker.backtest.history import History, Merge
from worker.classify import Classifier
from worker.classify.record import Classification
from worker.countries import alpha_3
from worker.keys import article_key
from worker.listening import sources_of
from worker.newsrooms import publishers_by_domain, with_publisher
from worker.stories.fingerprint import Fingerprint, fingerprint
from worker.stories.placing import Stories
from worker.stories.sketch import Sketch, sketch
from worker.timing import when_it_counts

#: The time of fetching of a record that has none.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


class NoTime(ValueError):
    """The article has neither a time of fetching nor of publication."""


@dataclass(frozen=True, slots=True)
class Understood:
    """One article on its way into a history; `came` is aware UTC."""

    article: Article
    came: datetime
    classification: Classification
    words: Sketch | None = None  # of relevant ones alone: the stories of the rest nobody counts
    marks: Fingerprint = ()


def clocked(article: Article) -> Article:
    """The article with the time at which the back-test's clock brings it; `NoTime` without one."""
    if article.fetched != NEVER:
        return article
    if article.published is None:
        raise NoTime("it has neither fetched nor published: a back-test cannot tell when it came.")
    return replace(article, fetched=_moment(article.published))


def understand(
    articles: Iterable[Article], classifier: Classifier, sources: Sequence[Source]
) -> Iterator[Understood]:
    """Each article classified, under its publisher's newsroom."""
    languages = {source.id: source.languages for source in sources}
    publishers = publishers_by_domain(sources)
    for one in articles:
        article = with_publisher(one, publishers, crawled=False)
        read = classifier.understand(article, languages.get(article.source, ()))
        if read.classification.relevant:
            words = sketch(article.title, article.text)
            marks = fingerprint(read, classifier.dyad)
            yield Understood(article, article.fetched, read.classification, words, marks)
        else:
            yield Understood(article, article.fetched, read.classification)


def history_of(understood: Iterable[Understood], sources: Sequence[Source] = ()) -> History:
    """The history that these articles make; one that comes twice counts the first time."""
    every = _once(understood)
    if not every:
        now = datetime(1970, 1, 1, tzinfo=UTC)
        return History((), (), heard_throughout(now, now), now, now)
    placing = _Placing({source.newsroom: source.stance for source in sources})
    for one in every:
        placing.take(one)
    origin, until = floor(every[0].came, HOUR), every[-1].came
    others = [(one.came, one.article.newsroom) for one in every if not one.classification.relevant]

    def apart(rule: Rule) -> Heard | None:
        mine = sources_of(rule, sources)
        names = {source.newsroom for source in sources if source.id in mine}
        return heard_of((one for one in others if one[1] in names), origin, until)

    hearing = heard_of(others, origin, until)
    return History(placing.came, placing.merges, hearing, origin, until, len(every), apart)


def _once(understood: Iterable[Understood]) -> list[Understood]:
    """In the order in which they came, each article the first time."""
    keyed = [(one.came, article_key(one.article.canonical_url), one) for one in understood]
    keyed.sort(key=lambda one: one[:2])
    first: dict[str, Understood] = {}
    for _, key, one in keyed:
        first.setdefault(key, one)
    return list(first.values())


class _Placing:
    """Stories and signals, article by article in the order in which they came."""

    def __init__(self, stances: Mapping[str, str | None]) -> None:
        self.came: list[Came] = []
        self.merges: list[Merge] = []
        self._stances = stances
        self._stories = Stories()
        self._tellers: dict[str, str] = {}

    def take(self, one: Understood) -> None:
        if one.words is None or not one.classification.events:
            return
        article, key = one.article, article_key(one.article.canonical_url)
        timing = when_it_counts(
            article.published, one.came, one.came, origin="crawl", first_poll=False, stage="page",
            characters=len(article.title) + len(article.text),
        )  # fmt: skip
        placed = self._stories.place(key, "page", timing.at, one.words, one.marks, None)
        teller = self._tellers.setdefault(placed.telling, article.newsroom)
        self.merges += [Merge(one.came, younger, placed.story) for younger in placed.merged]
        fires = timing.fires_from is not None
        self.came += [
            Came(
                Signal(
                    at=timing.at,
                    article=key,
                    story=placed.story,
                    newsroom=article.newsroom,
                    category=event.category,
                    direction=event.direction,
                    severity=event.severity,
                    initiator=event.initiator,
                    target=event.target,
                    language=one.classification.language,
                    country=alpha_3(article.country),
                    concept=event.concept,
                    terms=tuple(sorted({evidence.term for evidence in event.evidence})),
                    main=event.main,
                    fires=fires,
                    teller=teller,
                    stance=self._stances.get(article.newsroom),
                ),
                one.came,
            )
            for event in one.classification.events
        ]


def _moment(published: datetime | date) -> datetime:
    if isinstance(published, datetime):
        return published
    return datetime.combine(published, time(12), UTC)
