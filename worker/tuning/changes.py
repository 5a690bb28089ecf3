"""What could be changed, and what each change alone would have done."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from worker.classify import Classification, Classifier, Lexicon, Understood
from worker.classify.lexicon import Term
from worker.classify.weights import WEIGHTS, reweighted
from worker.tuning.examples import Example
from worker.tuning.measures import points

THRESHOLDS = tuple(hundredths / 100 for hundredths in range(30, 75, 5))


@dataclass(frozen=True, slots=True, order=True)
class Parameter:
    """A term of a language by its name, or, without both, the threshold of relevance."""

    language: str = ""
    term: str = ""


THRESHOLD = Parameter()


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One parameter, from what it is to what it might be."""

    parameter: Parameter
    before: float
    after: float


#: By the number of an example: the points that a change adds to it; where it adds none, nothing.
Gains = Mapping[int, float]


def with_changes(lexicon: Lexicon, changes: Iterable[Change]) -> Lexicon:
    """The lexicon as these changes would make it."""
    threshold = lexicon.threshold
    weights: dict[tuple[str, str], int] = {}
    for change in changes:
        if change.parameter == THRESHOLD:
            threshold = change.after
        else:
            weights[change.parameter.language, change.parameter.term] = int(change.after)
    return reweighted(lexicon, weights, threshold)


def said_of(lexicon: Lexicon, examples: Iterable[Example]) -> list[Classification]:
    """What this lexicon says of these examples."""
    return [one.classification for one in _understood(lexicon, examples)]


def all_gains(
    lexicon: Lexicon, examples: Sequence[Example], tell: Callable[[int, int], None]
) -> dict[Change, Gains]:
    """What every change that touches an example does to it, each change alone.

    `tell` hears how many changes of how many have been tried.
    """
    today = _understood(lexicon, examples)
    now = [points(one.classification, e) for one, e in zip(today, examples, strict=True)]
    reach = _reach(today)
    changes = [*_changes(lexicon, reach)]
    gains: dict[Change, Gains] = {}
    for number, change in enumerate(changes, start=1):
        touched = reach.get(change.parameter, range(len(examples)))
        changed = said_of(with_changes(lexicon, [change]), [examples[at] for at in touched])
        added = {
            at: gained
            for at, said in zip(touched, changed, strict=True)
            if (gained := points(said, examples[at]) - now[at])
        }
        if added:
            gains[change] = added
        tell(number, len(changes))
    return gains


def _understood(lexicon: Lexicon, examples: Iterable[Example]) -> list[Understood]:
    classifier = Classifier(lexicon)
    return [
        classifier.understand(
            {
                "title": one.labelled.title,
                "text": one.labelled.text,
                "language": one.labelled.language,
                "topical": one.labelled.topical,
            }
        )
        for one in examples
    ]


def _reach(understood: Iterable[Understood]) -> dict[Parameter, list[int]]:
    """The terms that stand in any example, with the numbers of those examples."""
    found: dict[Parameter, set[int]] = {}
    for at, one in enumerate(understood):
        for term in _terms(one):
            found.setdefault(Parameter(term.language, term.name), set()).add(at)
    return {parameter: sorted(found[parameter]) for parameter in sorted(found)}


def _terms(one: Understood) -> Iterable[Term]:
    for field in (one.title, one.text):
        if field is None or one.pack is None:
            continue
        for hit in field.hits:
            entry = one.pack.entries[hit.pattern]
            if isinstance(entry, Term):
                yield entry


def _changes(lexicon: Lexicon, reach: Collection[Parameter]) -> Iterable[Change]:
    for threshold in THRESHOLDS:
        if threshold != lexicon.threshold:
            yield Change(THRESHOLD, lexicon.threshold, threshold)
    weights: dict[Parameter, int] = {}
    for term in lexicon.terms:
        weights.setdefault(Parameter(term.language, term.name), term.weight)
    for parameter in reach:
        for weight in WEIGHTS:
            if weight != weights[parameter]:
                yield Change(parameter, weights[parameter], weight)
