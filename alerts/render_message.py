"""A report put into words, for no channel in particular: every channel says the same (pure).

Texts of others come out of here cleaned and cut, but not escaped: that is the output's own job.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from alerts.notification import Country, Quote, Report, ReportedArticle, ReportedStory
from alerts.render_quote import Segment, clean_line, clean_url, segments
from alerts.render_words import (
    counted,
    counts_in_words,
    decimal,
    duration_in_words,
    language_in_words,
    listed,
    moment_in_words,
    odds_in_words,
)

#: Stories that are told in full, then those of which only the headline is given.
STORIES_SHOWN = 8
HEADLINES_SHOWN = 12
QUOTES_SHOWN = 2

BANNERS = {
    "test": "TEST MESSAGE: nothing has happened. It only shows that this channel works.",
    "notice": "About dyadwatch itself, not about the news: this is no alert.",
    "demo": "DEMONSTRATION: invented articles, replayed on this machine. This is not news.",
}

ELSEWHERE = "Elsewhere"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the numbers: `label`, and what there is to say about it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class QuoteWords:
    """A quoted sentence in its own language, in pieces."""

    segments: tuple[Segment, ...]
    language: str


@dataclass(frozen=True, slots=True)
class AccountWords:
    """What one side's press says of a story: its newsrooms, and the headline of the first."""

    side: str
    newsrooms: str
    title: str
    language: str
    details: str
    url: str | None
    quotes: tuple[QuoteWords, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """All the words of a message.

    `stories` are told in full, each as every side's account of it; of `also` only the headline is
    given; `more` is how many there is no room for at all.
    """

    headline: str
    severity: str
    banner: str | None = None
    facts: tuple[Fact, ...] = ()
    stories: tuple[tuple[AccountWords, ...], ...] = ()
    also: tuple[AccountWords, ...] = ()
    more: int = 0
    link: str | None = None
    footer: str = ""


def compose(report: Report) -> Message:
    """The report in words."""
    named = report.stories[: STORIES_SHOWN + HEADLINES_SHOWN]
    full, brief = named[:STORIES_SHOWN], named[STORIES_SHOWN:]
    return Message(
        headline=_headline(report),
        severity=report.episode.severity,
        banner=BANNERS.get(report.occasion),
        facts=tuple(_facts(report)),
        stories=tuple(_accounts(story, report.dyad) for story in full),
        also=tuple(_account("", list(story.articles)) for story in brief if story.articles),
        more=max(0, report.episode.last.stories - len(named)),
        link=clean_url(report.link) if report.link else None,
        footer=(
            f"Episode {report.episode.id} of rule {report.episode.rule}. "
            "Times are UTC. Quotes are in the original language."
        ),
    )


def _headline(report: Report) -> str:
    """What happened, in one sentence."""
    finding = report.episode.last
    name = clean_line(report.rule_name, 80)
    said = f"{name}: {counts_in_words(finding)} in {duration_in_words(finding.window)}"
    if finding.expected is not None:
        said += f", {decimal(finding.expected)} expected"
    limit = _limit(report)
    said += f" (limit {limit:,})" if limit is not None else ""
    return f"Still open: {said}" if report.change == "repeat" else said


def _facts(report: Report) -> Iterable[Fact]:
    finding = report.episode.last
    acting = _who(report.initiator, report.target)
    if acting:
        yield Fact("Who", acting)
    if finding.expected is not None:
        yield Fact("Expected and seen", _expected_and_seen(report))
    odds = odds_in_words(finding.probability, finding.window)
    if odds:
        yield Fact("By chance", f"a count like this comes {odds}")
    yield Fact("Counted", _three_numbers(report))
    if report.largest_newsroom:
        answer = "yes" if finding.without_largest else "no"
        yield Fact(f"Still fires without {clean_line(report.largest_newsroom, 60)}", answer)
    if finding.coverage is not None:
        yield Fact("Coverage", f"{finding.coverage:.0%} of the sources were healthy")
    if finding.provisional:
        yield Fact("Baseline", "provisional: it has little history yet, so its limits are wide")
    yield from _history(report)


def _expected_and_seen(report: Report) -> str:
    finding, limit = report.episode.last, _limit(report)
    unit = finding.unit
    said = (
        f"{decimal(finding.expected or 0)} {unit} expected in {duration_in_words(finding.window)}"
    )
    said += f", {finding.count:,} seen"
    return said + (f"; {limit:,} or more raise an alert" if limit is not None else "")


def _history(report: Report) -> Iterable[Fact]:
    episode = report.episode
    yield Fact("Since", moment_in_words(episode.opened_at))
    if episode.peak_count > episode.last.count:
        yield Fact("Peak", f"{episode.peak_count:,} {episode.last.unit}")
    if episode.resolved_at is not None:
        yield Fact("Over since", moment_in_words(episode.resolved_at))


def _limit(report: Report) -> int | None:
    upper = report.episode.last.upper
    return report.limit if upper is None else math.ceil(upper)


def _who(initiator: Country | None, target: Country | None) -> str | None:
    by = clean_line(initiator.name, 60) if initiator else None
    against = f"against {clean_line(target.name, 60)}" if target else None
    return " ".join(part for part in (by, against) if part) or None


def _three_numbers(report: Report) -> str:
    finding = report.episode.last
    numbers = ", ".join(
        (
            counted(finding.articles, "article"),
            counted(finding.stories, "story"),
            counted(finding.newsrooms, "newsroom"),
        )
    )
    sides = _newsrooms_by_side(report)
    # The split is told only where it adds up: a report need not hold every story.
    if sum(sides.values()) != finding.newsrooms:
        return numbers
    return f"{numbers} ({', '.join(f'{side} {n}' for side, n in sides.items() if n)})"


def _newsrooms_by_side(report: Report) -> dict[str, int]:
    names: dict[str, set[str]] = {country.name: set() for country in report.dyad}
    for story in report.stories:
        for article in story.articles:
            names.setdefault(_side(article, report.dyad), set()).add(article.newsroom)
    return {side: len(newsrooms) for side, newsrooms in names.items()}


def _side(article: ReportedArticle, dyad: tuple[Country, Country]) -> str:
    country = article.country
    codes = {side.code: side.name for side in dyad}
    return codes.get(country.code, ELSEWHERE) if country else ELSEWHERE


def _accounts(story: ReportedStory, dyad: tuple[Country, Country]) -> tuple[AccountWords, ...]:
    """The story as each side's press tells it, the dyad's two sides first."""
    by_side: dict[str, list[ReportedArticle]] = {country.name: [] for country in dyad}
    for article in story.articles:
        by_side.setdefault(_side(article, dyad), []).append(article)
    return tuple(_account(side, articles) for side, articles in by_side.items() if articles)


def _account(side: str, articles: list[ReportedArticle]) -> AccountWords:
    first = articles[0]
    newsrooms = list(dict.fromkeys(clean_line(article.newsroom, 60) for article in articles))
    # A reprint quotes the very same sentence: it is shown once.
    unlike = {quote.text: quote for article in articles for quote in article.quotes}
    quotes = list(unlike.values())[:QUOTES_SHOWN]
    return AccountWords(
        side=clean_line(side, 60),
        newsrooms=listed(newsrooms),
        title=clean_line(first.title) or "(without a title)",
        language=_language(first.language),
        details=_details(_language(first.language), first.published, first.country, side),
        url=clean_url(first.url),
        quotes=tuple(_quote(quote) for quote in quotes if quote.text.strip()),
    )


def _details(
    language: str, published: datetime | date | None, country: Country | None, side: str
) -> str:
    abroad = clean_line(country.name, 60) if country and side == ELSEWHERE else None
    when = moment_in_words(published) if published else None
    return ", ".join(part for part in (abroad, language_in_words(language), when) if part)


def _language(code: str) -> str:
    """The code, or `und` where it is none: a feed may declare anything."""
    fits = code.isascii() and len(code) <= 12 and code.replace("-", "").isalnum()
    return code if fits else "und"


def _quote(quote: Quote) -> QuoteWords:
    return QuoteWords(segments(quote), _language(quote.language))
