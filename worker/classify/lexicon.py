"""The lexicon: what a profile's YAML says of concepts, terms, actors, cues and guards, compiled.

Every file below the directory is a mapping with any of these keys, so that a language is one file,
and a category with its terms is one, too:

    concepts            what can happen: category, PLOVER root, direction, severity, roles
    actors              who can act or suffer, with `names` and `adjectives` by language
    topics              what tells one story from another (topics.py); classification ignores them
    terms               ways to say a concept, by concept; by language first where the file has no
                        `language`
    weights, threshold  other weights of terms, the least relevance (weights.py)
    language            the file is about this language, and may have besides:
      endings, cases    what `+` stands for, and the grammatical case of an ending or a word
      cues, guards      words that show who acts on whom, and words that change what is said
      suffixes          guards inside the verb: pieces of a trigger's last word; `finite` are the
                        endings of verbs that carry a clause of their own
      verb_final, genitive_first, bare_attributes   the order of words
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from worker.classify.match import Matcher
from worker.classify.record import Direction
from worker.classify.topics import Topics
from worker.classify.uncollected import uncollected

#: How the parties of a concept are found; see `roles.py`.
RoleKind = Literal["act", "domestic", "measure", "envoy", "statement", "mutual", "own", "accident",
                   "none"]  # fmt: skip
Reach = Literal["before", "after", "anywhere"]

GUARDS = frozenset(
    {"negation", "denial", "hypothetical", "demand", "background", "history", "opinion", "sport",
     "offtopic", "mediation"}
)  # fmt: skip
CUES = frozenset(
    {"agent", "target", "place", "source", "owned", "posted", "bodies", "people", "things",
     "envoys", "adjectives", "passive", "deaths", "related", "clause", "press", "reports",
     "joins"}
)  # fmt: skip
CASES = frozenset(
    {"nominative", "genitive", "dative", "accusative", "instrumental", "locative", "ablative",
     "ergative"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Concept:
    """A kind of happening, finer than its category.

    `also`: a concept that holds as well. `undoes`: the concepts that it makes good, whose events
    take its direction and severity. `deadly`: deaths in the same sentence are its deaths.
    `yields`: 1 gives way to others as the main happening, 2 is left out beside an escalatory one.
    `demanded`, `refused`: what it becomes when somebody asks for it, or when it does not come.
    `of_press`: what holds as well where it strikes a newsroom or a journalist. `because_of`: the
    concepts that hold as well where they are its reason. `abroad`: it may happen in a third
    country, which then does not prevail. `accuses`: it says of somebody that he did something,
    which then is the happening. `voices`: words that belong to it wherever the article has them.
    """

    name: str
    category: str
    plover: str
    direction: Direction
    severity: int
    roles: RoleKind
    also: str | None = None
    undoes: frozenset[str] = frozenset()
    deadly: bool = False
    yields: int = 0
    demanded: str | None = None
    refused: str | None = None
    of_press: str | None = None
    because_of: frozenset[str] = frozenset()
    abroad: bool = False
    accuses: bool = False
    voices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Term:
    """One way to say a concept in one language; `weight` 1 (vague) to 5 (unmistakable)."""

    name: str
    concept: Concept
    language: str
    weight: int


@dataclass(frozen=True, slots=True)
class Unless:
    """A context in which a hit of `term` that shares a word with it says nothing."""

    term: Term


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, body, place or company that stands for `sides` (alpha-3); none: only known."""

    id: str
    kind: str
    sides: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that tells who did what to whom."""

    kind: str
    before: bool = True


@dataclass(frozen=True, slots=True)
class Guard:
    """A word that changes what an event near it means."""

    kind: str
    reach: Reach


Entry = Term | Unless | Actor | Cue | Guard


@dataclass(slots=True)
class LanguagePack:
    """All that the lexicon knows of one language.

    `names` finds the actors and related links; `matcher` everything else: terms, cues and guards.
    """

    language: str
    verb_final: bool
    genitive_first: bool
    entries: list[Entry]
    names: Matcher
    matcher: Matcher
    case_words: Mapping[str, str] = field(default_factory=dict)
    case_endings: tuple[tuple[str, str], ...] = ()
    bare_attributes: bool = True
    """Whether a name without an ending may belong to the noun behind it (Azerbaycan elçisi)."""
    suffixes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Guard → pieces of a word that carry it inside (saxlanıl-ma-yıb); `-`: at its end.
    `finite`: those of verbs, which no preposition governs."""
    topics: Topics = field(default_factory=Topics)
    """What stories are told apart by; classification does not look at it."""
    spelled_out: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """By pattern, the last words in which it says the guard itself (qatılma-yacaq)."""


@dataclass(frozen=True)
class Lexicon:
    """A compiled lexicon; immutable after loading, and safe to share with forked workers.

    `weights` are those of terms, by language and name, that the profile weighs otherwise than
    their own files do; from the relevance of `threshold` on an article is relevant.
    """

    dyad: tuple[str, str]
    concepts: Mapping[str, Concept]
    packs: Mapping[str, LanguagePack]
    terms: tuple[Term, ...]
    actors: tuple[Actor, ...]
    weights: Mapping[tuple[str, str], int] = field(default_factory=dict)
    threshold: float = 0.5

    def vocabulary(self) -> frozenset[str]:
        """Every name that a rule's `where` may use: categories, concepts and terms."""
        return self._vocabulary

    def counts(self) -> dict[str, dict[str, int]]:
        """Number of terms by language and concept; a concept without a term counts 0."""
        found = Counter((term.language, term.concept.name) for term in self.terms)
        return {
            language: {concept: found[language, concept] for concept in self.concepts}
            for language in self.packs
        }

    def pack(self, language: str) -> LanguagePack | None:
        """The language's words; English ones, which know Latin names, for an unknown language."""
        return self.packs.get(language) or self.packs.get("en")

    def other(self, side: str) -> str | None:
        """The dyad's other country; None for a third one."""
        if side not in self.dyad:
            return None
        return self.dyad[1] if side == self.dyad[0] else self.dyad[0]

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        names = {concept.category for concept in self.concepts.values()}
        return frozenset(names | set(self.concepts) | {term.name for term in self.terms})


def load_lexicon(directory: Path, dyad: tuple[str, str]) -> Lexicon:
    """Read and compile every YAML file below `directory`; a fault is a `ProfileError`."""
    from worker.classify.lexicon_files import read_lexicon

    with uncollected():
        return read_lexicon(directory, dyad)
