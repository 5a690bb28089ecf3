"""A signal: one countable fact of a story, the only thing that rules see of the news."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Signal:
    """One event that one article of one newsroom reported.

    `at` is when it counts: the publication time where that is known and plausible, else the time of
    fetching (aware UTC). `story` and `newsroom` are identifiers; several articles of one newsroom
    about one story give several signals, and counting makes them one. `direction`, `severity` (0–4)
    and `category` are the codebook's; `initiator` and `target` are ISO 3166-1 alpha-3 or None.
    `country` is the newsroom's seat, alpha-3 or None (a rule calls it `side`). `concept` and
    `terms` are what the lexicon matched. `main` tells an article's main happening from what it
    mentions besides. `fires` is False for what came late or was backfilled: it teaches the
    baseline and never wakes anybody. `teller` is the newsroom whose words the article repeats, its
    own where it has words of its own; "" where that is not known. `stance` is what the newsroom
    stands for (state, pro_government, independent, exile, international, official), None where
    nobody said.
    """

    at: datetime
    article: str
    story: str
    newsroom: str
    category: str
    direction: str
    severity: int
    initiator: str | None = None
    target: str | None = None
    language: str = "und"
    country: str | None = None
    concept: str | None = None
    terms: tuple[str, ...] = ()
    main: bool = True
    fires: bool = True
    teller: str = ""
    stance: str | None = None
