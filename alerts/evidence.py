"""What an episode rested on when people were told, kept under a hash, and compared with what is
stored later (pure).

    Snapshot ──canonical JSON──▶ body ──SHA-256──▶ digest      kept when the episode opens or
                                                               gets worse, told in its messages
    Snapshot + what is stored now ──verify──▶ Differences      edited, deleted, moved to another
                                                               address, or unchanged

Whole articles are not kept, only the sentences that were quoted and a hash over title and text:
enough to see that an article has changed, and to show what it said where it mattered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from alerts.canonical import canonical, composed, fingerprint
from alerts.finding import Finding
from alerts.notification import Heard

#: Rises when a field changes its meaning; what is only added needs no other number.
FORMAT = 1

#: What a snapshot's digest is called by in a message.
SHORT_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that proves something, as it stood in the article's `field` (title or text).

    `spans` are the proving code points of `text`, end exclusive; a sentence too long to be quoted
    has "…" where it was cut.
    """

    field: str
    text: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceArticle:
    """One counted article as it was. `side` is its newsroom's country (alpha-3); `stage` tells
    whether its page had been read ("page") or its feed's entry alone ("feed"); `content_hash` is
    `words_hash` of title and text."""

    key: str
    url: str
    title: str
    newsroom: str
    side: str | None
    language: str
    published: datetime | date | None
    first_seen: datetime
    fetched: datetime
    stage: str
    story: str
    content_hash: str
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceStory:
    """One counted story: the keys of its articles, and the newsrooms that report it."""

    id: str
    articles: tuple[str, ...]
    newsrooms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideCounts:
    """What one side's press (alpha-3, None: unknown) has brought."""

    side: str | None
    articles: int
    stories: int
    newsrooms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Versions:
    """What did the counting: the software's version, and SHA-256 over the profile's files."""

    software: str
    profile: str
    profile_digest: str
    rules_digest: str
    lexicon_digest: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that an episode's message rested on; times are aware UTC.

    `finding` has every number that the rule used.
    """

    episode: str
    opened_at: datetime
    taken_at: datetime
    severity: str
    finding: Finding
    articles: tuple[EvidenceArticle, ...]
    stories: tuple[EvidenceStory, ...]
    sides: tuple[SideCounts, ...]
    heard: tuple[Heard, ...]
    versions: Versions
    format: int = FORMAT

    @property
    def body(self) -> str:
        """The snapshot as canonical JSON: what is kept, exported and hashed."""
        return canonical(self)

    @property
    def digest(self) -> str:
        """SHA-256 of `body` in hexadecimal."""
        return fingerprint(self.body)


@dataclass(frozen=True, slots=True)
class StoredWords:
    """What is stored of an article now. `edits` counts the versions of its present stage that were
    replaced; `worded_at` is when its present words were first read, `gone_at` when its page was
    found to be deleted."""

    key: str
    url: str
    title: str
    text: str
    stage: str
    edits: int = 0
    worded_at: datetime | None = None
    gone_at: datetime | None = None


#: `read` is no edit: the alert rested on the feed's entry, and the page has been read since.
#: `missing`: the article is not stored any more.
DifferenceKind = Literal["unchanged", "read", "edited", "deleted", "merged", "missing"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What has become of one article since the snapshot was taken.

    `at` is when that was noticed, None where it is not known. `stand` tells of each of its quoted
    sentences whether it is still there.
    """

    article: EvidenceArticle
    kind: DifferenceKind
    at: datetime | None = None
    title: str | None = None  # today's
    url: str | None = None  # today's
    stand: tuple[bool, ...] = ()

    @property
    def retitled(self) -> bool:
        """Whether its headline is another one."""
        return self.title is not None and _flat(self.title) != _flat(self.article.title)


def words_hash(title: str, text: str) -> str:
    """SHA-256 over title, a NUL and text, both in composed form."""
    return fingerprint(f"{composed(title)}\0{composed(text)}")


def verify(snapshot: Snapshot, now_stored: Mapping[str, StoredWords]) -> list[Difference]:
    """What has become of each article of the snapshot, in its order; one that was edited and then
    deleted comes twice. `now_stored` is by the keys that the snapshot knows them by, wherever they
    lead by now."""
    return [
        difference
        for article in snapshot.articles
        for difference in _differences(article, now_stored.get(article.key))
    ]


def _differences(article: EvidenceArticle, stored: StoredWords | None) -> Iterable[Difference]:
    if stored is None:
        return [Difference(article, "missing")]
    found = []
    changed = _changed(article, stored)
    if changed is not None:
        found.append(changed)
    if stored.gone_at is not None:
        found.append(Difference(article, "deleted", stored.gone_at))
    return found or [Difference(article, "unchanged")]


def _changed(article: EvidenceArticle, stored: StoredWords) -> Difference | None:
    same = words_hash(stored.title, stored.text) == article.content_hash
    if same and stored.key == article.key:
        return None
    kind: DifferenceKind = "edited"
    if stored.key != article.key:
        kind = "merged"
    elif article.stage == "feed" and stored.stage == "page" and not stored.edits:
        kind = "read"
    stand = tuple(_stands(sentence, stored) for sentence in article.sentences)
    return Difference(article, kind, stored.worded_at, stored.title, stored.url, stand)


def _stands(sentence: Sentence, stored: StoredWords) -> bool:
    """Whether the sentence is still said anywhere in the article; spaces do not matter."""
    said = _flat(sentence.text.strip("…"))
    return said in _flat(stored.title) or said in _flat(stored.text)


def _flat(text: str) -> str:
    return " ".join(composed(text).split())
