"""Which events of a stored article a rule counts, and the sentences that prove them (pure)."""

from collections.abc import Sequence

from alerts.notification import Quote
from alerts.render_quote import quote_around
from alerts.rules import Rule
from worker.classify.record import Event
from worker.storage.archive import StoredArticle
from worker.storage.signals import signal_of

#: A message that proves itself by more sentences of one article than this is not read.
SENTENCES_AN_ARTICLE = 2


def counted(article: StoredArticle, rule: Rule | None) -> list[Event]:
    """The events of the article that the rule counts; all of them where it counts none any more."""
    if rule is None:
        return list(article.events)
    matching = [event for event in article.events if rule.where.matches(signal_of(article, event))]
    return matching or list(article.events)


def sentences(article: StoredArticle, proof: Sequence[Event]) -> tuple[tuple[str, Quote], ...]:
    """Sentences around the evidence, each with its field: from the text where it has some, for the
    title is shown anyway."""
    spans = {
        field: sorted(
            {(e.start, e.end) for event in proof for e in event.evidence if e.field == field}
        )
        for field in ("text", "title")
    }
    quotes: list[tuple[str, Quote]] = []
    for field, words in (("text", article.text), ("title", article.title)):
        for span in spans[field]:
            quote = quote_around(words, [span, *spans[field]], article.language)
            unlike = all(known.text != quote.text for _, known in quotes)
            if len(quotes) < SENTENCES_AN_ARTICLE and unlike:
                quotes.append((field, quote))
        if quotes:
            break
    return tuple(quotes)
