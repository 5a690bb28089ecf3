"""A proposal as a file of the lexicon, to be read by a person before it is used."""

from typing import Any

import yaml

from worker.classify import Lexicon
from worker.tuning.changes import THRESHOLD
from worker.tuning.proposal import Proposal

_HEAD = """\
# Proposed by `dyadwatch profile tune` from {articles} labelled articles of {stories} stories.
# Read it, put it into your profile as lexicon/weights.yaml, and run `dyadwatch profile check`.
# F1 of relevance {now} now, {after} with it; {held_out} on stories on which it was not chosen.
"""


def overlay(lexicon: Lexicon, proposal: Proposal) -> str:
    """The YAML file with these changes, and with what the profile weighs anew already: a file of
    one's own stands in for the inherited one."""
    weights: dict[str, dict[str, int]] = {}
    threshold = lexicon.threshold if lexicon.threshold != Lexicon.threshold else None
    for (language, term), weight in lexicon.weights.items():
        weights.setdefault(language, {})[term] = weight
    for effect in proposal.effects:
        parameter, after = effect.change.parameter, effect.change.after
        if parameter == THRESHOLD:
            threshold = after
        else:
            weights.setdefault(parameter.language, {})[parameter.term] = int(after)
    content: dict[str, Any] = {"weights": weights} if weights else {}
    if threshold is not None:
        content["threshold"] = threshold
    head = _HEAD.format(
        articles=proposal.now.articles,
        stories=proposal.stories,
        now=share(proposal.now.f1),
        after=share(proposal.after.f1),
        held_out=share(proposal.held_out.f1),
    )
    return head + yaml.safe_dump(content, allow_unicode=True, sort_keys=True, width=100)


def share(value: float | None) -> str:
    """A share for people; a dash where there is none."""
    return "–" if value is None else f"{value:.3f}"
