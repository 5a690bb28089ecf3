"""A notification and all that it is made of: the gathered facts, the rendered words, the outcome.

    Report ──render──▶ Notification ──Channel.send──▶ Delivered
                                                      Failed
                                                      ├── permanent: sending it again cannot help
                                                      │     an unknown address (550), a revoked
                                                      │     webhook (404), a refused password (535)
                                                      └── temporary: try again, not before
                                                          `retry_after` where the receiver names it
                                                            busy (451, 429), broken (5xx), silent
                                                            (time-out), unreachable, untrusted

A channel returns these and raises nothing: whoever delivers needs no list of exceptions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from alerts.episode import Episode

#: Why a message goes out. Test and demo messages are marked as such in every channel.
Occasion = Literal["real", "test", "demo"]

#: What a message says of its episode: what has become of it, that it is still open (repeat), or
#: that nobody has acknowledged it, so that the next person hears of it (escalation).
MessageChange = Literal[
    "opened", "updated", "escalated", "de_escalated", "resolved", "repeat", "escalation"
]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Country:
    """A country: any code that its reports share (ISO 3166-1), and its name for people."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an article, and what in it is the proof.

    `text` is already cut (see `alerts.render_quote.quote_around`); `highlights` are its code points
    start to end (exclusive), sorted, without overlaps. `language` is ISO 639-1 or `und`.
    """

    text: str
    language: str = "und"
    highlights: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedArticle:
    """One newsroom's report of a story. `newsroom` is its name for people.

    `published` is aware UTC, a bare date where only the day is known, or None.
    """

    title: str
    url: str
    newsroom: str
    country: Country | None = None
    language: str = "und"
    published: datetime | date | None = None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedStory:
    """One happening and who reports it, the best report first."""

    id: str
    articles: tuple[ReportedArticle, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """How many of the `sources` of one side were healthy; None is the side of all others."""

    side: Country | None
    healthy: int
    sources: int


@dataclass(frozen=True, slots=True)
class Proof:
    """The snapshot of what an episode rested on when people were told, and what has become since of
    the `articles` that it names: so many `edited`, so many `deleted`. `digest` is the SHA-256 of
    the snapshot in hexadecimal."""

    digest: str
    taken_at: datetime
    articles: int
    edited: int = 0
    deleted: int = 0


@dataclass(frozen=True, slots=True)
class Before:
    """What the message before this one said: `count` in the rule's `unit`, the episode's `severity`
    then, and its `ladder`, the gravest severity of events (0 to 4), None if unknown."""

    count: int
    unit: str
    stories: int
    newsrooms: int
    severity: str
    ladder: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a message needs, gathered by the service; rendering looks nothing up.

    The finding is `episode.last`. `rule_name` is the rule's name for people. `initiator` and
    `target` are who acts on whom, None where the counted events do not agree. `limit` is the count
    from which the rule fires, for kinds whose finding has no `upper`. `largest_newsroom` is the
    name of the finding's largest newsroom. `stories` come most widely reported first; those that a
    message has no room for are counted. `link` leads to the episode, where there is a page of it.

    `before` is what the message before this one said, None in a first message. `also` names the
    other rules that fired on the same burst. `heard` tells, side by side, which sources the service
    heard. `proof` is the snapshot of all this, None where none was kept.
    """

    episode: Episode
    rule_name: str
    dyad: tuple[Country, Country]
    stories: tuple[ReportedStory, ...]
    initiator: Country | None = None
    target: Country | None = None
    limit: int | None = None
    largest_newsroom: str | None = None
    change: MessageChange = "opened"
    occasion: Occasion = "real"
    link: str | None = None
    before: Before | None = None
    also: tuple[str, ...] = ()
    heard: tuple[Heard, ...] = ()
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to one channel, rendered for every kind of channel, each escaped for its output.

    `key` is the outbox key: the same key is the same message, and a receiver may drop the second.
    `thread` is the episode: messages of one episode form a thread, begun by `thread_key`.
    `created` (aware UTC) becomes the date of a mail. `slack` is the whole JSON body. `change` is
    what it says of the episode, `reference` what the receiver calls the message that began the
    thread.
    """

    key: str
    channel: str
    thread: str
    thread_key: str
    subject: str
    text: str
    html: str
    slack: Mapping[str, Json]
    severity: str
    created: datetime
    change: MessageChange = "opened"
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One subject of a notice, and what there is to say about it."""

    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What the operator is to know of the service itself, or a digest. Complete: rendering looks
    nothing up. `banner` stands above it; None says that it is about the service."""

    headline: str
    lines: tuple[NoticeLine, ...]
    footer: str = ""
    banner: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver took it; `note` is a sentence where something was odd all the same, `reference`
    what it calls the message, where it says so."""

    note: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """It was not taken: `error` is a sentence without any secret.

    `permanent`: sending the same again cannot help. `retry_after`: seconds that the receiver asked
    to be left alone.
    """

    permanent: bool
    error: str
    retry_after: float | None = None


Outcome = Delivered | Failed
