"""A source: one address that is polled, and what healthy means for it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Stance = Literal["state", "pro_government", "independent", "exile", "international", "official"]
SourceKind = Literal["feed", "sitemap", "listing", "telegram", "gdelt"]


@dataclass(frozen=True, slots=True)
class Source:
    """One polled address.

    `newsroom` is the publisher family that it belongs to: corroboration counts newsrooms, so ten
    feeds of one publisher share one. `country` is ISO 3166-1 alpha-2, `languages` are ISO 639-1.
    `every` is a fixed polling interval; None lets the schedule decide. A `topical` source needs no
    relevance filter. `articles_per_day` is what the source promises; falling short is reported.
    `sanctioned` are the jurisdictions that forbid or restrict it: ISO 3166-1 alpha-2, or `EU`.
    `domains` are further registered domains on which its newsroom publishes. Without `pages` what
    the source itself says of an article is all that is read.
    """

    id: str
    kind: SourceKind
    url: str
    name: str
    newsroom: str
    country: str | None = None
    stance: Stance | None = None
    languages: tuple[str, ...] = ()
    every: timedelta | None = None
    topical: bool = False
    enabled: bool = True
    articles_per_day: float | None = None
    links: str | None = None
    article: str | None = None
    sanctioned: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    pages: bool = True
    note: str | None = field(default=None, compare=False)
