"""A report put into words, for no channel in particular: every channel says the same (pure).

Texts of others come out of here cleaned and cut, but not escaped: that is the output's own job.
"""

from dataclasses import dataclass
from datetime import date, datetime

from alerts.notification import Country, Quote, Report, ReportedArticle, ReportedStory
from alerts.render_facts import ELSEWHERE, Fact, facts, side_of
from alerts.render_headline import headline
from alerts.render_quote import Segment, clean_line, clean_url, segments
from alerts.render_words import language_in_words, listed, moment_in_words

#: Stories that are told in full, then those of which only the headline is given.
STORIES_SHOWN = 8
HEADLINES_SHOWN = 12
QUOTES_SHOWN = 2

BANNERS = {
    "test": "TEST MESSAGE: nothing has happened. It only shows that this channel works.",
    "notice": "About dyadwatch itself, not about the news: this is no alert.",
    "demo": "DEMONSTRATION: invented articles, replayed on this machine. This is not news.",
}


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
        headline=headline(report),
        severity=report.episode.severity,
        banner=BANNERS.get(report.occasion),
        facts=tuple(facts(report)),
        stories=tuple(_accounts(story, report.dyad) for story in full),
        also=tuple(_account("", list(story.articles)) for story in brief if story.articles),
        more=max(0, report.episode.last.stories - len(named)),
        link=clean_url(report.link) if report.link else None,
        footer=(
            f"Episode {report.episode.id} of rule {report.episode.rule}. "
            "Times are UTC. Quotes are in the original language."
        ),
    )


def _accounts(story: ReportedStory, dyad: tuple[Country, Country]) -> tuple[AccountWords, ...]:
    """The story as each side's press tells it, the dyad's two sides first."""
    by_side: dict[str, list[ReportedArticle]] = {country.name: [] for country in dyad}
    for article in story.articles:
        by_side.setdefault(side_of(article, dyad), []).append(article)
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
