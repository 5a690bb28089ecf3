"""Whatever an article is called, it stays text: in the subject, the text, the HTML and Slack."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from alerts.channels.email_message import build_message
from alerts.handling import Handling
from alerts.notification import (
    Country,
    Heard,
    MessageChange,
    Notification,
    Quote,
    Report,
    ReportedArticle,
    ReportedStory,
)
from alerts.render import render

MakeReport = Callable[..., Report]
NOW = datetime(2025, 6, 28, 9, 14, tzinfo=UTC)

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title></style><svg/onload=alert(1)>",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "<!channel> <!here> <!everyone> <@U012AB3CD> <#C012AB3CD>",
    "<https://evil.example|bank.example>",
    "*bold* _italic_ ~gone~ `code` ```block``` :rotating_light:",
    "a\r\nBcc: victim@bank.example\r\n\r\n<p>injected",
    "a\u2028b\u2029c\x85d\x0be\x00f\x1b[2Jg",
    "\u202eevil\u202c \u2066x\u2069 \u200fy\u200e z\u200bero",
    "x" * 10_000,
    "<" * 10_000,
    "&" * 10_000,
    "]]>&lt;script&gt;&#60;script&#62;",
    "\ud800 lone surrogate",
    "🔥" * 3_000,
    "",
    "   ",
]  # fmt: skip

ATTRIBUTES = {
    "class", "style", "lang", "dir", "href", "rel", "role", "charset", "name", "content",
    "cellpadding", "cellspacing",
}  # fmt: skip


def everywhere(report: Report, words: str) -> Report:
    """The report with these words wherever words of others can stand, and a hostile link."""
    quote = Quote(words, words[:20], ((0, len(words)), (3, 5)))
    article = ReportedArticle(
        words, "javascript:alert(1)", words, Country(words, words), words, NOW, (quote, quote)
    )
    linked = replace(article, url=f"https://news.example/{words}", country=report.dyad[0])
    stories = tuple(ReportedStory(f"s{n}", (linked, article)) for n in range(30))
    episode = replace(
        report.episode,
        last=replace(report.episode.last, said=words),
        handling=Handling(acknowledged_by=words, assigned_to=words, closed_by=words),
    )
    return replace(
        report,
        episode=episode,
        stories=stories,
        rule_name=words,
        also=(words, words),
        heard=(Heard(Country(words, words), 1, 2), Heard(None, 0, 1)),
        largest_newsroom=words,
        initiator=Country(words, words),
        link=f"javascript:{words}",
    )


@pytest.fixture(params=["opened", "escalated", "resolved"])
def change(request: pytest.FixtureRequest) -> MessageChange:
    asked: MessageChange = request.param
    return asked


@pytest.fixture(params=HOSTILE, ids=lambda words: ascii(words[:24]))
def notification(
    request: pytest.FixtureRequest, make_report: MakeReport, change: MessageChange
) -> Notification:
    report = everywhere(make_report({"severity": "critical"}, change=change), request.param)
    return render(report, key="k", channel="desk", now=NOW)


def strings(json_value: object) -> Iterator[str]:
    if isinstance(json_value, str):
        yield json_value
    elif isinstance(json_value, dict):
        for value in json_value.values():
            yield from strings(value)
    elif isinstance(json_value, list):
        for value in json_value:
            yield from strings(value)


def test_the_html_holds_nothing_that_acts(notification: Notification) -> None:
    page = html.document_fromstring(notification.html)
    tags = {element.tag for element in page.iter() if isinstance(element.tag, str)}
    assert tags <= {
        "html", "head", "meta", "title", "style", "body", "div", "p", "h1", "h2", "table", "tr",
        "td", "strong", "span", "a", "blockquote", "mark", "bdi",
    }  # fmt: skip
    for element in page.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name in ATTRIBUTES, name
            assert name != "href" or value.startswith("https://news.example/")
    assert len(notification.html) < 300_000


def test_the_html_shows_the_words_as_they_are(make_report: MakeReport) -> None:
    words = "<script>alert(1)</script> & {{ 7 * 7 }}"
    notification = render(everywhere(make_report(), words), key="k", channel="desk", now=NOW)
    page = html.document_fromstring(notification.html)
    assert words in page.text_content()


def test_no_output_holds_what_turns_or_hides_words(notification: Notification) -> None:
    misleading = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066\u2067]")
    outputs = (notification.subject, notification.text, notification.html)
    for output in (*outputs, *strings(dict(notification.slack))):
        assert not misleading.search(output)
        output.encode("utf-8")


def test_the_subject_is_one_bounded_header_line(notification: Notification) -> None:
    assert len(notification.subject) <= 140
    assert "\n" not in notification.subject
    assert "\r" not in notification.subject
    mail = build_message(notification, "dyadwatch@desk.example", ["duty@desk.example"])
    assert "Bcc" not in mail
    headers = mail.as_bytes().partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 998 for line in headers.split(b"\r\n"))
    assert not re.search(rb"(?im)^bcc:", headers)


def test_slack_gets_no_markup_and_keeps_within_its_limits(notification: Notification) -> None:
    blocks = notification.slack["blocks"]
    assert isinstance(blocks, list)
    assert 1 <= len(blocks) <= 50
    for text in strings(dict(notification.slack)):
        assert len(text) <= 3000
        tokens = re.findall(r"<[^>]*>?", text)
        assert all(re.fullmatch(r"<https://news\.example/[^|<>]*\|[^<>]*>", t) for t in tokens), (
            tokens
        )
        # Whatever is left of & begins one of the three escapes, whole.
        assert not re.search(r"&(?!amp;|lt;|gt;)", text)
        shown = re.sub(r"<https://[^|]*\|", "", text)
        assert not re.search(r":[a-z_]+:|`|~|_italic_", shown)
    assert (notification.slack["unfurl_links"], notification.slack["unfurl_media"]) == (
        False,
        False,
    )
    assert all(
        block["text"]["verbatim"] is True
        for block in blocks
        if isinstance(block, dict) and isinstance(block.get("text"), dict)
    )


def test_a_mention_and_a_disguised_link_are_literal_in_slack(make_report: MakeReport) -> None:
    words = "<!channel> <https://evil.example|bank>"
    notification = render(everywhere(make_report(), words), key="k", channel="desk", now=NOW)
    body = json.dumps(notification.slack)
    assert "&lt;!channel&gt; &lt;https://evil.example|bank&gt;" in body
    assert "<!channel" not in body
    assert "<https://evil" not in body


def test_the_text_is_bounded(notification: Notification) -> None:
    assert len(notification.text) < 60_000
