"""Public previews of Telegram channels."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from crawler.reading import Answer
from crawler.source import Source
from crawler.spiders.telegram import TelegramReader
from crawler.telegram import channel_of, parse_preview, title_of

URL = "https://t.me/s/kagiz_news"
NOW = datetime(2025, 6, 28, 12, 0, tzinfo=UTC)


def post(number, text="", before="", after="", kind="text_not_supported_wrap", hour=9):
    words = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>'
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message {kind}" data-post="kagiz_news/{number}">'
        '<div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author">'
        '<a class="tgme_widget_message_owner_name" href="https://t.me/kagiz_news">Kağız</a></div>'
        f"{before}{words if text else ''}{after}"
        '<div class="tgme_widget_message_footer"><span class="message_views">1.2K</span>'
        f'<a class="tgme_widget_message_date" href="https://t.me/kagiz_news/{number}">'
        f'<time datetime="2025-06-28T{hour:02}:14:00+00:00" class="time">{hour}:14</time></a></div>'
        "</div></div></div>"
    )


def read(*posts, url=URL, since=None):
    body = f"<html><body><section class='history'>{''.join(posts)}</section></body></html>"
    return parse_preview(Answer(url, body.encode(), "text/html; charset=utf-8", NOW, since))


def test_a_post_is_an_article_that_is_complete_as_it_is():
    text = (
        '<i class="emoji" style="x"><b>⚡️</b></i><b>Səfirə nota verildi.</b><br/><br/>Nota bu gün '
        'verilib &amp; qeyd olunub. <a href="https://apa.example/1">Ətraflı</a>'
    )
    (entry,) = read(post(101, text)).entries
    assert entry.url == entry.canonical_url == "https://t.me/kagiz_news/101"
    assert not entry.has_page
    assert entry.title == "Səfirə nota verildi."
    assert entry.summary == "⚡️Səfirə nota verildi.\nNota bu gün verilib & qeyd olunub. Ətraflı"
    assert entry.published == datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
    assert entry.authors == ()


def test_who_is_quoted_in_a_forwarded_post_is_its_author():
    quoted = (
        '<div class="tgme_widget_message_forwarded_from">Forwarded from '
        '<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/x/7">'
        "<span>Xarici İşlər</span></a></div>"
    )
    assert read(post(1, "Words of a ministry", before=quoted)).entries[0].authors == (
        "Xarici İşlər",
    )


def test_a_reply_and_the_length_of_a_video_are_not_the_posts():
    answered = (
        '<a class="tgme_widget_message_reply"><div class="js-message_reply_text">Old</div></a>'
    )
    video = '<time class="message_video_duration js-message_video_duration">0:42</time>'
    (entry,) = read(post(1, "The words of the new post", before=answered + video)).entries
    assert entry.summary == "The words of the new post"
    assert entry.published == datetime(2025, 6, 28, 9, 14, tzinfo=UTC)


def test_a_bare_link_and_a_poll_are_known_by_their_words():
    link = (
        '<a class="tgme_widget_message_link_preview" href="https://apa.example/1">'
        '<div class="link_preview_title">Nota verildi</div>'
        '<div class="link_preview_description">Səfir çağırılıb.</div></a>'
    )
    poll = '<div class="tgme_widget_message_poll_question">Nə olacaq?</div>'
    first, second = read(post(1, after=link), post(2, after=poll)).entries
    assert first.summary == "Nota verildi\nSəfir çağırılıb." and second.title == "Nə olacaq?"


def test_posts_without_words_and_service_messages_are_passed_over():
    reading = read(
        post(1), post(2, "Channel photo updated", kind="service_message"), post(3, "Words")
    )
    assert [entry.url[-1] for entry in reading.entries] == ["3"] and reading.problem is None


def test_a_page_without_posts_means_that_the_preview_is_off():
    assert "preview is off" in read().problem
    assert read(url=URL + "?before=20").problem is None


def test_older_pages_are_followed_for_history_alone():
    posts = [post(n, f"Words {n}", hour=n) for n in range(5, 9)]
    assert read(*posts).follow == ()
    assert read(*posts, since=NOW - timedelta(days=9)).follow == (f"{URL}?before=5",)
    assert read(*posts, since=NOW - timedelta(hours=5)).follow == ()
    assert read(post(1, "The first"), since=NOW - timedelta(days=9)).follow == ()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("One line of a post.\nAnother.", "One line of a post."),
        ("❗️❗️Молния\nПосла вызвали в МИД 🇦🇿", "Молния. Посла вызвали в МИД"),
        ("Срочно!\nПосла вызвали в МИД", "Срочно! Посла вызвали в МИД"),
        ("🔥", "🔥"),
        ("Short.", "Short."),
        ("First sentence here. " + "word " * 60, "First sentence here."),
        ("word " * 60, "word " * 38 + "word word…"),
    ],
)
def test_the_first_line_is_the_title(text, title):
    assert title_of(text.strip()) == title


@pytest.mark.parametrize(
    ("url", "channel"),
    [
        ("https://t.me/s/kagiz_news", "kagiz_news"),
        ("https://t.me/kagiz_news", "kagiz_news"),
        ("https://www.t.me/s/Kagiz_News/", "Kagiz_News"),
        ("https://t.me/s/kagiz_news?before=7", "kagiz_news"),
        ("https://t.me/s/", None),
        ("https://t.me/joinchat/AbC", None),
        ("https://t.me/s/k", None),
        ("https://example.org/s/kagiz_news", None),
    ],
)
def test_the_channel_of_an_address(url, channel):
    assert channel_of(url) == channel
    if channel:
        source = Source("tg", "telegram", url, "tg", "kagiz")
        assert TelegramReader().address(source, NOW) == f"https://t.me/s/{channel}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff",
        b"<div data-post='kagiz_news/1'>" * 200_000,
        b"<div data-post='../../etc/1'>x</div>",
        b"x" * 5_000_000,
        b"<div " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">",
    ],
)
def test_a_hostile_page_costs_little_and_gives_nothing(body):
    started = time.monotonic()
    reading = parse_preview(Answer(URL, body, None, NOW))
    assert reading.entries == ()
    assert time.monotonic() - started < 5
