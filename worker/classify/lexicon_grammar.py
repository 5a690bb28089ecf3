"""What a language file says of the language itself: endings, cases, cues and guards."""

from typing import get_args

from worker.classify.lexicon import CASES, CUES, GUARDS, Cue, Guard, Reach
from worker.classify.lexicon_draft import Draft, add
from worker.classify.normalise import normalise
from worker.classify.strict import mapping, only, patterns, text, texts
from worker.profile.yaml_lines import YamlFile


def grammar(file: YamlFile, drafts: dict[str, Draft]) -> None:
    """What a language file says of the language itself; two files may share a language."""
    if "language" not in file.content:
        return
    language = text(file, file.content["language"], "language")
    draft = drafts.setdefault(language, Draft(language))
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


def _suffixes(file: YamlFile, draft: Draft) -> None:
    """Guards that words of the language carry inside themselves."""
    suffixes = mapping(file, file.content.get("suffixes") or {}, "suffixes")
    only(file, ("suffixes",), suffixes, GUARDS | {"finite"})
    for kind, pieces in suffixes.items():
        listed = texts(file, pieces, "suffixes", kind)
        folded = [normalise(one, draft.language).text for one in listed]
        draft.suffixes.setdefault(kind, []).extend(folded)


def cues_and_guards(file: YamlFile, drafts: dict[str, Draft]) -> None:
    """Compiles the cues and guards of a language file into its draft."""
    if "language" not in file.content:
        return
    draft = drafts[file.content["language"]]
    cues = mapping(file, file.content.get("cues") or {}, "cues")
    only(file, ("cues",), cues, CUES | {f"{kind}_behind" for kind in CUES})
    for kind, listed in cues.items():
        cue = Cue(kind.removesuffix("_behind"), before=not kind.endswith("_behind"))
        for place, pattern in patterns(file, listed, "cues", kind):
            add(file, draft, cue, pattern, *place)
    guards = mapping(file, file.content.get("guards") or {}, "guards")
    only(file, ("guards",), guards, GUARDS)
    for kind, by_reach in guards.items():
        only(file, ("guards", kind), by_reach, get_args(Reach))
        for reach, listed in by_reach.items():
            for place, pattern in patterns(file, listed, "guards", kind, reach):
                add(file, draft, Guard(kind, reach), pattern, *place)
