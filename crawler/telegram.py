"""A Telegram channel's public preview page (t.me/s/CHANNEL) to its posts (pure)."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from lxml import etree, html

from crawler.charsets import decode
from crawler.dates import as_instant, stated_time
from crawler.entries import MAX_SUMMARY, distinct, is_older
from crawler.html_tree import html_hostility, html_tree
from crawler.plaintext import one_line, plain_text
from crawler.reading import Answer, Entry, Reading
from crawler.urls import canonical_url

MAX_BYTES = 4 * 1024 * 1024
_MAX_TITLE = 200
_SHORT_LINE = 20

_CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_POST = re.compile(r"([A-Za-z][A-Za-z0-9_]{3,31})/(\d{1,10})")
_END_OF_SENTENCE = re.compile(r"(?<=[.!?…։؟。])\s")
_PREVIEW_IS_OFF = (
    "Telegram answers no post: the channel's public preview is off, or there is no such channel; "
    "look at the address in a browser"
)


def channel_of(url: str) -> str | None:
    """The channel that `https://t.me/s/CHANNEL` or `https://t.me/CHANNEL` names, or None."""
    parts = urlsplit(url)
    if (parts.hostname or "").removeprefix("www.") not in ("t.me", "telegram.me"):
        return None
    steps = [step for step in parts.path.split("/") if step]
    steps = steps[1:] if steps[:1] == ["s"] else steps
    if len(steps) != 1 or not _CHANNEL.fullmatch(steps[0]):
        return None
    return steps[0]


def preview_address(channel: str, before: int | None = None) -> str:
    """The page of a channel's newest posts, or of those before a post."""
    return f"https://t.me/s/{channel}" + (f"?before={before}" if before else "")


def parse_preview(answer: Answer) -> Reading:
    """Reads the posts with words in them, and leads on to older ones until `Answer.since`.

    Never raises. A post is complete as it is: its words are all there is, and its permalink is its
    identity. Who is quoted in a forwarded post is its author.
    """
    if len(answer.body) > MAX_BYTES:
        return Reading(problem=f"the page is larger than {MAX_BYTES // 1024 // 1024} MiB")
    text = decode(answer.body, answer.content_type)
    if problem := html_hostility(text):
        return Reading(problem=problem)
    tree = html_tree(text)
    posts = list(_posts(tree)) if tree is not None else []
    if not posts:
        return Reading(problem=None if _is_older_page(answer.url) else _PREVIEW_IS_OFF)
    entries = distinct(_entry(post) for post in posts)
    return Reading(entries=entries, follow=_older(posts, answer))


def _posts(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for element in tree.iter("div"):
        if _POST.fullmatch(element.get("data-post") or ""):
            yield element


def _entry(post: html.HtmlElement) -> Entry | None:
    if "service_message" in _classes(post):  # "channel photo updated", "post pinned"
        return None
    text = _words(post)
    if not text:
        return None
    url = f"https://t.me/{post.get('data-post')}"
    return Entry(
        url=url,
        canonical_url=canonical_url(url),
        title=title_of(text),
        summary=text,
        published=as_instant(stated_time(_stated(post))),
        authors=_forwarded_from(post),
        has_page=False,
    )


def title_of(text: str) -> str:
    """The first line of a post, without the emoji around it; its first sentence where it is long.

    A first line like 'BREAKING' is no title by itself: the next one joins it.
    """
    lines = [line for line in (_without_signs(line) for line in text.split("\n")) if line]
    title = lines[0] if lines else text.split("\n")[0]
    if len(title) < _SHORT_LINE and len(title.split()) <= 2 and len(lines) > 1:
        joint = " " if title[-1:] in ".!?:…" else ". "
        title = f"{title}{joint}{lines[1]}"
    if len(title) > _MAX_TITLE:
        title = _END_OF_SENTENCE.split(title, maxsplit=1)[0]
    if len(title) > _MAX_TITLE:
        title = title[:_MAX_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
    return title


def _without_signs(line: str) -> str:
    """A line without the symbols, joiners and spaces at its ends."""
    start, end = 0, len(line)
    while start < end and _is_sign(line[start]):
        start += 1
    while end > start and _is_sign(line[end - 1]):
        end -= 1
    return line[start:end]


def _is_sign(letter: str) -> bool:
    # So: pictures; Sk: skin tones; Cf, Mn: what joins them; Co: custom emoji. $ and + stay.
    return letter.isspace() or unicodedata.category(letter) in ("So", "Sk", "Cf", "Mn", "Co", "Me")


def _words(post: html.HtmlElement) -> str:
    """The post's own words; for a bare link or a poll, those of the link or the question."""
    own = _first(post, "js-message_text")
    if own is not None:
        text = plain_text(_markup(own), MAX_SUMMARY)
        if text:
            return text
    names = ("link_preview_title", "link_preview_description", "tgme_widget_message_poll_question")
    parts = (_first(post, name) for name in names)
    return "\n".join(one_line(_markup(part)) for part in parts if part is not None).strip()


def _stated(post: html.HtmlElement) -> str:
    """The time in the footer; a video in the post has a `<time>` of its own, without a date."""
    return next((t.get("datetime") for t in post.iter("time") if t.get("datetime")), "")


def _forwarded_from(post: html.HtmlElement) -> tuple[str, ...]:
    name = _first(post, "tgme_widget_message_forwarded_from_name")
    words = one_line(_markup(name), 200) if name is not None else ""
    return (words,) if words else ()


def _older(posts: list[html.HtmlElement], answer: Answer) -> tuple[str, ...]:
    """The page before this one, where somebody wants what is older than all that is on it."""
    times = (as_instant(stated_time(_stated(post))) for post in posts)
    if answer.since is None or any(is_older(time, answer.since) for time in times if time):
        return ()
    numbered = (str(post.get("data-post")).partition("/") for post in posts)
    channel, _, first = min(numbered, key=lambda parts: int(parts[2]))
    return (preview_address(channel, int(first)),) if int(first) > 1 else ()


def _is_older_page(url: str) -> bool:
    return "before" in parse_qs(urlsplit(url).query)


def _first(post: html.HtmlElement, name: str) -> html.HtmlElement | None:
    return next((e for e in post.iter() if name in _classes(e)), None)


def _classes(element: html.HtmlElement) -> list[str]:
    return (element.get("class") or "").split()


def _markup(element: html.HtmlElement) -> str:
    return str(etree.tostring(element, encoding="unicode", with_tail=False, method="html"))
