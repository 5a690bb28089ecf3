"""A language of the lexicon while its files are being read."""

from dataclasses import dataclass, field

from worker.classify.lexicon import GUARDS, Actor, Cue, Entry, LanguagePack, Term
from worker.classify.match import Matcher
from worker.classify.pattern import PatternError, Step, unfold
from worker.classify.topics import TopicsDraft
from worker.profile.yaml_lines import ProfileError, YamlFile

#: In a pattern: any name of the watched countries and their capitals, in the pattern's language.
DYAD = "@dyad"
#: Letters of a word in which no suffix is looked for.
_STEM = 3


@dataclass(slots=True)
class Draft:
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
    last_words: dict[int, set[str]] = field(default_factory=dict)
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
            self.last_words.setdefault(number, set()).add(steps[-1].word)

    def _spelled_out(self) -> dict[int, tuple[str, ...]]:
        """By pattern, the last words in which it spells a guard out itself: qatılma-yacaq."""
        pieces = [
            piece.strip("-")
            for kind, listed in self.suffixes.items()
            if kind in GUARDS
            for piece in listed
        ]
        found = {}
        for number, words in self.last_words.items():
            said = sorted(word for word in words if any(one in word[_STEM:] for one in pieces))
            if said and isinstance(self.entries[number], Term):
                found[number] = tuple(said)
        return found

    def finish(self) -> LanguagePack:
        """The language, compiled."""
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
            self._spelled_out(),
        )


def draft_of(file: YamlFile, drafts: dict[str, Draft], language: str, *place: str | int) -> Draft:
    """The draft of a language; a fault where no file is about that language."""
    if language not in drafts:
        known = ", ".join(sorted(drafts)) or "none"
        raise file.error(
            f"no language file says `language: {language}`; add one, or name one of {known}.",
            *place,
        )
    return drafts[language]


def add(file: YamlFile, draft: Draft, entry: Entry, pattern: str, *place: str | int) -> None:
    """Compiles a pattern for an entry; one that cannot be read is a fault of the file."""
    try:
        draft.add(entry, pattern)
    except PatternError as error:
        raise unreadable(file, pattern, error, *place) from None


def unreadable(
    file: YamlFile, pattern: str, error: PatternError, *place: str | int
) -> ProfileError:
    return file.error(f"the pattern `{pattern}` cannot be read: {error}.", *place)


def _is_name(entry: Entry) -> bool:
    """What is looked for in the whole text: names, and where the box of related links begins."""
    return isinstance(entry, Actor) or (isinstance(entry, Cue) and entry.kind == "related")
