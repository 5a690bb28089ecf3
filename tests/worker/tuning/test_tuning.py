"""`profile tune`: only what holds on stories on which it was not chosen is proposed."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from worker.classify import Classifier, Lexicon, load_lexicon
from worker.classify.record import Classification
from worker.classify.weights import reweighted
from worker.labels import Labelled
from worker.profile.yaml_lines import ProfileError
from worker.tuning.changes import THRESHOLD, Change, Parameter, with_changes
from worker.tuning.examples import Example, examples_of
from worker.tuning.measures import measured, points
from worker.tuning.overlay import overlay
from worker.tuning.proposal import Proposal, lacking, propose

ARREST = {"relevant": True, "direction": "escalatory", "severity": 3}
TREES = {"relevant": False}


def example(at: int, title: str, labels: dict[str, object], story: int | None = None) -> Example:
    one = Labelled(str(at), title, "", "en", labels=labels)  # type: ignore[arg-type]  # as read
    return Example(one, bool(one.relevant), at if story is None else story)


def desk(arrests: int = 40, trees: int = 40, stories: int = 1_000) -> list[Example]:
    """Arrests that the lexicon cannot see, and other news."""
    told = [
        example(at, f"Russia arrests Azerbaijani no. {at}", ARREST, at % stories)
        for at in range(arrests)
    ]
    return told + [
        example(arrests + at, f"Council no. {at} plants trees", TREES) for at in range(trees)
    ]


def proposed(lexicon: Lexicon, examples: list[Example]) -> Proposal:
    return propose(lexicon, examples, lambda done, of: None)


def test_a_weight_that_hides_news_is_found(lexicon: Lexicon) -> None:
    proposal = proposed(lexicon, desk())
    (effect,) = proposal.effects
    assert effect.change == Change(Parameter("en", "arrest"), 1, 2)
    assert (effect.better, effect.worse) == (40, 0)
    assert proposal.now.direction == 0.0
    assert proposal.after.direction == proposal.held_out.direction == 1.0


def test_the_same_labels_always_give_the_same_proposal(lexicon: Lexicon) -> None:
    assert proposed(lexicon, desk()) == proposed(lexicon, desk())


def test_what_only_one_story_speaks_for_is_not_proposed(lexicon: Lexicon) -> None:
    """However often it was reprinted: on that story it was chosen."""
    assert proposed(lexicon, desk(stories=1)).effects == ()


def test_labels_that_contradict_each_other_propose_nothing(lexicon: Lexicon) -> None:
    calm = {"relevant": True, "direction": "neutral", "severity": 0}
    mixed = [
        replace(one, labelled=replace(one.labelled, labels=calm)) if at % 2 else one
        for at, one in enumerate(desk(trees=0))
    ]
    assert proposed(lexicon, mixed).effects == ()


def test_a_threshold_that_keeps_news_out_is_found(lexicon: Lexicon) -> None:
    strict = reweighted(lexicon, {("en", "arrest"): 3}, threshold=0.95)
    titles = [f"Russia arrests man no. {at}" for at in range(40)]
    texts = "He is from Azerbaijan, officials said."
    told = [
        Example(Labelled(str(at), title, texts, "en", labels=ARREST), True, at)
        for at, title in enumerate(titles)
    ]
    changes = {effect.change.parameter for effect in proposed(strict, told + desk(0)).effects}
    assert THRESHOLD in changes


@pytest.mark.parametrize(
    ("examples", "word"),
    [
        ([], "60 more articles"),
        (desk(59, 0), "1 more articles"),
        (desk(70, 3), "17 more irrelevant ones"),
        (desk(3, 70), "17 more relevant ones"),
    ],
)
def test_too_few_labels_are_named(examples: list[Example], word: str) -> None:
    assert word in str(lacking(examples))


def test_enough_is_enough() -> None:
    assert lacking(desk()) is None


def test_reprints_and_one_address_are_one_story(lexicon: Lexicon) -> None:
    words = "Russia arrests Azerbaijani singer after a quarrel in a restaurant near the station"
    more = " ".join(f"word{n}" for n in range(60))
    labelled = [
        Labelled("a", words, more, "en", labels=ARREST),
        Labelled("b", words, more + " again", "en", labels=ARREST),
        Labelled("c", "Quite another title", "", "en", url="https://a.example/1", labels=ARREST),
        Labelled("d", "An edited title of it", "", "en", url="https://a.example/1", labels=ARREST),
        Labelled("e", "Azerbaijan and trees", "Nobody else.", "en", story="s1", labels=TREES),
        Labelled("f", "A new tree somewhere", "By itself.", "en", story="s1", labels=TREES),
        Labelled("g", "Nothing was said of this", "", "en"),
    ]
    made = examples_of(labelled, Classifier(lexicon))
    assert len(made) == 6
    stories = [one.story for one in made]
    assert stories[0] == stories[1] and stories[2] == stories[3] and stories[4] == stories[5]
    assert len(set(stories)) == 3


def test_measures_count_what_was_labelled(lexicon: Lexicon) -> None:
    said = Classification("en", True, 0.9, "escalatory", 2, "RUS", 4.0)
    full = {**ARREST, "initiator": "AZE", "categories": ("other",)}
    found = measured([(said, example(0, "t", full)), (said, example(1, "u", TREES))])
    assert (found.precision, found.recall, found.direction) == (0.5, 1.0, 1.0)
    assert (found.severity, found.severity_near, found.initiator) == (0.0, 1.0, 0.0)
    assert points(said, example(0, "t", full)) == 2 + 1 + 0.5
    assert points(said, example(1, "u", TREES)) == 0.0
    assert measured([]).f1 is None


def test_the_proposal_is_a_file_of_the_lexicon(lexicon: Lexicon, tmp_path: Path) -> None:
    before = reweighted(lexicon, {("en", "meet"): 5})
    proposal = proposed(before, desk())
    text = overlay(before, proposal)
    assert yaml.safe_load(text) == {"weights": {"en": {"arrest": 2, "meet": 5}}}
    (tmp_path / "lexicon" / "weights.yaml").write_text(text)
    read = load_lexicon(tmp_path / "lexicon", ("RUS", "AZE"))
    assert {term.name: term.weight for term in read.terms} == {"arrest": 2, "meet": 5}
    assert not proposed(read, desk()).effects, "what was taken up is not proposed again"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("weights: {en: {arest: 3}}", ("line 1", "arest")),
        ("weights: {en: {arrest: 6}}", ("1, 2, 3, 4, 5",)),
        ("weights: {xx: {arrest: 3}}", ("no term in xx",)),
        ("weights: [1]", ("a mapping",)),
        ("threshold: 2", ("0.05 to 0.95",)),
        ("threshold: high", ("a number",)),
    ],
)
def test_a_wrong_weight_is_named(
    lexicon: Lexicon, tmp_path: Path, content: str, words: tuple[str, ...]
) -> None:
    (tmp_path / "lexicon" / "weights.yaml").write_text(content)
    with pytest.raises(ProfileError) as caught:
        load_lexicon(tmp_path / "lexicon", ("RUS", "AZE"))
    for word in ("weights.yaml", *words):
        assert word in str(caught.value)


def test_other_weights_leave_the_lexicon_as_it_was(lexicon: Lexicon) -> None:
    title = {"title": "Russia arrests Azerbaijani singer"}
    heavier = with_changes(lexicon, [Change(Parameter("en", "arrest"), 1, 3)])
    assert Classifier(heavier).classify(title).severity == 3
    assert Classifier(lexicon).classify(title).severity == 0
