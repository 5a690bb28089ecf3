"""What a rule says after it has looked: a Finding, or a Held with its named reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule saw when it fired, with every number that it used.

    Times are aware UTC. `expected`, `upper` and `probability` are None where the rule's kind
    has no expectation. `probability` is the upper-tail probability of `count` in `window`, the
    lower-tail one where the finding is `below`.
    """

    rule: str
    kind: str
    severity: str  # info | warning | critical
    at: datetime  # end of the window: the moment of the evaluation
    window: timedelta  # the span in which `count` was counted
    bucket: datetime  # start of the newest bucket: the unit of "one evaluation"
    count: int  # in the rule's unit
    unit: str  # stories | newsrooms | articles
    expected: float | None
    upper: float | None  # the smallest count that would have fired
    probability: float | None
    articles: int
    stories: int
    newsrooms: int
    article_ids: tuple[str, ...]  # the articles that were counted, newest first
    story_ids: tuple[str, ...]
    newsroom_ids: tuple[str, ...]
    without_largest: bool  # it would still fire without its largest newsroom
    largest_newsroom: str | None
    coverage: float | None  # share of sources that were healthy in the window, 0 to 1
    provisional: bool  # the baseline is still young: its limits are wide
    usual: tuple[int, int] | None = None  # least and most that nine of ten quiet windows hold
    below: bool = False  # what surprises is how little there is: then `probability` is of the lower
    # tail, and `upper` is the largest count that would have fired
    said: str | None = None  # what its kind has to say besides, in one sentence
    left: int | None = None  # what of `count` is left without the largest newsroom
    ladder: int | None = None  # the gravest severity of events (0 to 4) that as many newsrooms
    # report as the rule asks for; None where its kind counts no events


@dataclass(frozen=True, slots=True)
class Held:
    """A rule looked and did not fire: why, as a named constant and as a sentence with numbers.

    The reasons are the constants of `alerts.rules.reasons`.
    """

    rule: str
    reason: str
    detail: str
