"""Pages as they are found."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract import extract
from crawler.merge import article_with_page

URL = "https://www.paper.example/news/7?utm_source=x"
BODY = "".join(
    f"<p>Paragraph {n} of the report says at some length what the ministry announced.</p>"
    for n in range(6)
)


def page(head="", body=BODY, title="Ministry summons the ambassador", lang="en"):
    return (
        f'<html lang="{lang}"><head><title>{title} | Paper</title>{head}</head>'
        f"<body><nav>Home</nav><article><h1>{title}</h1>{body}</article>"
        "<footer>All rights reserved</footer></body></html>"
    )


def json_ld(**fields):
    graph = {"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": "NewsArticle"} | fields]}
    return f'<script type="application/ld+json">{json.dumps(graph)}</script>'


def test_the_record_of_the_contract():
    head = json_ld(
        author=[{"name": "A. Author"}, "B. Writer"], datePublished="2025-06-28T13:14:00+04:00"
    )
    record = extract(page(head), URL).to_json()
    assert list(record) == [
        "url",
        "canonical_url",
        "title",
        "text",
        "authors",
        "published",
        "language",
    ]
    assert record["title"] == "Ministry summons the ambassador"
    assert record["canonical_url"] == "https://paper.example/news/7"
    assert record["authors"] == ["A. Author", "B. Writer"]
    assert record["published"] == "2025-06-28T13:14:00+04:00"
    assert record["language"] == "en"
    assert record["text"].startswith("Paragraph 0") and "rights reserved" not in record["text"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (json_ld(datePublished="2025-06-28"), date(2025, 6, 28)),
        (
            '<meta property="article:published_time" content="2025-06-28T09:14:00Z">',
            datetime(2025, 6, 28, 9, 14, tzinfo=UTC),
        ),
        (
            json_ld(datePublished="2025-06-28")
            + '<meta property="article:published_time" content="2025-06-28T13:14+04:00">',
            datetime(2025, 6, 28, 13, 14, tzinfo=timezone(timedelta(hours=4))),
        ),
        ('<meta name="date" content="2025-06-28 13:14">', datetime(2025, 6, 28, 13, 14)),  # noqa: DTZ001 - none is stated
        ('<meta name="date" content="some day">', None),
        ("", None),
    ],
)
def test_a_time_is_what_the_page_states(head, expected):
    published = extract(page(head), URL).published
    assert published == expected
    assert type(published) is type(expected)


def test_a_time_tag_counts_only_where_the_head_is_silent():
    body = '<time datetime="2025-06-28T10:00:00+03:00">now</time>' + BODY
    assert extract(page(body=body), URL).published.utcoffset() == timedelta(hours=3)
    assert extract(page(json_ld(datePublished="2025-06-27"), body), URL).published == date(
        2025, 6, 27
    )


def test_a_date_in_the_text_is_no_publication_date():
    assert extract(page(body=BODY + "<p>It happened on 2020-01-01.</p>"), URL).published is None


def test_a_believable_canonical_address_is_taken_and_a_foreign_one_is_not():
    own = '<link rel="canonical" href="/news/seven">'
    foreign = '<link rel="canonical" href="https://other.example/x">'
    home = '<link rel="canonical" href="https://www.paper.example/">'
    assert extract(page(own), URL).canonical_url == "https://paper.example/news/seven"
    assert extract(page(foreign), URL).canonical_url == "https://paper.example/news/7"
    assert extract(page(home), URL).canonical_url == "https://paper.example/news/7"


@pytest.mark.parametrize(
    ("charset", "content_type", "head"),
    [
        ("cp1251", "text/html; charset=windows-1251", ""),
        (
            "cp1251",
            "text/html",
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        ),
        ("cp1251", None, ""),
        ("koi8-r", None, '<meta charset="koi8-r">'),
        ("utf-8", "text/html; charset=iso-8859-1", ""),
    ],
)
def test_cyrillic_is_readable_whatever_the_page_declares(charset, content_type, head):
    title = "Посол вызван в министерство иностранных дел"
    body = f"<p>{'Об этом сообщили в пресс-службе ведомства. ' * 5}</p>" * 3
    found = extract(page(head, body, title, "ru").encode(charset), URL, content_type)
    assert found.title == title
    assert "пресс-службе" in found.text


@pytest.mark.parametrize(
    "html",
    ["", "\0\0\0", "<", "<html>", "<!--", b"\xff\xfe\x00", "<body>" + "<div>" * 50_000, "&" * 9_000,
     '<?xml version="1.0" encoding="utf-16"?><html><p>x</p></html>',
     '<script type="application/ld+json">' + "[" * 50_000 + "</script>",
     '<script type="application/ld+json">{"@type":"Article","headline":"\\ud800",'
     '"author":7}</script>'],
)  # fmt: skip
def test_no_page_makes_it_fail(html):
    found = extract(html, URL)
    json.dumps(found.to_json()).encode()
    found.title.encode()
    assert "\0" not in found.text


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(html):
    extract(html, URL).text.encode()


def test_an_address_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not an http or https address"):
        extract("<p>x</p>", "file:///tmp/x")


def test_the_headline_is_not_repeated_in_the_body():
    short = "<article><h1>Strike over</h1><p>It ended at noon today.</p></article>"
    found = extract(f"<html><body>{short}</body></html>", URL)
    assert found.title == "Strike over"
    assert not found.text.startswith("Strike over")


def test_a_page_replaces_a_days_date_by_its_time(feed_article):
    found = extract(page(json_ld(datePublished="2025-06-28T13:14:00+04:00")), URL)
    merged = article_with_page(feed_article(date(2025, 6, 28)), found)
    assert merged.published == datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
    assert merged.published_from == "page"
    kept = datetime(2025, 6, 28, 8, 0, tzinfo=UTC)
    assert article_with_page(feed_article(kept), found).published == kept


def test_the_package_itself_offers_extract() -> None:
    import crawler

    assert crawler.extract is extract


def test_a_page_without_text_has_null_and_no_empty_text() -> None:
    assert extract("<title>Baku</title>", "https://a.example/1").to_json()["text"] is None


@pytest.mark.parametrize("stated", ["By Anna Bell and Carl Dunn", "Anna Bell; Carl Dunn"])
def test_a_byline_is_a_list_of_names(stated: str) -> None:
    described = json.dumps({"@type": "NewsArticle", "author": {"name": stated}})
    meta = page(f'<meta name="author" content="{stated}">')
    linked = page(f'<script type="application/ld+json">{described}</script>')
    assert extract(meta, URL).authors == ("Anna Bell", "Carl Dunn")
    assert extract(linked, URL).authors == ("Anna Bell", "Carl Dunn")


def test_a_name_that_begins_like_a_byline_is_a_name() -> None:
    assert extract(page('<meta name="author" content="Byron Andrews">'), URL).authors == (
        "Byron Andrews",
    )


def test_a_page_that_a_script_draws_gives_the_body_in_its_data() -> None:
    words = "The ministry summoned the ambassador on Monday and handed him a note of protest. "
    related = {"title": "Other news", "body": words.replace("Monday", "Friday") * 5}
    story = {"title": "Envoy summoned", "body": f"<p>{words * 2}</p><p>{words * 2}</p>"}
    data = json.dumps({"props": {"pageProps": {"related": [related], "article": story}}})
    page = (
        "<title>Envoy summoned</title><body><div id='__next'>Loading…</div>"
        f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'
    )
    found = extract(page, "https://paper.example/news/1")
    assert found.text == "\n".join([(words * 2).strip()] * 2)
    assert found.wall is None
