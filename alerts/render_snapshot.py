"""A snapshot of evidence in lines for a terminal (pure)."""

from collections.abc import Iterable

from alerts.evidence import EvidenceArticle, Sentence, Snapshot
from alerts.notification import Heard
from alerts.render_finding import limit_in_words, remainder_in_words, usual_in_words
from alerts.render_quote import clean_line
from alerts.render_words import (
    counted,
    counts_in_words,
    decimal,
    duration_in_words,
    language_in_words,
    moment_in_words,
    odds_in_words,
)


def snapshot_in_words(snapshot: Snapshot, digest: str) -> Iterable[str]:
    """What the episode rested on, line by line: the numbers, then each article with its proof."""
    yield f"Episode {snapshot.episode}, as of {moment_in_words(snapshot.taken_at)}"
    yield f"  sha256     {digest}"
    yield from (f"  {label:<10} {words}" for label, words in _numbers(snapshot))
    for article in snapshot.articles:
        yield ""
        yield from _article(article)


def _numbers(snapshot: Snapshot) -> Iterable[tuple[str, str]]:
    finding = snapshot.finding
    yield "counted", f"{counts_in_words(finding)} in {duration_in_words(finding.window)}"
    if finding.expected is not None:
        yield "expected", decimal(finding.expected)
    if usual := usual_in_words(finding):
        yield "usual", usual
    if limit := limit_in_words(finding, None):
        yield "limit", limit
    if odds := odds_in_words(finding.probability, finding.window):
        yield "by chance", f"{odds} (probability {finding.probability:.3g})"
    if finding.largest_newsroom:
        answer = remainder_in_words(finding, None)
        yield "without", f"{clean_line(finding.largest_newsroom, 60)}: {answer}"
    if finding.said:
        yield "said", clean_line(finding.said, 400)
    for side in snapshot.sides:
        numbers = ", ".join(
            (
                counted(side.articles, "article"),
                counted(side.stories, "story"),
                counted(len(side.newsrooms), "newsroom"),
            )
        )
        yield "press", f"{side.side or 'elsewhere'}: {numbers}"
    for heard in snapshot.heard:
        yield "heard", heard_in_words(heard)
    made = snapshot.versions
    yield "made by", f"dyadwatch {made.software}, profile {clean_line(made.profile, 60)}"
    for name, value in (
        ("profile", made.profile_digest),
        ("rules", made.rules_digest),
        ("lexicon", made.lexicon_digest),
    ):
        yield "sha256", f"{value} of the {name}"


def heard_in_words(heard: Heard) -> str:
    """`Azerbaijan: 11 of 14 sources healthy`."""
    side = clean_line(heard.side.name, 60) if heard.side else "elsewhere"
    return f"{side}: {heard.healthy} of {counted(heard.sources, 'source')} healthy"


def _article(article: EvidenceArticle) -> Iterable[str]:
    yield f"{clean_line(article.newsroom, 60)}: {clean_line(article.title) or '(without a title)'}"
    yield f"  {article.url}"
    when = moment_in_words(article.published) if article.published else "at an unknown time"
    language = language_in_words(article.language)
    told = ", ".join(part for part in (article.side, language, f"published {when}") if part)
    yield f"  {told}, first seen {moment_in_words(article.first_seen)}"
    yield f"  sha256 {article.content_hash} ({article.stage})"
    yield from (f"  > {_marked(sentence)}" for sentence in article.sentences)


def _marked(sentence: Sentence) -> str:
    """The sentence with its proof between asterisks."""
    marked, at = "", 0
    for start, end in sentence.spans:
        marked += f"{sentence.text[at:start]}*{sentence.text[start:end]}*"
        at = end
    return clean_line(marked + sentence.text[at:], 400)
