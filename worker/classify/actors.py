"""Who is named where: the actors of a text, each with its country and its grammatical setting."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from worker.classify.lexicon import Actor, Cue, Entry, LanguagePack
from worker.classify.match import Hit
from worker.classify.words import Words

#: Cue words that stand before (or behind) a name and say what part it plays.
_MARKS = ("agent", "target", "place", "source", "owned", "posted")
_HEADS = ("envoys", "people", "things", "bodies")
#: Cases that a possessed noun shows for certain.
_HEAD_CASES = ("dative", "locative", "ablative", "ergative")
#: Words between a name and the noun that it belongs to.
_HEAD_REACH = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor named in words `first` to `last`.

    `case` is the ending's grammatical case where the language shows one; `head` the kind of noun
    that the name modifies (Russian *ambassador*: envoys); `marks` the part that words beside it
    give it (*by* Russia: agent). `possessive`: the name owns its head noun (Rusya'nın *elçisi*);
    `case` is then the noun's.
    """

    actor: Actor
    first: int
    last: int
    sentence: int
    case: str | None = None
    head: str | None = None
    marks: frozenset[str] = frozenset()
    listed: bool = False
    possessive: bool = False

    @property
    def side(self) -> str | None:
        """The country for which the actor acts or suffers; None for an organisation of many."""
        return self.actor.sides[0] if self.actor.sides else None


@dataclass(frozen=True, slots=True)
class Cues:
    """Where the cue words of a text stand: kind → word positions."""

    hits: Sequence[tuple[Cue, Hit]]

    def positions(self, kind: str) -> list[Hit]:
        """All places of one kind of cue."""
        return [hit for cue, hit in self.hits if cue.kind == kind]


def mentions(text: Words, hits: Sequence[Hit], pack: LanguagePack) -> list[Mention]:
    """The actors named in a text, the longest where names overlap, in reading order.

    What stands below a line such as `Read also` belongs to other articles and is left out.
    """
    found: list[tuple[Actor, Hit]] = []
    links = len(text.words)
    for hit in hits:
        entry = pack.entries[hit.pattern]
        if isinstance(entry, Actor):
            found.append((entry, hit))
        elif hit.first and text.sentences[hit.first] != text.sentences[hit.first - 1]:
            links = min(links, hit.first)
    found.sort(key=lambda pair: (pair[1].first, -pair[1].last, -pair[0].weight))
    kept: list[Mention] = []
    for actor, hit in found:
        if hit.first >= links:
            break
        if kept and hit.first <= kept[-1].last:
            continue
        kept.append(Mention(actor, hit.first, hit.last, text.sentences[hit.first]))
    return _listed(text, kept)


def described(
    text: Words, named: Sequence[Mention], cues: Sequence[tuple[Cue, Hit]], pack: LanguagePack
) -> list[Mention]:
    """The same mentions with case, head noun and marks; done only for what is worth it."""
    kinds: dict[int, list[str]] = {}
    behind: dict[int, list[str]] = {}
    ahead: dict[int, list[tuple[int, str]]] = {}
    adjectives: set[int] = set()
    for cue, hit in cues:
        if cue.kind == "adjectives":
            adjectives.update(range(hit.first, hit.last + 1))
        elif cue.kind in _MARKS:
            if cue.before:
                ahead.setdefault(hit.last, []).append((hit.last - hit.first, cue.kind))
            else:
                behind.setdefault(hit.first, []).append(cue.kind)
        for at in range(hit.first, hit.last + 1):
            kinds.setdefault(at, []).append(cue.kind)
    full = []
    named_at = {at for one in named for at in range(one.first, one.last + 1)}
    for one in named:
        sentence = text.sentences[one.first]
        marks = _longest(ahead.get(one.first - 1, ()))
        if not marks and one.first >= 2 and one.first - 1 in kinds:
            marks = _longest(ahead.get(one.first - 2, ()))
        for at in (one.last + 1, one.last + 2):
            if at >= len(text.words) or text.sentences[at] != sentence or at in named_at:
                break  # what stands behind another name belongs to that one
            marks.update(behind.get(at, ()))
        adjective = one.last in adjectives
        case = None if adjective else _case(text.words[one.last], pack)
        head, noun = _head(text, one, kinds, named_at, adjective, case, marks, pack)
        owns = case == "genitive"
        if pack.verb_final and _opens(text, one) and case in (None, "nominative"):
            marks.add("subject")
        if noun is not None and pack.genitive_first and case in (None, "genitive", "nominative"):
            case = _head_case(text.words[noun], pack)
        full.append(replace(one, case=case, head=head, marks=frozenset(marks), possessive=owns))
    return full


def _longest(kinds: Sequence[tuple[int, str]]) -> set[str]:
    """The parts that the longest of the cues before a name give it: `sent to`, not `to`."""
    most = max((length for length, _ in kinds), default=0)
    return {kind for length, kind in kinds if length == most}


