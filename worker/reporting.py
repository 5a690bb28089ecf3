"""Gathers what a message says: an episode's finding, the articles and sentences behind it, what the
message before it said, and the proof that was kept."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from alerts.episode import Episode
from alerts.finding import Finding
from alerts.notification import (
    Country,
    MessageChange,
    Occasion,
    Report,
    ReportedArticle,
    ReportedStory,
)
from worker import clock, evidence, proofs
from worker.bootstrap import Services
from worker.classify.record import Event
from worker.countries import alpha_3, country_name
from worker.profile.model import Profile
from worker.storage import archive
from worker.storage.archive import StoredArticle
from worker.told_before import before_message, same_burst

#: "APA (az)" and "APA (ru)" are sources; their newsroom is "APA".
_EDITION = re.compile(r"\s*\([^()]*\)$")

#: What calls somebody: of a change in place, and of an end, nothing more is kept.
_ON_EVIDENCE = frozenset({"opened", "escalated", "repeat", "escalation"})

Proofs = Mapping[str, Sequence[Event]]


def gather(
    services: Services, episode: Episode, change: MessageChange, key: str | None = None
) -> Report:
    """Everything that a message of this episode needs, as it is stored now; what it says is kept as
    evidence before.

    `key` is the message's own in the outbox: with it, it says what is new since the one before.
    """
    profile = services.profile
    if change in _ON_EVIDENCE:
        evidence.keep_told(services.database, profile, episode, clock.now())
    with services.database.read() as conn:
        stored = archive.get(conn, episode.last.article_ids)
        report = compose(
            profile, episode, list(stored.values()), change, services.settings.occasion
        )
        return _with_memory(conn, profile, report, key)


def compose(
    profile: Profile,
    episode: Episode,
    articles: Sequence[StoredArticle],
    change: MessageChange = "opened",
    occasion: Occasion = "real",
) -> Report:
    """The report of an episode from the articles of its last finding (pure)."""
    rule = next((rule for rule in profile.rules if rule.id == episode.rule), None)
    names = newsroom_names(profile)
    proof = {article.key: proofs.counted(article, rule) for article in articles}
    initiator, target = _who(event for events in proof.values() for event in events)
    largest = episode.last.largest_newsroom
    return Report(
        episode=episode,
        rule_name=profile.rule_names.get(episode.rule, episode.rule),
        dyad=(country(profile.dyad[0]), country(profile.dyad[1])),
        stories=_stories(episode.last, articles, proof, names),
        initiator=country(initiator) if initiator else None,
        target=country(target) if target else None,
        limit=rule.at_least if rule else None,
        largest_newsroom=names.get(largest, largest) if largest else None,
        change=change,
        occasion=occasion,
    )


def newsroom_names(profile: Profile) -> Mapping[str, str]:
    """A name for people for each newsroom of the profile: its first source's, without edition."""
    return {s.newsroom: _EDITION.sub("", s.name) for s in reversed(profile.sources)}


def country(code: str) -> Country:
    """The country of an alpha-2 or alpha-3 code, with its English name."""
    return Country(alpha_3(code) or code, country_name(code))


def _with_memory(conn: Connection, profile: Profile, report: Report, key: str | None) -> Report:
    """The report with what only the past knows: its proof, the message before, the other rules."""
    kept = evidence.state_of(conn, report.episode)
    also = same_burst(conn, report.episode)
    return replace(
        report,
        before=before_message(conn, report.episode.id, key) if key else None,
        also=tuple(profile.rule_names.get(rule, rule) for rule in also),
        heard=evidence.read(kept.kept).heard if kept and kept.intact else (),
        proof=kept.proof if kept else None,
    )


def _stories(
    finding: Finding,
    articles: Sequence[StoredArticle],
    proof: Proofs,
    names: Mapping[str, str],
) -> tuple[ReportedStory, ...]:
    """The finding's stories, the most widely reported first, each with its best report first."""
    by_story: defaultdict[str, list[StoredArticle]] = defaultdict(list)
    for article in articles:
        by_story[article.story].append(article)
    known = [story for story in finding.story_ids if story in by_story]
    # A story may have been merged into another since: its articles are told all the same.
    known += [story for story in by_story if story not in known]

    def width(story: str) -> tuple[int, int]:
        reports = by_story[story]
        return -len({r.newsroom for r in reports}), -max(r.severity for r in reports)

    return tuple(
        ReportedStory(
            story,
            tuple(
                _reported(article, proof[article.key], names)
                for article in sorted(by_story[story], key=lambda a: (-a.escalation, a.at, a.key))
            ),
        )
        for story in sorted(known, key=width)
    )


def _reported(
    article: StoredArticle, proof: Sequence[Event], names: Mapping[str, str]
) -> ReportedArticle:
    return ReportedArticle(
        title=article.title or article.text[:120],
        url=article.url,
        newsroom=names.get(article.newsroom, article.newsroom),
        country=country(article.country) if article.country else None,
        language=article.language,
        published=article.published or article.first_seen,
        quotes=tuple(quote for _, quote in proofs.sentences(article, proof)),
    )


def _who(events: Iterable[Event]) -> tuple[str | None, str | None]:
    """Who acts on whom, where most of the counted events that know it agree."""
    pairs = Counter((e.initiator, e.target) for e in events if e.initiator and e.target)
    if not pairs:
        return None, None
    (pair, votes), total = pairs.most_common(1)[0], sum(pairs.values())
    return pair if votes * 2 > total else (None, None)
