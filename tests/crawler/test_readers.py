"""What holds for every kind of source: nothing that a server says raises, or fails to pickle."""

import gzip
import pickle
from datetime import UTC, datetime, timedelta
from typing import get_args
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.reading import Answer
from crawler.source import Source, SourceKind
from crawler.spiders import READERS

NOW = datetime(2025, 6, 28, 12, 0, tzinfo=UTC)
URLS = {
    "telegram": "https://t.me/s/kagiz_news",
    "gdelt": "https://api.gdeltproject.org/api/v2/doc/doc?query=baku",
}
# Pieces of which real answers are made, in every order and with everything left open.
PIECES = st.sampled_from(
    [
        "<rss>",
        "<channel>",
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<link>",
        "<urlset>",
        "<url>",
        "<loc>",
        "</loc>",
        "</url>",
        "<news:news>",
        "<news:title>",
        "<sitemapindex>",
        "<sitemap>",
        "<lastmod>",
        "2025-06-28T09:14:00Z",
        "0000-00-00",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<!DOCTYPE",
        "<?xml",
        "?>",
        "<a",
        "href=",
        ">",
        '"',
        "'",
        "</a>",
        "<h3>",
        "<time",
        "datetime=",
        "<base",
        "href=",
        "<div",
        'data-post="kagiz_news/1"',
        'class="js-message_text"',
        "&amp;",
        "&#0;",
        "&#xD800;",
        "&lt;",
        "https://x.example/1",
        "file:///etc/passwd",
        "javascript:x",
        "http://[",
        "//x",
        "2025/06/28/a-b-c-d-e",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"articles"',
        '"url"',
        '"title"',
        '"version"',
        '"https://jsonfeed.org/version/1.1"',
        '"items"',
        "null",
        "1e999",
        "\\u",
        "\\'",
        "20250628T091500Z",
        "<feed>",
        "<entry>",
        "<source",
        "url=",
        "Посол",
        "сəfir",
        "俄罗斯",
        "\x00",
        "�",
    ]
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.lists(PIECES, max_size=40).map(lambda p: " ".join(p).encode("utf-8", "surrogatepass")),
    st.lists(PIECES, max_size=40).map(lambda p: "".join(p).encode("utf-16", "surrogatepass")),
    st.lists(PIECES, max_size=20).map(
        lambda p: gzip.compress("".join(p).encode("utf-8", "replace"))
    ),
)


def test_there_is_a_reader_for_every_kind():
    assert set(READERS) == set(get_args(SourceKind))


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=150, deadline=None)
@given(body=BODIES, content_type=st.sampled_from([None, "text/xml", "text/html; charset=x"]),
       selector=st.sampled_from([None, "a", "h3 a"]), since=st.booleans())  # fmt: skip
def test_no_answer_raises_and_every_reading_is_sound(kind, body, content_type, selector, since):
    url = URLS.get(kind, "https://x.example/news")
    source = Source("s", kind, url, "s", "s", links=selector if kind == "listing" else None)
    wanted = NOW - timedelta(days=9) if since else None
    reading = READERS[kind].read(source, Answer(url, body, content_type, NOW, wanted))
    assert pickle.loads(pickle.dumps(reading)) == reading
    assert reading.problem is None or not reading.entries
    for entry in reading.entries:
        assert urlsplit(entry.url).scheme in ("http", "https")
        assert entry.title == " ".join(entry.title.split()) and entry.canonical_url
        assert "\x00" not in entry.summary
        entry.title.encode(), entry.summary.encode()
    for address in reading.follow:
        assert urlsplit(address).scheme in ("http", "https")


@pytest.mark.parametrize("kind", READERS)
def test_every_poll_begins_at_a_web_address_and_is_bounded(kind):
    url = URLS.get(kind, "https://x.example/news")
    reader = READERS[kind]
    assert reader.address(Source("s", kind, url, "s", "s"), NOW).startswith(url)
    assert 0 <= reader.max_follow <= 200 and reader.accept
