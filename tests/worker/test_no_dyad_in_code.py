"""The code holds nothing of the pair that is watched by default: all of it stands in the profile.

The lexicon's own reader looks for its names, in every language, in the source files themselves.
"""

import tokenize
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from worker.classify import Lexicon
from worker.classify.reading import read
from worker.profile.loader import load_lexicon_of

ROOT = Path(__file__).resolve().parents[2]
#: The only thing that the code must know: what the default profile is called.
DEFAULT = "russia_azerbaijan"
#: Names that are words as well: an agency is called Report, a city like a permutation.
EVERYDAY = frozenset({"mid", "report", "perm"})
#: Languages and time zones share their names with countries and capitals; they are everybody's.
ALLOWED = {
    "alerts/render_words.py": {"azerbaijani", "russian"},
    "crawler/local_time.py": {"moscow"},
    "worker/classify/language.py": {"azerbaijani", "russian"},
    "worker/classify/language_marks.py": {"azerbaijani", "russian"},
    "worker/classify/normalise.py": {"azeri"},
}


_LINE_ENDS = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING)
#: From Python 3.12 on the words of an f-string are tokens of their own.
_F_STRING = getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)


def sources() -> Iterator[Path]:
    for package in ("crawler", "alerts", "worker"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if not {"profiles", "demo"} & set(path.relative_to(ROOT).parts):
                yield path


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon_of(DEFAULT)


def code(path: Path) -> str:
    """The file with its lines, without comments and docstrings: those may give examples."""
    kept = [""]
    with path.open("rb") as file:
        tokens = list(tokenize.tokenize(file.readline))
    for before, token in pairwise(tokens):
        is_docstring = token.type == tokenize.STRING and before.type in _LINE_ENDS
        if token.type in (tokenize.STRING, tokenize.NAME, _F_STRING) and not is_docstring:
            kept += [""] * (token.start[0] - len(kept))
            # Blocks of lines are one token: they go on below.
            first, *more = token.string.replace(DEFAULT, "").replace("_", " ").split("\n")
            kept[-1] += f" ; {first} ;"
            kept += more
    return "\n".join(kept)


def named(path: Path, lexicon: Lexicon) -> set[str]:
    """Who of the dyad is named in the code of a file, with the word and its line."""
    text, here = code(path), path.relative_to(ROOT).as_posix()
    passed = EVERYDAY | ALLOWED.get(here, set())
    found = set()
    for language, pack in lexicon.packs.items():
        field = read("text", text, pack, language)
        for one in field.named:
            start, end = field.words.span(one.first, one.last)
            word, line = text[start:end], text.count("\n", 0, start) + 1
            if set(one.actor.sides) & set(lexicon.dyad) and word.lower() not in passed:
                found.add(f"{here}:{line}: {word!r} ({language}: {one.actor.id})")
    return found


def test_no_name_of_the_default_pair_stands_in_the_code(lexicon: Lexicon) -> None:
    found = [name for path in sources() for name in sorted(named(path, lexicon))]
    assert not found, "\n".join(found)


def test_the_search_finds_what_it_looks_for(lexicon: Lexicon) -> None:
    words = " ".join(named(ROOT / "tests" / "worker" / "classify" / "test_classifier.py", lexicon))
    for actor in ("azerbaijan", "russia", "moscow", "baku"):
        assert f": {actor})" in words
