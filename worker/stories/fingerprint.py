"""What an article is about, in no language: the marks by which its happening is known (pure).

A mark is a kind and a name: `a:yekaterinburg` an actor, `t:black_box` a topic, `c:raid` a concept,
`e:detention_or_raid:RUS` an event with its initiator, `n:38` a number, `w:svrv` the skeleton of a
word that the lexicon does not know. The two countries that every article is about are no marks.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b

from worker.classify import Understood
from worker.classify.lexicon import LanguagePack, Term
from worker.classify.reading import Read
from worker.classify.topics import topics_of
from worker.stories.skeleton import skeleton

#: Mark and weight, the weightiest first.
Fingerprint = tuple[tuple[str, float], ...]

#: Further marks of one article say little more, and each costs a row.
MOST_MARKS = 32
#: Words of a field that are looked at: what happened stands at the top.
LEAD_WORDS = 80
#: What stands in the headline says more.
_HEADLINE = 1.8
#: What stands below the first sentence of the text is background more often than news.
LATER = 0.6
_TOPIC = {1: 0.2, 2: 0.6, 3: 1.1, 4: 1.6}
_ACTOR, _THIRD_COUNTRY, _CONCEPT, _NUMBER, _EVENT = 1.6, 1.0, 0.8, 0.8, 1.0
_WORD, _NAME, _SHORT = 0.7, 1.0, 0.6
#: Nothing that is longer is a word; a mark, and what is remembered of it, stays small.
_LONGEST = 40
#: Letters of a skeleton that are compared: the rest is ending.
_STEM = 4


def mark_key(mark: str) -> int:
    """A mark as a signed number of 64 bits, for a database."""
    return int.from_bytes(blake2b(mark.encode(), digest_size=8).digest(), "big", signed=True)


def fingerprint(article: Understood, dyad: Sequence[str]) -> Fingerprint:
    """The marks of one article, at most `MOST_MARKS`; the same for the same article."""
    found: dict[str, float] = {}
    language = article.classification.language
    for field in (article.title, article.text):
        if field is None or article.pack is None:
            continue
        for mark, weight, at in _marks(field, article.pack, dyad, language):
            share = _HEADLINE if field.name == "title" else _share(field, at)
            found[mark] = max(found.get(mark, 0.0), share * weight)
    for event in article.classification.events[:1]:
        found[f"e:{event.category}:{event.initiator}"] = _EVENT
    strongest = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return tuple(strongest[:MOST_MARKS])


def _share(field: Read, at: int) -> float:
    """What a word of the text weighs by its sentence: the further down, the more background."""
    return 1.0 if field.words.sentences[at] == 0 else LATER


def _marks(
    field: Read, pack: LanguagePack, dyad: Sequence[str], language: str
) -> Iterator[tuple[str, float, int]]:
    """Mark, weight and word of everything in a field that tells one happening from another."""
    covered: set[int] = set()
    for one in field.named:
        if one.first >= LEAD_WORDS:
            break
        covered.update(range(one.first, one.last + 1))
        state = one.actor.kind in ("country", "capital")
        if not (state and set(one.actor.sides) & set(dyad)):
            yield f"a:{one.actor.id}", _THIRD_COUNTRY if state else _ACTOR, one.first
    for hit in field.hits:
        entry = pack.entries[hit.pattern]
        if hit.first < LEAD_WORDS and isinstance(entry, Term):
            yield f"c:{entry.concept.name}", _CONCEPT, hit.first
    for topic in topics_of(field.words, field.original, pack, LEAD_WORDS):
        covered.update(range(topic.first, topic.last + 1))
        yield f"t:{topic.topic.id}", _TOPIC[topic.topic.weight], topic.first
    yield from _unknown(field, covered, language)


def _unknown(field: Read, covered: set[int], language: str) -> Iterator[tuple[str, float, int]]:
    """Numbers, and words that neither a name nor a topic explains."""
    for at, word in enumerate(field.words.words[:LEAD_WORDS]):
        if word[0].isdigit():
            if number := _number(word):
                yield f"n:{number}", _NUMBER, at
            continue
        bones = "" if at in covered else skeleton(word[:_LONGEST], language)
        if len(bones) < 3:
            continue
        start, _ = field.words.span(at, at)
        named = at > 0 and field.original[start : start + 1].isupper()
        short = _SHORT if len(bones) < _STEM else 1.0
        yield f"w:{bones[:_STEM]}", (_NAME if named else _WORD) * short, at


def _number(word: str) -> str:
    """The digits at the head of a word, in any script, as ASCII: 14-ü, ۱۴."""
    digits = ""
    for sign in word[:_LONGEST]:
        if not sign.isdigit():
            break
        digits += str(int(sign)) if sign.isdecimal() else ""
    return digits
