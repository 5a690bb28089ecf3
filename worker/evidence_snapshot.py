"""From an episode and its articles, as they are stored at this moment, to its snapshot (pure)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version

from alerts.canonical import composed
from alerts.episode import Episode
from alerts.evidence import (
    EvidenceArticle,
    EvidenceStory,
    Sentence,
    SideCounts,
    Snapshot,
    Versions,
    words_hash,
)
from alerts.notification import Country, Heard, Quote
from worker import proofs
from worker.countries import alpha_3, country_name
from worker.profile.fingerprint import fingerprints
from worker.profile.model import Profile
from worker.storage.archive import StoredArticle


def snapshot_of(
    profile: Profile,
    episode: Episode,
    articles: Mapping[str, StoredArticle],
    heard: tuple[Heard, ...],
    now: datetime,
) -> Snapshot:
    """What the episode's last finding rests on as of `now`; `articles` are its own, by key."""
    rule = next((rule for rule in profile.rules if rule.id == episode.rule), None)
    ordered = [articles[key] for key in sorted(articles)]
    kept = tuple(_article(one, proofs.sentences(one, proofs.counted(one, rule))) for one in ordered)
    return Snapshot(
        episode=episode.id,
        opened_at=episode.opened_at,
        taken_at=now,
        severity=episode.severity,
        finding=episode.last,
        articles=kept,
        stories=_stories(episode.last.story_ids, kept),
        sides=sides_of(kept),
        heard=heard,
        versions=versions_of(profile),
    )


def versions_of(profile: Profile) -> Versions:
    """What does the counting now."""
    files = fingerprints(profile.directories)
    return Versions(version("dyadwatch"), profile.name, files.profile, files.rules, files.lexicon)


def heard_by_side(profile: Profile, healthy: Collection[str] | None) -> tuple[Heard, ...]:
    """How many sources of each side were healthy, the dyad's two sides first; nothing where that is
    not known (None)."""
    if healthy is None:
        return ()
    by_side: dict[str | None, list[bool]] = {side: [] for side in (*profile.dyad, None)}
    for source in profile.polled:
        side = alpha_3(source.country)
        by_side[side if side in profile.dyad else None].append(source.id in healthy)
    return tuple(
        Heard(Country(side, country_name(side)) if side else None, sum(well), len(well))
        for side, well in by_side.items()
        if well
    )


def sides_of(articles: Iterable[EvidenceArticle]) -> tuple[SideCounts, ...]:
    """What each side's press brought, by the side's code; the unknown side last."""
    by_side: defaultdict[str | None, list[EvidenceArticle]] = defaultdict(list)
    for article in articles:
        by_side[article.side].append(article)
    return tuple(
        SideCounts(
            side,
            len(of_side),
            len({article.story for article in of_side}),
            tuple(sorted({article.newsroom for article in of_side})),
        )
        for side, of_side in sorted(by_side.items(), key=lambda pair: (not pair[0], pair[0] or ""))
    )


def _article(article: StoredArticle, found: Sequence[tuple[str, Quote]]) -> EvidenceArticle:
    return EvidenceArticle(
        key=article.key,
        url=article.canonical_url or article.url,
        title=article.title,
        newsroom=article.newsroom,
        side=alpha_3(article.country),
        language=article.language,
        published=article.published,
        first_seen=article.first_seen,
        fetched=article.fetched,
        stage=article.stage,
        story=article.story,
        content_hash=words_hash(article.title, article.text),
        sentences=tuple(_sentence(field, quote) for field, quote in found),
    )


def _sentence(field: str, quote: Quote) -> Sentence:
    """The quote in composed form, in which its spans may begin elsewhere."""

    def at(position: int) -> int:
        return len(composed(quote.text[:position]))

    spans = tuple((at(start), at(end)) for start, end in quote.highlights)
    return Sentence(field, composed(quote.text), spans)


def _stories(
    counted: Sequence[str], articles: Sequence[EvidenceArticle]
) -> tuple[EvidenceStory, ...]:
    """The counted stories in their order, then those that articles have been moved to."""
    by_story: defaultdict[str, list[EvidenceArticle]] = defaultdict(list)
    for article in articles:
        by_story[article.story].append(article)
    return tuple(
        EvidenceStory(
            story,
            tuple(article.key for article in by_story.get(story, ())),
            tuple(sorted({article.newsroom for article in by_story.get(story, ())})),
        )
        for story in dict.fromkeys((*counted, *by_story))
    )
