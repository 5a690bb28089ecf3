"""The message as Slack blocks (pure).

Slack's own limits: 50 blocks a message, 3,000 characters a text. Its markup has three characters
that must be escaped (& < >); everything else that could become markup in the words of others is
replaced by a look-alike, because Slack offers no way to escape it.
https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Iterable

from alerts.notification import Json
from alerts.render_message import AccountWords, Message, QuoteWords
from alerts.render_quote import isolated
from alerts.render_words import language_in_words, more_stories

TEXT_LIMIT = 2900
URL_LIMIT = 700

_SIGNS = {"critical": "🔴", "warning": "🟠", "info": "🔵"}
_LOOK_ALIKES = str.maketrans({"*": "∗", "`": "ˋ", "~": "∼"})
_UNDERSCORE = re.compile(r"(?<!\w)_|_(?!\w)")
_EMOJI = re.compile(r":(?=[a-zA-Z0-9_+'\-]+:)")


def to_slack(message: Message) -> dict[str, Json]:
    """The JSON body of the webhook; nothing in it is unfurled."""
    headline = _literal(message.headline)
    fallback = " ".join(filter(None, (_banner(message), f"{headline}.")))
    return {
        "text": fallback[:TEXT_LIMIT],
        "blocks": list(_blocks(message, headline)),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _blocks(message: Message, headline: str) -> Iterable[Json]:
    if message.banner:
        yield _section([f"*{_banner(message)}*"])
    yield _section([f"{_SIGNS.get(message.severity, '')} *{headline}*".strip()])
    if message.facts:
        yield _section(f"{_literal(fact.label)}: {_literal(fact.value)}" for fact in message.facts)
    for accounts in message.stories:
        yield {"type": "divider"}
        yield _section(line for account in accounts for line in _account(account))
    if message.also:
        yield {"type": "divider"}
        yield _section(_brief(brief) for brief in message.also)
    if message.more:
        yield _context(f"And {more_stories(message.more)}.")
    if message.link:
        yield _section([_link(message.link, "The episode")])
    if message.footer:
        yield _context(_literal(message.footer))


def _account(account: AccountWords) -> Iterable[str]:
    yield f"*{_literal(account.side)}*: {_literal(account.newsrooms)}"
    title = isolated(_literal(account.title), account.language)
    details = f" ({_literal(account.details)})" if account.details else ""
    yield _link(account.url, title) + details
    yield from (f">{_quoted(quote)}" for quote in account.quotes)


def _brief(brief: AccountWords) -> str:
    title = isolated(_literal(brief.title), brief.language)
    return f"• {_link(brief.url, title)} ({_literal(brief.newsrooms)})"


def _quoted(quote: QuoteWords) -> str:
    marked = "".join(
        _bold(_literal(piece.text)) if piece.highlighted else _literal(piece.text)
        for piece in quote.segments
    )
    language = language_in_words(quote.language)
    return isolated(marked.strip(), quote.language) + (f" _[{language}]_" if language else "")


def _bold(text: str) -> str:
    """Bold, with the spaces outside: Slack shows the asterisks of `* so *`."""
    core = text.strip()
    return text.replace(core, f"*{core}*", 1) if core else text


def _link(url: str | None, escaped_text: str) -> str:
    if url is None or len(url) > URL_LIMIT:
        return escaped_text
    return f"<{_escaped(url)}|{escaped_text}>"


def _literal(text: str) -> str:
    """Words that Slack shows as they are: no mention, link, format or emoji comes of them."""
    plain = _EMOJI.sub(":\u200b", text.translate(_LOOK_ALIKES))
    return _escaped(_UNDERSCORE.sub("＿", plain))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _banner(message: Message) -> str:
    return _literal(message.banner or "")


def _section(lines: Iterable[str]) -> Json:
    return {"type": "section", "text": _mrkdwn("\n".join(_fitting(lines)))}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [_mrkdwn(text[:TEXT_LIMIT])]}


def _mrkdwn(text: str) -> Json:
    # Verbatim: an address or a #channel in somebody's words is not turned into a link.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _fitting(lines: Iterable[str]) -> Iterable[str]:
    """Whole lines as long as they fit: a cut inside a line could cut an escape or a link."""
    room = TEXT_LIMIT
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            return
        yield line
