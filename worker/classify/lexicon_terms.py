"""The concepts of the lexicon, and the terms that say them in each language."""

from collections.abc import Iterator
from typing import Any, get_args

from worker.classify.lexicon import Concept, RoleKind, Term, Unless
from worker.classify.lexicon_draft import Draft, add, draft_of
from worker.classify.record import Direction
from worker.classify.strict import mapping, one_of, only, text, texts
from worker.profile.yaml_lines import KeyPath, YamlFile

PLOVER = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE",
    "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
_CONCEPT = {"category", "plover", "direction", "severity", "roles", "also", "undoes", "deadly",
            "yields", "demanded", "refused", "of_press", "because_of", "abroad",
            "accuses", "voices", "note"}  # fmt: skip


def concepts_of(file: YamlFile) -> Iterator[Concept]:
    """The concepts of one file."""
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


def check_references(file: YamlFile, concepts: dict[str, Concept]) -> None:
    """Concepts name each other; each name must exist."""
    for name, given in (file.content.get("concepts") or {}).items():
        for key in ("also", "demanded", "refused", "of_press", "undoes", "because_of", "voices"):
            named = given.get(key) or []
            for other in [named] if isinstance(named, str) else named:
                if other not in concepts:
                    raise file.error(f"`{other}` is no concept; name one.", "concepts", name, key)


def terms_of(
    file: YamlFile, drafts: dict[str, Draft], concepts: dict[str, Concept]
) -> Iterator[Term]:
    """The terms of one file, compiled into the drafts of their languages."""
    given = mapping(file, file.content.get("terms") or {}, "terms")
    if "language" in file.content:
        yield from _language_terms(file, drafts[file.content["language"]], given, concepts, "terms")
        return
    for language, by_concept in given.items():
        draft = draft_of(file, drafts, language, "terms", language)
        place = ("terms", language)
        by_concept = mapping(file, by_concept, *place)
        yield from _language_terms(file, draft, by_concept, concepts, *place)


def _language_terms(
    file: YamlFile,
    draft: Draft,
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
            add(file, draft, made, pattern, *here, "pattern")
            if "unless" in term:
                add(file, draft, Unless(made), str(term["unless"]), *here, "unless")
            yield made
