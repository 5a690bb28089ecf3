"""Reads the lexicon's YAML files strictly: every fault is one sentence with file, line and key."""

from pathlib import Path

from worker.classify.lexicon import Actor, Lexicon, Term
from worker.classify.lexicon_actors import actors_of, parties_of
from worker.classify.lexicon_draft import Draft, draft_of, unreadable
from worker.classify.lexicon_grammar import cues_and_guards, grammar
from worker.classify.lexicon_terms import check_references, concepts_of, terms_of
from worker.classify.pattern import PatternError
from worker.classify.strict import only
from worker.classify.topics import Topic, named_in, topics_by_id
from worker.classify.weights import weighed
from worker.profile.yaml_lines import ProfileError, YamlFile, read_yaml

_TOP = {"concepts", "actors", "language", "verb_final", "genitive_first", "bare_attributes",
        "endings", "cases", "suffixes", "cues", "guards", "terms", "topics", "weights",
        "threshold"}  # fmt: skip


def read_lexicon(directory: Path, dyad: tuple[str, str]) -> Lexicon:
    """All files below `directory`, concepts first, then languages, then actors and terms."""
    if not directory.is_dir():
        raise ProfileError("this directory is missing; a lexicon stands in it.", directory)
    files = [read_yaml(path) for path in sorted(directory.rglob("*.yaml"))]
    if not files:
        raise ProfileError("there is no .yaml file below it; a lexicon needs some.", directory)
    for file in files:
        only(file, (), file.content, _TOP)
    concepts = {concept.name: concept for file in files for concept in concepts_of(file)}
    for file in files:
        check_references(file, concepts)
    drafts: dict[str, Draft] = {}
    for file in files:
        grammar(file, drafts)
    topics = topics_by_id(files)
    terms: list[Term] = []
    actors: list[Actor] = []
    parties = parties_of(files, dyad)
    for language, draft in drafts.items():
        draft.parties = "|".join(parties.get(language, ()))
    for file in files:
        actors += actors_of(file, drafts)
        cues_and_guards(file, drafts)
        terms += terms_of(file, drafts, concepts)
        _topics(file, drafts, topics)
    packs = {language: draft.finish() for language, draft in sorted(drafts.items())}
    return weighed(Lexicon(dyad, concepts, packs, tuple(terms), tuple(actors)), files)


def _topics(file: YamlFile, drafts: dict[str, Draft], topics: dict[str, Topic]) -> None:
    for named in named_in(file, topics):
        draft = draft_of(file, drafts, named.language, *named.place)
        try:
            draft.topics.add(named.topic, named.pattern, tuple(draft.endings), named.language)
        except PatternError as error:
            raise unreadable(file, named.pattern, error, *named.place) from None
