"""Reads the lexicon's YAML files strictly: every fault is one sentence with file, line and key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from worker.classify.lexicon import (
    CASES,
    CUES,
    GUARDS,
    Actor,
    Concept,
    Cue,
    Entry,
    Guard,
    LanguagePack,
    Lexicon,
    Reach,
    RoleKind,
    Term,
    Unless,
)
from worker.classify.match import Matcher
from worker.classify.normalise import normalise
from worker.classify.pattern import PatternError, Step, unfold
from worker.classify.record import Direction
from worker.classify.strict import mapping, one_of, only, patterns, text, texts
from worker.classify.topics import TopicsDraft, topics_in, twice_named
from worker.classify.weights import weighed
from worker.profile.yaml_lines import KeyPath, ProfileError, YamlFile, read_yaml

PLOVER = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE",
    "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
_TOP = {"concepts", "actors", "language", "verb_final", "genitive_first", "bare_attributes",
        "endings", "cases", "suffixes", "cues", "guards", "terms", "topics", "weights",
        "threshold"}  # fmt: skip
_CONCEPT = {"category", "plover", "direction", "severity", "roles", "also", "undoes", "deadly",
            "yields", "demanded", "refused", "of_press", "because_of", "abroad",
            "accuses", "voices", "note"}  # fmt: skip
_ACTOR = {"id", "kind", "side", "name", "note", "weight", "names", "adjectives"}
_KIND_WEIGHT = {
    "country": 1.0, "person": 0.8, "body": 0.9, "company": 0.7, "media": 0.4, "place": 0.7,
    "capital": 1.0, "diaspora": 0.8, "group": 0.8, "weapon": 0.9, "event": 0.8, "org": 0.0,
    "project": 0.3,
}  # fmt: skip


#: In a pattern: any name of the watched countries and their capitals, in the pattern's language.
DYAD = "@dyad"


@dataclass(slots=True)
class _Draft:
    """A language while its files are being read."""

    language: str
    verb_final: bool = False
    genitive_first: bool = False
    bare_attributes: bool = True
    suffixes: dict[str, list[str]] = field(default_factory=dict)
    endings: dict[str, str] = field(default_factory=dict)
    case_words: dict[str, str] = field(default_factory=dict)
    case_endings: dict[str, str] = field(default_factory=dict)
    parties: str = ""
    """Alternatives that `@dyad` stands for."""
    entries: list[Entry] = field(default_factory=list)
    sequences: list[tuple[int, tuple[Step, ...]]] = field(default_factory=list)
    topics: TopicsDraft = field(default_factory=TopicsDraft)

    def add(self, entry: Entry, pattern: str) -> None:
        """Compile `pattern` for `entry`; a `PatternError` if it cannot be read."""
        if DYAD in pattern and not self.parties:
            raise PatternError(
                f"`{DYAD}` has no name of either country in {self.language} behind it"
            )
        number = len(self.entries)
        self.entries.append(entry)
        pattern = pattern.replace(DYAD, f"({self.parties})")
        for steps in unfold(pattern, tuple(self.endings), self.language):
            self.sequences.append((number, steps))
            if steps[-1].ending is not None:
                case = self.endings.get(steps[-1].ending, "nominative")
                self.case_words.setdefault(steps[-1].word, case)

    def finish(self) -> LanguagePack:
        endings = self.case_endings or self.endings
        by_length = sorted(endings.items(), key=lambda pair: -len(pair[0]))
        return LanguagePack(
            self.language,
            self.verb_final,
            self.genitive_first,
            self.entries,
            Matcher(one for one in self.sequences if _is_name(self.entries[one[0]])),
            Matcher(one for one in self.sequences if not _is_name(self.entries[one[0]])),
            self.case_words,
            tuple(by_length),
            self.bare_attributes,
            self.suffixes,
            self.topics.finish(),
        )


def read_lexicon(directory: Path, dyad: tuple[str, str]) -> Lexicon:
    """All files below `directory`, concepts first, then languages, then actors and terms."""
    if not directory.is_dir():
        raise ProfileError("this directory is missing; a lexicon stands in it.", directory)
    files = [read_yaml(path) for path in sorted(directory.rglob("*.yaml"))]
    if not files:
        raise ProfileError("there is no .yaml file below it; a lexicon needs some.", directory)
    for file in files:
        only(file, (), file.content, _TOP)
    concepts = {concept.name: concept for file in files for concept in _concepts(file)}
    for file in files:
        _check_references(file, concepts)
    drafts: dict[str, _Draft] = {}
    for file in files:
        _grammar(file, drafts)
    terms: list[Term] = []
    actors: list[Actor] = []
    parties = _parties(files, dyad)
    for language, draft in drafts.items():
        draft.parties = "|".join(parties.get(language, ()))
    for file in files:
        actors += _actors(file, drafts)
        _cues_and_guards(file, drafts)
        terms += _terms(file, drafts, concepts)
        _topics(file, drafts)
    twice_named(files)
    packs = {language: draft.finish() for language, draft in sorted(drafts.items())}
    return weighed(Lexicon(dyad, concepts, packs, tuple(terms), tuple(actors)), files)


def _concepts(file: YamlFile) -> Iterator[Concept]:
    for name, given in mapping(file, file.content.get("concepts") or {}, "concepts").items():
        at = ("concepts", name)
        only(file, at, given, _CONCEPT)
        yield Concept(
            str(name),
            text(file, given.get("category"), *at, "category"),
            one_of(file, given.get("plover"), PLOVER, *at, "plover"),
            one_of(file, given.get("direction"), get_args(Direction), *at, "direction"),
            one_of(file, given.get("severity"), (0, 1, 2, 3, 4), *at, "severity"),
            one_of(file, given.get("roles", "act"), get_args(RoleKind), *at, "roles"),
            given.get("also"),
            frozenset(texts(file, given.get("undoes") or [], *at, "undoes")),
            bool(given.get("deadly")),
            one_of(file, given.get("yields", 0), (0, 1, 2), *at, "yields"),
            given.get("demanded"),
            given.get("refused"),
            given.get("of_press"),
            frozenset(texts(file, given.get("because_of") or [], *at, "because_of")),
            bool(given.get("abroad")),
            bool(given.get("accuses")),
            frozenset(texts(file, given.get("voices") or [], *at, "voices")),
        )


def _check_references(file: YamlFile, concepts: dict[str, Concept]) -> None:
    """Concepts name each other; each name must exist."""
    for name, given in (file.content.get("concepts") or {}).items():
        for key in ("also", "demanded", "refused", "of_press", "undoes", "because_of", "voices"):
            named = given.get(key) or []
            for other in [named] if isinstance(named, str) else named:
                if other not in concepts:
                    raise file.error(f"`{other}` is no concept; name one.", "concepts", name, key)


def _grammar(file: YamlFile, drafts: dict[str, _Draft]) -> None:
    """What a language file says of the language itself; two files may share a language."""
    if "language" not in file.content:
        return
    language = text(file, file.content["language"], "language")
    draft = drafts.setdefault(language, _Draft(language))
    draft.verb_final = bool(file.content.get("verb_final", draft.verb_final))
    draft.genitive_first = bool(file.content.get("genitive_first", draft.genitive_first))
    draft.bare_attributes = bool(file.content.get("bare_attributes", draft.bare_attributes))
    _suffixes(file, draft)
    endings = mapping(file, file.content.get("endings") or {}, "endings")
    only(file, ("endings",), endings, CASES)
    for case, listed in endings.items():
        draft.endings |= dict.fromkeys(texts(file, listed, "endings", case), case)
    cases = mapping(file, file.content.get("cases") or {}, "cases")
    only(file, ("cases",), cases, CASES)
    for case, forms in cases.items():
        for form in texts(file, forms, "cases", case):
            folded = normalise(form, language).text
            if folded.startswith("*"):
                draft.case_endings[folded[1:]] = case
            else:
                draft.case_words[folded] = case


def _suffixes(file: YamlFile, draft: _Draft) -> None:
    """Guards that words of the language carry inside themselves."""
    suffixes = mapping(file, file.content.get("suffixes") or {}, "suffixes")
    only(file, ("suffixes",), suffixes, GUARDS | {"finite"})
    for kind, pieces in suffixes.items():
        listed = texts(file, pieces, "suffixes", kind)
        folded = [normalise(one, draft.language).text for one in listed]
        draft.suffixes.setdefault(kind, []).extend(folded)


def _actors(file: YamlFile, drafts: dict[str, _Draft]) -> Iterator[Actor]:
    for index, given in enumerate(file.content.get("actors") or []):
        at: KeyPath = ("actors", index)
        only(file, at, given, _ACTOR)
        kind = one_of(file, given.get("kind"), sorted(_KIND_WEIGHT), *at, "kind")
        side = given.get("side") or []
        actor = Actor(
            text(file, given.get("id"), *at, "id"),
            kind,
            (side,) if isinstance(side, str) else tuple(texts(file, side, *at, "side")),
            float(given.get("weight", _KIND_WEIGHT[kind])),
        )
        for language, place, pattern in _names(file, given, at, "names"):
            _add(file, _draft(file, drafts, language, *place), actor, pattern, *place)
        for language, place, pattern in _names(file, given, at, "adjectives"):
            draft = _draft(file, drafts, language, *place)
            _add(file, draft, actor, pattern, *place)
            _add(file, draft, Cue("adjectives"), pattern, *place)
        yield actor


def _names(
    file: YamlFile, given: dict[str, Any], at: KeyPath, key: str
) -> Iterator[tuple[str, KeyPath, str]]:
    """Language, place and pattern of every name that an actor has under `key`."""
    for language, listed in mapping(file, given.get(key) or {}, *at, key).items():
        for place, pattern in patterns(file, listed, *at, key, language):
            yield language, place, pattern


def _parties(files: Sequence[YamlFile], dyad: tuple[str, str]) -> dict[str, list[str]]:
    """By language, what the two countries and their capitals are called."""
    found: dict[str, list[str]] = {}
    for file in files:
        for index, given in enumerate(file.content.get("actors") or []):
            if (
                not isinstance(given, dict)
                or given.get("kind") not in ("country", "capital")
                or given.get("side") not in dyad
            ):
                continue  # another actor, or a fault that is told where actors are read
            for key in ("names", "adjectives"):
                for language, _, pattern in _names(file, given, ("actors", index), key):
                    found.setdefault(language, []).append(pattern)
    return found


def _cues_and_guards(file: YamlFile, drafts: dict[str, _Draft]) -> None:
    if "language" not in file.content:
        return
    draft = drafts[file.content["language"]]
    cues = mapping(file, file.content.get("cues") or {}, "cues")
    only(file, ("cues",), cues, CUES | {f"{kind}_behind" for kind in CUES})
    for kind, listed in cues.items():
        cue = Cue(kind.removesuffix("_behind"), before=not kind.endswith("_behind"))
        for place, pattern in patterns(file, listed, "cues", kind):
            _add(file, draft, cue, pattern, *place)
    guards = mapping(file, file.content.get("guards") or {}, "guards")
    only(file, ("guards",), guards, GUARDS)
    for kind, by_reach in guards.items():
        only(file, ("guards", kind), by_reach, get_args(Reach))
        for reach, listed in by_reach.items():
            for place, pattern in patterns(file, listed, "guards", kind, reach):
                _add(file, draft, Guard(kind, reach), pattern, *place)


def _terms(
    file: YamlFile, drafts: dict[str, _Draft], concepts: dict[str, Concept]
) -> Iterator[Term]:
    given = mapping(file, file.content.get("terms") or {}, "terms")
    if "language" in file.content:
        yield from _language_terms(file, drafts[file.content["language"]], given, concepts, "terms")
        return
    for language, by_concept in given.items():
        draft = _draft(file, drafts, language, "terms", language)
        place = ("terms", language)
        by_concept = mapping(file, by_concept, *place)
        yield from _language_terms(file, draft, by_concept, concepts, *place)


def _language_terms(
    file: YamlFile,
    draft: _Draft,
    given: dict[str, Any],
    concepts: dict[str, Concept],
    *place: str | int,
) -> Iterator[Term]:
    for name, listed in given.items():
        at: KeyPath = (*place, name)
        if name not in concepts:
            raise file.error(
                f"`{name}` is no concept; name one of {', '.join(sorted(concepts))}, "
                "or add it under `concepts`.",
                *at,
            )
        if not isinstance(listed, list):
            raise file.error("a list of terms is expected here.", *at)
        for index, term in enumerate(listed):
            here = (*at, index)
            only(file, here, term, {"term", "pattern", "weight", "unless", "forms", "note"})
            made = Term(
                text(file, term.get("term"), *here, "term"),
                concepts[name],
                draft.language,
                one_of(file, term.get("weight", 3), (1, 2, 3, 4, 5), *here, "weight"),
            )
            pattern = text(file, term.get("pattern"), *here, "pattern")
            _add(file, draft, made, pattern, *here, "pattern")
            if "unless" in term:
                _add(file, draft, Unless(made), str(term["unless"]), *here, "unless")
            yield made


def _topics(file: YamlFile, drafts: dict[str, _Draft]) -> None:
    for named in topics_in(file):
        draft = _draft(file, drafts, named.language, *named.place)
        try:
            draft.topics.add(named.topic, named.pattern, tuple(draft.endings), named.language)
        except PatternError as error:
            raise _unreadable(file, named.pattern, error, *named.place) from None


def _add(file: YamlFile, draft: _Draft, entry: Entry, pattern: str, *place: str | int) -> None:
    try:
        draft.add(entry, pattern)
    except PatternError as error:
        raise _unreadable(file, pattern, error, *place) from None


def _unreadable(
    file: YamlFile, pattern: str, error: PatternError, *place: str | int
) -> ProfileError:
    return file.error(f"the pattern `{pattern}` cannot be read: {error}.", *place)


def _is_name(entry: Entry) -> bool:
    """What is looked for in the whole text: names, and where the box of related links begins."""
    return isinstance(entry, Actor) or (isinstance(entry, Cue) and entry.kind == "related")


def _draft(file: YamlFile, drafts: dict[str, _Draft], language: str, *place: str | int) -> _Draft:
    if language not in drafts:
        known = ", ".join(sorted(drafts)) or "none"
        raise file.error(
            f"no language file says `language: {language}`; add one, or name one of {known}.",
            *place,
        )
    return drafts[language]
