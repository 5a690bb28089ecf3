"""Gathers what a message says: an episode's finding, and the articles and sentences behind it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from alerts.episode import Episode
from alerts.finding import Finding
from alerts.notification import (
    Country,
    MessageChange,
    Occasion,
    Quote,
    Report,
    ReportedArticle,
    ReportedStory,
)
from alerts.render_quote import quote_around
from alerts.rules import Rule
from worker.bootstrap import Services
from worker.classify.record import Event
from worker.countries import alpha_3, country_name
from worker.profile.model import Profile
from worker.storage import archive
from worker.storage.archive import StoredArticle
from worker.storage.signals import signal_of

#: A message that proves itself by more sentences of one article than this is not read.
_QUOTES_AN_ARTICLE = 2
#: "APA (az)" and "APA (ru)" are sources; their newsroom is "APA".
_EDITION = re.compile(r"\s*\([^()]*\)$")

Proofs = Mapping[str, Sequence[Event]]


def gather(services: Services, episode: Episode, change: MessageChange) -> Report:
    """Everything that a message of this episode needs, as it is stored now."""
    with services.database.read() as conn:
        stored = archive.get(conn, episode.last.article_ids)
    occasion = services.settings.occasion
    return compose(services.profile, episode, list(stored.values()), change, occasion)


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
    proofs = {article.key: _counted(article, rule) for article in articles}
    initiator, target = _who(event for events in proofs.values() for event in events)
    largest = episode.last.largest_newsroom
    return Report(
        episode=episode,
        rule_name=profile.rule_names.get(episode.rule, episode.rule),
        dyad=(country(profile.dyad[0]), country(profile.dyad[1])),
        stories=_stories(episode.last, articles, proofs, names),
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


def _stories(
    finding: Finding,
    articles: Sequence[StoredArticle],
    proofs: Proofs,
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
                _reported(article, proofs[article.key], names)
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
        quotes=_quotes(article, proof),
    )


def _quotes(article: StoredArticle, proof: Sequence[Event]) -> tuple[Quote, ...]:
    """Sentences around the evidence, from the text where it has some: the title is shown anyway."""
    spans = {
        field: sorted(
            {(e.start, e.end) for event in proof for e in event.evidence if e.field == field}
        )
        for field in ("text", "title")
    }
    quotes: list[Quote] = []
    for field, words in (("text", article.text), ("title", article.title)):
        for span in spans[field]:
            quote = quote_around(words, [span, *spans[field]], article.language)
            if len(quotes) < _QUOTES_AN_ARTICLE and all(q.text != quote.text for q in quotes):
                quotes.append(quote)
        if quotes:
            break
    return tuple(quotes)


def _counted(article: StoredArticle, rule: Rule | None) -> list[Event]:
    """The events of the article that the rule counts; all of them where it counts none any more."""
    if rule is None:
        return list(article.events)
    matching = [event for event in article.events if rule.where.matches(signal_of(article, event))]
    return matching or list(article.events)


def _who(events: Iterable[Event]) -> tuple[str | None, str | None]:
    """Who acts on whom, where most of the counted events that know it agree."""
    pairs = Counter((e.initiator, e.target) for e in events if e.initiator and e.target)
    if not pairs:
        return None, None
    (pair, votes), total = pairs.most_common(1)[0], sum(pairs.values())
    return pair if votes * 2 > total else (None, None)
