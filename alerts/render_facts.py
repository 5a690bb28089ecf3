"""The numbers of a message, one a line: what was counted, against what, heard how, on what proof
(pure)."""

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.notification import Country, Heard, Report, ReportedArticle
from alerts.render_evidence import proof_in_words, since_in_words
from alerts.render_finding import (
    expected_and_seen,
    ladder_in_words,
    peak_in_words,
    remainder_in_words,
    usual_in_words,
)
from alerts.render_headline import handled_in_words
from alerts.render_quote import clean_line
from alerts.render_words import counted, listed, moment_in_words, odds_in_words

ELSEWHERE = "Elsewhere"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the numbers: `label`, and what there is to say about it."""

    label: str
    value: str


def facts(report: Report) -> Iterable[Fact]:
    """Every number that was used, in the order in which somebody asks for it."""
    for label, value in (*_counts(report), *_doubts(report), *_history(report)):
        if value:
            yield Fact(label, value)


def side_of(article: ReportedArticle, dyad: tuple[Country, Country]) -> str:
    """The side of the dyad that an article's newsroom sits on."""
    country = article.country
    codes = {side.code: side.name for side in dyad}
    return codes.get(country.code, ELSEWHERE) if country else ELSEWHERE


def _counts(report: Report) -> Iterable[tuple[str, str | None]]:
    finding = report.episode.last
    yield "Who", _who(report.initiator, report.target)
    yield "Severity", ladder_in_words(finding)
    yield "Expected and seen", expected_and_seen(finding, report.limit)
    yield "Usual", usual_in_words(finding)
    odds = odds_in_words(finding.probability, finding.window)
    rare = "so little" if finding.below else "a count like this"
    yield "By chance", f"{rare} comes {odds}" if odds else None
    yield "Counted", _three_numbers(report)
    yield "By side", _by_side(report)
    yield "Also fired", listed([clean_line(name, 80) for name in report.also])


def _doubts(report: Report) -> Iterable[tuple[str, str | None]]:
    """What speaks for and against it."""
    finding = report.episode.last
    if report.largest_newsroom:
        name = clean_line(report.largest_newsroom, 60)
        yield f"Still fires without {name}", remainder_in_words(finding, report.limit)
    yield "Coverage", _coverage(report)
    if finding.provisional:
        yield "Baseline", "provisional: it has little history yet, so its limits are wide"


def _history(report: Report) -> Iterable[tuple[str, str | None]]:
    episode = report.episode
    yield "Since", moment_in_words(episode.opened_at)
    if episode.last.at > episode.opened_at:
        yield "Last fired", moment_in_words(episode.last.at)
    if episode.peak_count > episode.last.count and not episode.last.below:
        yield "Peak", peak_in_words(episode)
    if episode.resolved_at is not None:
        yield "Over since", moment_in_words(episode.resolved_at)
    yield "Handled", handled_in_words(episode.handling)
    if report.proof is not None:
        yield "Evidence", proof_in_words(report.proof)
        yield "Since the alert", since_in_words(report.proof)


def _who(initiator: Country | None, target: Country | None) -> str | None:
    by = clean_line(initiator.name, 60) if initiator else None
    against = f"against {clean_line(target.name, 60)}" if target else None
    return " ".join(part for part in (by, against) if part) or None


def _coverage(report: Report) -> str | None:
    share = report.episode.last.coverage
    told = [] if share is None else [f"{share:.0%} of the sources were healthy"]
    if report.heard:
        sides = ", ".join(_heard(heard) for heard in report.heard)
        told.append(f"at the time of the evidence {sides}")
    return "; ".join(told) or None


def _heard(heard: Heard) -> str:
    side = f"in {clean_line(heard.side.name, 60)}" if heard.side else "elsewhere"
    return f"{heard.healthy} of {heard.sources} {side}"


def _three_numbers(report: Report) -> str:
    finding = report.episode.last
    numbers = _numbers(finding.articles, finding.stories, finding.newsrooms)
    sides = {side: len(newsrooms) for side, (_, _, newsrooms) in _sides(report).items()}
    # The split is told only where it adds up: a report need not hold every story.
    if sum(sides.values()) != finding.newsrooms:
        return numbers
    return f"{numbers} ({', '.join(f'{side} {n}' for side, n in sides.items() if n)})"


def _by_side(report: Report) -> str | None:
    """Articles, stories and newsrooms of each side, where all of them are in the report; a story
    that both sides tell counts on both."""
    sides = _sides(report)
    if sum(articles for articles, _, _ in sides.values()) != report.episode.last.articles:
        return None
    told = [
        f"{side} {_numbers(articles, len(stories), len(newsrooms))}"
        for side, (articles, stories, newsrooms) in sides.items()
        if articles
    ]
    return "; ".join(told) or None


def _sides(report: Report) -> dict[str, tuple[int, set[str], set[str]]]:
    """Articles, stories and newsrooms by side, the dyad's two sides first."""
    sides: dict[str, tuple[int, set[str], set[str]]] = {
        country.name: (0, set(), set()) for country in report.dyad
    }
    for story in report.stories:
        for article in story.articles:
            side = side_of(article, report.dyad)
            articles, stories, newsrooms = sides.setdefault(side, (0, set(), set()))
            stories.add(story.id)
            newsrooms.add(article.newsroom)
            sides[side] = articles + 1, stories, newsrooms
    return sides


def _numbers(articles: int, stories: int, newsrooms: int) -> str:
    return ", ".join(
        (counted(articles, "article"), counted(stories, "story"), counted(newsrooms, "newsroom"))
    )
