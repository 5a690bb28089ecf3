"""One field of an article, read: its words, who is named, and which words say what happened."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from worker.classify.actors import Mention, cues_of, described, mentions
from worker.classify.clauses import clause_of, colon, dateline, quoted, source_behind
from worker.classify.lexicon import Cue, Guard, LanguagePack
from worker.classify.match import Hit
from worker.classify.normalise import normalise
from worker.classify.record import Evidence
from worker.classify.relevance import Field
from worker.classify.triggers import Trigger, reaches
from worker.classify.words import Words, cut

#: Sentences of the text that count as its lead, and those behind it that may still tell news.
LEAD = 2
FRESH = 5
#: A line of fewer words is a byline, a date or a caption: the lead begins behind it.
_LINE = 5
#: Media that weigh less in the lexicon are sources of news more often than its objects.
_NO_SOURCE = 0.5


@dataclass(frozen=True, slots=True)
class Read:
    """One field, read: its words, what matched, who is named."""

    name: Literal["title", "text"]
    original: str
    words: Words
    hits: Sequence[Hit]
    named: Sequence[Mention]
    cues: Sequence[tuple[Cue, Hit]]
    lead: int
    """The first sentence beyond the lead."""
    quoted: frozenset[int] = frozenset()
    """The places of words inside quotation marks."""
    colon: int | None = None
    """The word before the colon that a headline begins with a source or a speaker."""
    told_by: int = 0
    """Where a headline's source begins, as in `Seven detained in Baku – ministry` and in
    `Seven detained in Baku, ministry says`, or its end."""

    def leads(self, sentence: int) -> bool:
        """Whether a sentence is the headline or belongs to the lead."""
        return self.name == "title" or sentence < self.lead

    @property
    def fresh(self) -> int:
        """The last sentence that may tell news; what comes after is background."""
        return self.lead + FRESH - 1


def read(name: Literal["title", "text"], original: str, pack: LanguagePack, language: str) -> Read:
    """The names of a field; enough to see that most articles are about something else."""
    words = cut(normalise(original, language))
    named = mentions(words, pack.names.find(words, original), pack)
    if name == "text" and named and named[0].actor.kind in ("capital", "place"):
        begun = dateline(original)  # where it was written is not what it is about
        named = [one for one in named if words.ends[one.last] > begun]
    return Read(name, original, words, (), named, (), _lead(words))


def with_news(field: Read, pack: LanguagePack) -> Read:
    """The field with its terms, cues and guards, which matter only where news is told."""
    until = bisect_right(field.words.sentences, field.fresh)
    hits = pack.matcher.find(field.words, field.original, until)
    cues = cues_of(hits, pack.entries)
    told = [one for one in field.named if one.sentence <= field.fresh]
    named = [*described(field.words, told, cues, pack), *field.named[len(told) :]]
    inside = quoted(field.words, until)
    said = max((hit.first for cue, hit in cues if cue.kind == "reports"), default=-1)
    told_by = source_behind(field.words, said) if field.name == "title" else until
    return replace(
        field,
        hits=hits,
        named=named,
        cues=cues,
        quoted=inside,
        colon=colon(field.words) if field.name == "title" else None,
        told_by=told_by,
    )


def _lead(words: Words) -> int:
    """The first sentence behind the first `LEAD` ones that are more than a line."""
    full = 0
    for sentence, run in groupby(words.sentences):
        full += sum(1 for _ in run) >= _LINE
        if full == LEAD:
            return sentence + 1
    return max(LEAD, words.sentences[-1] + 1) if words.sentences else LEAD


def passive(trigger: Trigger, field: Read) -> bool:
    """Whether the trigger stands in the passive voice."""
    return any(
        cue.kind == "passive" and trigger.first - 3 <= hit.first and hit.last <= trigger.last + 2
        for cue, hit in field.cues
    )


def clause(trigger: Trigger, field: Read, verb_final: bool) -> tuple[int, int]:
    """The first and the last word of the trigger's clause."""
    openers = {hit.first for cue, hit in field.cues if cue.kind == "clause"}
    return clause_of(field.words, trigger.first, trigger.last, verb_final, openers)


def said_behind(trigger: Trigger, field: Read) -> bool:
    """Whether a verb of saying stands behind a trigger in its sentence."""
    return any(
        cue.kind == "reports"
        and hit.first > trigger.last
        and field.words.sentences[hit.first] == trigger.sentence
        for cue, hit in field.cues
    )


def said_before(trigger: Trigger, field: Read) -> int | None:
    """Where the last verb of saying stands before a trigger in its sentence."""
    return max(
        (
            hit.first
            for cue, hit in field.cues
            if cue.kind == "reports"
            and hit.last < trigger.first
            and field.words.sentences[hit.first] == trigger.sentence
        ),
        default=None,
    )


def of_press(field: Read, clause: tuple[int, int]) -> bool:
    """Whether journalists or a newsroom are spoken of in a clause, and not as the source."""
    first, last = clause
    return any(
        cue.kind == "press" and first <= hit.first <= last for cue, hit in field.cues
    ) or any(
        one.actor.kind == "media" and one.actor.weight >= _NO_SOURCE and first <= one.first <= last
        for one in field.named
    )


def deaths_of(trigger: Trigger, field: Read, pack: LanguagePack) -> bool:
    """Whether deaths are reported with the trigger, and not as the reason or the past of it."""
    reasons = [
        (entry, hit)
        for hit in field.hits
        if isinstance(entry := pack.entries[hit.pattern], Guard) and entry.kind == "background"
    ]
    return any(
        cue.kind == "deaths"
        and field.words.sentences[hit.first] == trigger.sentence
        and not any(
            _between(at, hit, trigger) and reaches(guard, at, hit, field.words)
            for guard, at in reasons
        )
        for cue, hit in field.cues
    )


def _between(middle: Hit, one: Hit, other: Trigger) -> bool:
    return (
        one.last < middle.first <= middle.last < other.first
        or other.last < middle.first <= middle.last < one.first
    )


def _guards(field: Read, pack: LanguagePack, kind: str) -> list[Hit]:
    found = []
    for hit in field.hits:
        entry = pack.entries[hit.pattern]
        if isinstance(entry, Guard) and entry.kind == kind:
            found.append(hit)
    return found


def field_of(field: Read, pack: LanguagePack) -> Field:
    """What relevance needs to know of a field."""
    sport, offtopic, mediation = (
        len({hit.first for hit in _guards(field, pack, kind)})
        for kind in ("sport", "offtopic", "mediation")
    )
    return Field(field.named, field.lead, sport, offtopic, mediation)


def guarded(kind: str, title: Read, pack: LanguagePack) -> Evidence | None:
    """The first guard of that kind in a field, as evidence."""
    for hit in _guards(title, pack, kind):
        start, end = title.words.span(hit.first, hit.last)
        return Evidence("title", start, end, kind)
    return None
