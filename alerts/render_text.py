"""The message as plain text: for mail clients without HTML, terminals and screen readers (pure)."""

from collections.abc import Iterable

from alerts.render_message import AccountWords, Message, QuoteWords
from alerts.render_quote import isolated
from alerts.render_words import language_in_words, more_stories


def to_text(message: Message) -> str:
    """The whole message; proof is marked *so*."""
    return "\n".join(_lines(message)).strip() + "\n"


def _lines(message: Message) -> Iterable[str]:
    if message.banner:
        yield from (f"*** {message.banner} ***", "")
    yield from (f"{message.headline}.", "")
    yield from (f"{fact.label}: {fact.value}" for fact in message.facts)
    for number, accounts in enumerate(message.stories, start=1):
        yield from ("", f"Story {number}")
        for account in accounts:
            yield from _account(account)
    if message.also:
        yield from ("", "Also")
    for brief in message.also:
        yield f"  {isolated(brief.title, brief.language)} | {brief.newsrooms}"
        yield from (f"    {url}" for url in (brief.url,) if url)
    if message.more:
        yield from ("", f"And {more_stories(message.more)}.")
    if message.link:
        yield from ("", f"The episode: {message.link}")
    yield from ("", "-- ", message.footer)


def _account(account: AccountWords) -> Iterable[str]:
    yield f"  {account.side} | {account.newsrooms}"
    details = f" ({account.details})" if account.details else ""
    yield f"    {isolated(account.title, account.language)}{details}"
    if account.url:
        yield f"    {account.url}"
    yield from (f"    > {_quoted(quote)}" for quote in account.quotes)


def _quoted(quote: QuoteWords) -> str:
    marked = "".join(
        f"*{piece.text}*" if piece.highlighted else piece.text for piece in quote.segments
    )
    language = language_in_words(quote.language)
    return isolated(marked.strip(), quote.language) + (f" [{language}]" if language else "")