def _case(word: str, pack: LanguagePack) -> str | None:
    known = pack.case_words.get(word)
    if known:
        return known
    _, apostrophe, suffix = word.partition("'")
    for ending, case in pack.case_endings:
        if apostrophe and suffix == ending:
            return case
    for ending, case in pack.case_endings:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return case
    return "nominative" if pack.case_endings else None


def _head(
    text: Words,
    one: Mention,
    kinds: dict[int, list[str]],
    named_at: set[int],
    adjective: bool,
    case: str | None,
    marks: set[str],
    pack: LanguagePack,
) -> tuple[str | None, int | None]:
    """Kind and place of the noun that the name belongs to: the next, or the one before."""
    for kind in ("people", "envoys"):
        if kind in kinds.get(one.last, ()):
            return kind, None
    sentence = text.sentences[one.first]
    forward = adjective or (
        pack.genitive_first
        and (case == "genitive" or (_attributive(one, pack) and case in ("nominative", None)))
    )
    backward = not adjective and not pack.genitive_first and (
        case == "genitive" or bool(marks & {"source", "owned"})
    )  # fmt: skip
    if "'s" in text.words[one.last]:
        forward, backward = True, False
    if one.actor.kind == "place" and not adjective:
        backward = False  # the people of Ganja: where they live, not whose they are
    places: list[int] = []
    if forward:
        places += range(one.last + 1, min(one.last + 1 + _HEAD_REACH, len(text.words)))
    if backward:
        # `from` follows its noun directly; a genitive may have words between.
        reach = _HEAD_REACH if case == "genitive" or "owned" in marks else 2
        places += range(one.first - 1, max(-1, one.first - 1 - reach), -1)
    for at in places:
        if (
            text.sentences[at] != sentence
            or _comma(text, one, at)
            or (at in named_at and case != "genitive")
        ):
            break
        for kind in _HEADS:
            if kind in kinds.get(at, ()):
                return (kind, at) if pack.case_endings else _last_noun(text, kind, at, kinds)
    return None, None


def _last_noun(text: Words, kind: str, at: int, kinds: dict[int, list[str]]) -> tuple[str, int]:
    """The head of things in a row, which is the last noun in languages without cases:
    `Russian TV host`."""
    while kind == "things" and at + 1 < len(text.words) and text.between(at, at + 1) == " ":
        behind = next((one for one in _HEADS if one in kinds.get(at + 1, ())), None)
        if behind is None:
            break
        kind, at = behind, at + 1
    return kind, at


def _attributive(one: Mention, pack: LanguagePack) -> bool:
    """Whether a name without an ending may belong to the noun behind it; a person's never does."""
    return pack.bare_attributes and one.actor.kind != "person"


def _opens(text: Words, one: Mention) -> bool:
    """Whether a name opens its sentence and a comma follows: a subject, in a verb-final one."""
    begins = one.first == 0 or text.sentences[one.first - 1] != one.sentence
    follows = one.last + 1 < len(text.words) and text.sentences[one.last + 1] == one.sentence
    return begins and follows and "," in text.between(one.last, one.last + 1)


def _comma(text: Words, one: Mention, at: int) -> bool:
    """Whether a comma or a colon parts the name from word `at`."""
    between = text.between(one.last, at) if at > one.last else text.between(at, one.first)
    return any(sign in between for sign in ",;:")


def _head_case(word: str, pack: LanguagePack) -> str:
    """The case of a possessed noun, whose own ending looks like an accusative and is none."""
    for ending, case in pack.case_endings:
        if len(ending) > 1 and word.endswith(ending) and case in _HEAD_CASES:
            return case
    return "nominative"


def _listed(text: Words, named: list[Mention]) -> list[Mention]:
    """Marks the names that stand in an enumeration of four countries or more."""
    runs: list[list[int]] = []
    for at, one in enumerate(named):
        previous = named[at - 1] if at else None
        near = (
            previous is not None
            and previous.sentence == one.sentence
            and _enumerates(text.between(previous.last, one.first), one.first - previous.last - 1)
        )
        if near:
            runs[-1].append(at)
        else:
            runs.append([at])
    listed = {
        at
        for run in runs
        if len({named[at].side for at in run} - {None}) >= 4
        for at in run
    }  # fmt: skip
    return [replace(one, listed=at in listed) for at, one in enumerate(named)] if listed else named


def _enumerates(between: str, words: int) -> bool:
    """Whether only commas and at most two words to each of them stand between two names."""
    commas = sum(between.count(sign) for sign in ",،;")
    return words <= 2 * commas + 1


def cues_of(hits: Sequence[Hit], entries: Sequence[Entry]) -> list[tuple[Cue, Hit]]:
    """The cue words among the hits."""
    found: list[tuple[Cue, Hit]] = []
    for hit in hits:
        entry = entries[hit.pattern]
        if isinstance(entry, Cue):
            found.append((entry, hit))
    return found
