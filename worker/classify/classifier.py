"""Article in, classification out: language, relevance, events; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from worker.classify import events as event_rules
from worker.classify.escalation import escalation_score
from worker.classify.language import language_of
from worker.classify.lexicon import LanguagePack, Lexicon
from worker.classify.reading import (
    FRESH,
    Read,
    field_of,
    guarded,
    near_cue,
    passive,
    read,
    with_news,
)
from worker.classify.record import Classification, Direction, Event, Evidence
from worker.classify.relevance import LEAD, THRESHOLD, Relevance, relevance
from worker.classify.roles import Setting, parties
from worker.classify.triggers import Trigger, spoken_of, triggers

#: A term of this weight or more counts in the text by itself; in the headline one less will do.
_TEXT_WEIGHT = 3
_TITLE_WEIGHT = 2
#: Longer texts are read to here only; what happened stands at the top.
MOST_TEXT = 20_000
#: No headline is longer; what claims to be one is read to here, for the same reason.
MOST_TITLE = 2_000


class Readable(Protocol):
    """What classification reads of an article."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str | None: ...
    @property
    def topical(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Given:
    title: str
    text: str
    language: str | None
    topical: bool


@dataclass(frozen=True, slots=True)
class Understood:
    """A classification with what it was made from: the article's two fields, read.

    `pack` is None, and the fields are, where the lexicon has no language at all. Terms, cues and
    guards (`hits`, `cues`) are found only where both sides are named or the source is topical.
    """

    classification: Classification
    pack: LanguagePack | None = None
    title: Read | None = None
    text: Read | None = None


class Classifier:
    """Classifies articles by one lexicon; holds no state but look-up tables."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def classify(self, article: Readable | Mapping[str, Any]) -> Classification:
        """The classification of one article; the same article always gives the same one."""
        return self.understand(article).classification

    def understand(self, article: Readable | Mapping[str, Any]) -> Understood:
        """The classification of one article, and the reading that it rests on."""
        given = _given(article)
        declared = [given.language] if given.language else []
        language = language_of(f"{given.title}\n{given.text[:400]}", declared)
        pack = self._lexicon.pack(language)
        if pack is None:
            nothing = Relevance(0.0, "the lexicon has no language at all")
            return Understood(_irrelevant(language, nothing))
        title = read("title", given.title, pack, language)
        text = read("text", given.text, pack, language)
        about = self._sides(title, text)
        if len(about) < 2 and not given.topical:
            missing = " and ".join(side for side in self._lexicon.dyad if side not in about)
            unnamed = _irrelevant(language, Relevance(0.0, f"{missing} not named"))
            return Understood(unnamed, pack, title, text)
        title, text = with_news(title, pack), with_news(text, pack)
        happenings = self._happenings(title, text, pack, about)
        links = sum(
            1 for one in happenings if one.rank < 2 and one.parties.initiator and one.parties.target
        )
        found = relevance(
            field_of(title, pack),
            field_of(text, pack),
            self._lexicon.dyad,
            links,
        )
        if given.topical:
            found = Relevance(max(found.score, THRESHOLD), "its source is topical")
        if found.score < THRESHOLD:
            return Understood(_irrelevant(language, found), pack, title, text)
        classified = self._classified(language, found, happenings, title, pack)
        return Understood(classified, pack, title, text)

    def _sides(self, *fields: Read) -> frozenset[str]:
        return frozenset(
            side
            for field in fields
            for one in field.named
            if not one.listed
            for side in one.actor.sides
            if side in self._lexicon.dyad
        )

    def _happenings(
        self, title: Read, text: Read, pack: LanguagePack, about: frozenset[str]
    ) -> list[event_rules.Happening]:
        return [
            self._happening(trigger, field, pack, about)
            for field in (title, text)
            for trigger in spoken_of(
                triggers(field.words, field.hits, pack, self._lexicon), pack.verb_final
            )
            if self._counts(trigger, field)
        ]

    def _counts(self, trigger: Trigger, field: Read) -> bool:
        """Whether a term says enough where it stands, of somebody of the dyad."""
        in_title = field.name == "title"
        weight = trigger.term.weight
        vague = in_title or (trigger.concept.name == "tension" and trigger.sentence < LEAD)
        if weight < (_TITLE_WEIGHT if vague else _TEXT_WEIGHT) or trigger.sentence > FRESH:
            return False
        here = {one.side for one in field.named if one.sentence == trigger.sentence}
        ours = sum(1 for side in self._lexicon.dyad if side in here)
        if in_title or trigger.sentence < LEAD:
            return ours >= 1 or not here
        return ours == 2 and not trigger.background

    def _happening(
        self, trigger: Trigger, field: Read, pack: LanguagePack, about: frozenset[str]
    ) -> event_rules.Happening:
        start, end = field.words.span(trigger.first, trigger.last)
        here = [one for one in field.named if one.sentence == trigger.sentence]
        setting = Setting(
            trigger.first, trigger.last, here, passive(trigger, field), pack.verb_final
        )
        deaths = near_cue("deaths", trigger, field)
        if deaths and trigger.concept.deadly:
            trigger = replace(trigger, background=False)
        rank = 0 if field.name == "title" else 1 if trigger.sentence < LEAD else 2
        return event_rules.Happening(
            trigger,
            parties(trigger.concept, setting, self._lexicon, about),
            Evidence(field.name, start, end, trigger.term.name),
            deaths,
            rank,
        )

    def _classified(
        self,
        language: str,
        found: Relevance,
        happenings: Sequence[event_rules.Happening],
        title: Read,
        pack: LanguagePack,
    ) -> Classification:
        told = event_rules.merged(happenings, self._lexicon.concepts)
        looking_back = guarded("history", title, pack) or guarded("opinion", title, pack)
        if looking_back is not None:
            told = self._with_analysis(told, looking_back)
        if not told:
            told = self._other(title)
        main = told[0] if told else None
        direction: Direction = main.direction if main else "neutral"
        severity = main.severity if main else 0
        mutual = main is not None and self._lexicon.concepts[main.concept].roles == "mutual"
        initiator = (
            event_rules.article_initiator(main, mutual, self._lexicon.dyad) if main else None
        )
        escalatory = sum(1 for event in told if event.direction == "escalatory")
        score = escalation_score(direction, severity, escalatory, found.score)
        return Classification(
            language,
            True,
            found.score,
            direction,
            severity,
            initiator,
            score,
            tuple(told),
            found.reason,
        )

    def _with_analysis(self, told: list[Event], evidence: Evidence) -> list[Event]:
        """An article that looks back or comments: its events are what it speaks of, not news."""
        concept = self._lexicon.concepts.get("analysis")
        if concept is None:
            return told
        tension = max((event.severity for event in told), default=0)
        direction: Direction = (
            "escalatory"
            if any(e.direction == "escalatory" for e in told) and tension
            else "neutral"
        )
        main = Event(
            concept.category,
            concept.name,
            None,
            None,
            direction,
            min(tension, 1),
            concept.plover,
            (evidence,),
            True,
        )
        return [main]

    def _other(self, title: Read) -> list[Event]:
        """What stands for an article of the two countries in which no concept was found."""
        concept = self._lexicon.concepts.get("other")
        if concept is None or not title.named:
            return []
        first = title.named[0]
        start, end = title.words.span(first.first, first.last)
        evidence = Evidence("title", start, end, first.actor.id)
        other = Event(
            concept.category, concept.name, None, None, concept.direction, concept.severity,
            concept.plover, (evidence,), True,
        )  # fmt: skip
        return [other]


def _given(article: Readable | Mapping[str, Any]) -> _Given:
    if isinstance(article, Mapping):
        return _Given(
            (article.get("title") or "")[:MOST_TITLE],
            (article.get("text") or "")[:MOST_TEXT],
            article.get("language"),
            bool(article.get("topical")),
        )
    title, text = article.title[:MOST_TITLE], article.text[:MOST_TEXT]
    return _Given(title, text, article.language, article.topical)


def _irrelevant(language: str, found: Relevance) -> Classification:
    return Classification(language, False, found.score, "neutral", 0, None, 0.0, (), found.reason)
