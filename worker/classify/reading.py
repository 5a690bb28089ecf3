"""One field of an article, read: its words, who is named, and which words say what happened."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from worker.classify.actors import Mention, cues_of, described, mentions
from worker.classify.lexicon import Cue, Guard, LanguagePack
from worker.classify.match import Hit
from worker.classify.normalise import normalise
from worker.classify.record import Evidence
from worker.classify.relevance import Field
from worker.classify.triggers import Trigger
from worker.classify.words import Words, cut

#: Further sentences of the text than this tell background.
FRESH = 6


@dataclass(frozen=True, slots=True)
class Read:
    """One field, read: its words, what matched, who is named."""

    name: Literal["title", "text"]
    original: str
    words: Words
    hits: Sequence[Hit]
    named: Sequence[Mention]
    cues: Sequence[tuple[Cue, Hit]]


def read(name: Literal["title", "text"], original: str, pack: LanguagePack, language: str) -> Read:
    """The names of a field; enough to see that most articles are about something else."""
    words = cut(normalise(original, language))
    named = mentions(words, pack.names.find(words, original), pack)
    return Read(name, original, words, (), named, ())


def with_news(field: Read, pack: LanguagePack) -> Read:
    """The field with its terms, cues and guards, which matter only where news is told."""
    until = bisect_right(field.words.sentences, FRESH)
    hits = pack.matcher.find(field.words, field.original, until)
    cues = cues_of(hits, pack.entries)
    told = [one for one in field.named if one.sentence <= FRESH]
    named = [*described(field.words, told, cues, pack), *field.named[len(told) :]]
    return Read(field.name, field.original, field.words, hits, named, cues)


def passive(trigger: Trigger, field: Read) -> bool:
    """Whether the trigger stands in the passive voice."""
    return any(
        cue.kind == "passive" and trigger.first - 3 <= hit.first and hit.last <= trigger.last + 2
        for cue, hit in field.cues
    )


def near_cue(kind: str, trigger: Trigger, field: Read) -> bool:
    """Whether the sentence of the trigger has a cue of that kind."""
    return any(
        cue.kind == kind and field.words.sentences[hit.first] == trigger.sentence
        for cue, hit in field.cues
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
    sport, offtopic = (
        len({hit.first for hit in _guards(field, pack, kind)}) for kind in ("sport", "offtopic")
    )
    return Field(field.named, sport, offtopic)


def guarded(kind: str, title: Read, pack: LanguagePack) -> Evidence | None:
    """The first guard of that kind in a field, as evidence."""
    for hit in _guards(title, pack, kind):
        start, end = title.words.span(hit.first, hit.last)
        return Evidence("title", start, end, kind)
    return None
