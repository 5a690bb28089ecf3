"""Feeds as they are found."""

import time
from datetime import UTC, date, datetime

import pytest

from crawler.feed import MAX_ENTRIES, parse_feed

URL = "https://paper.example/rss"


def rss(items, prolog='<?xml version="1.0"?>'):
    return f'{prolog}<rss version="2.0"><channel><language>ru-RU</language>{items}</channel></rss>'


def item(**fields):
    return "<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in fields.items()) + "</item>"


def only_entry(text, charset="utf-8", content_type="text/xml"):
    (entry,) = parse_feed(text.encode(charset), content_type, URL).entries
    return entry


@pytest.mark.parametrize(
    ("prolog", "charset", "content_type"),
    [
        ('<?xml version="1.0" encoding="windows-1251"?>', "cp1251", "text/xml"),
        ('<?xml version="1.0"?>', "cp1251", "text/xml; charset=windows-1251"),
        ('<?xml version="1.0"?>', "cp1251", None),
        ('<?xml version="1.0" encoding="koi8-r"?>', "koi8-r", None),
        ("", "koi8-r", None),
        ('<?xml version="1.0" encoding="windows-1251"?>', "utf-8", None),
        ('<?xml version="1.0"?>', "utf-16", "application/rss+xml"),
        ('<?xml version="1.0" encoding="utf-8"?>', "cp1251", "text/xml; charset=utf-7"),
    ],
)
def test_charsets_declared_missing_and_false(prolog, charset, content_type):
    text = rss(item(title="Задержаны двое журналистов", link="/a"), prolog)
    assert only_entry(text, charset, content_type).title == "Задержаны двое журналистов"


def test_a_title_is_plain_text_with_entities_decoded_once():
    title = (
        "&lt;script&gt;alert(1)&lt;/script&gt;AT&amp;amp;T "
        "&lt;b&gt;bold&lt;/b&gt; &amp;amp;lt;i&amp;amp;gt;"
    )
    assert only_entry(rss(item(title=title, link="/a"))).title == "AT&T bold &lt;i&gt;"


def test_a_summary_is_plain_text_with_its_paragraphs():
    html = "<![CDATA[<p>One</p><p>Two &amp; three<br>four</p><img src=x onerror=alert(1)>]]>"
    assert only_entry(rss(item(title="t", link="/a", description=html))).summary == (
        "One\nTwo & three\nfour"
    )


def test_a_relative_link_is_resolved_and_the_guid_is_no_identity():
    first = only_entry(rss(item(title="t", link="../a?utm_source=rss", guid="one")))
    second = only_entry(rss(item(title="t", link="/a", guid="two")))
    assert first.url == "https://paper.example/a?utm_source=rss"
    assert first.canonical_url == second.canonical_url == "https://paper.example/a"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "mailto:a@b.az", "file:///etc/passwd", ""])
def test_a_link_that_is_none_gives_an_identity_made_of_words(link):
    entry = only_entry(rss(item(title="Words", link=link)))
    again = only_entry(rss(item(title="Words", link=link, guid="new")))
    other = only_entry(rss(item(title="Other words", link=link)))
    assert not entry.has_page and entry.url == URL
    assert entry.canonical_url == again.canonical_url != other.canonical_url


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Sat, 28 Jun 2025 13:14:00 +0400", datetime(2025, 6, 28, 9, 14, tzinfo=UTC)),
        ("2025-06-28T13:14:00+04:00", datetime(2025, 6, 28, 9, 14, tzinfo=UTC)),
        ("Sat, 28 Jun 2025 09:14:00 GMT", datetime(2025, 6, 28, 9, 14, tzinfo=UTC)),
        ("2025-06-28 09:14", datetime(2025, 6, 28, 9, 14, tzinfo=UTC)),
        ("2025-06-28", date(2025, 6, 28)),
        ("28.06.2025", date(2025, 6, 28)),
        ("0000-00-00", None),
        ("0000-00-00T00:00:00Z", None),
        ("Mon, 01 Jan 2999 00:00:00 GMT", None),
        ("yesterday", None),
        ("Sat, 99 Jun 2025 99:14:00 GMT", None),
    ],
)
def test_dates_are_believed_when_they_make_sense(stated, expected):
    entry = only_entry(rss(item(title="t", link="/a", pubDate=stated)))
    assert entry.published == expected
    assert type(entry.published) is type(expected)


def test_atom_and_rdf_are_feeds_too():
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="az"><entry><title type="html">'
        '&lt;i&gt;Başlıq&lt;/i&gt;</title><link href="https://x.az/1"/><author><name>A. B.</name>'
        "</author><updated>2025-06-28T00:00:00Z</updated></entry></feed>"
    )
    entry = only_entry(atom)
    assert (entry.title, entry.url, entry.authors) == ("Başlıq", "https://x.az/1", ("A. B.",))
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<item rdf:about="x"><title>R</title><link>https://x.az/2</link></item></rdf:RDF>'
    )
    assert only_entry(rdf).url == "https://x.az/2"


def test_a_language_is_two_letters_and_an_empty_feed_is_a_feed():
    assert parse_feed(rss("").encode(), None, URL).language == "ru"
    assert parse_feed(rss("").encode(), None, URL).problem is None


def test_a_broken_feed_gives_what_can_be_read():
    broken = rss(item(title="One", link="/1") + "<item><title>Two & three</title><link>/2</link>")
    assert len(parse_feed(broken.encode(), None, URL).entries) == 2


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<!DOCTYPE html><html><body>Hi</body></html>", "answers HTML, not a feed"),
        (b"", "answers an empty body"),
        (b'{"items": []}', "answers JSON, not a feed"),
        (b"<urlset/>", "answers XML that is not a feed"),
        (b"/etc/passwd", "something that is not a feed"),
        (b"http://127.0.0.1/", "something that is not a feed"),
        (b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss>&b;</rss>', "declares entities"),
        (
            b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
            "declares entities",
        ),
        ('<!DOCTYPE r [<!ENTITY a "ha">]><rss>&a;</rss>'.encode("utf-16"), "declares entities"),
        (b"<rss>" + b"<a>" * 200_000, "nests its tags deeper than 100"),
        (b"<rss " + b" ".join(b"a%d='>'" % n for n in range(20_000)) + b">", "attributes"),
        (b"x" * 5_000_000, "larger than 4 MiB"),
    ],
)
def test_what_is_no_feed_is_said_in_words_and_quickly(body, problem):
    started = time.monotonic()
    parsed = parse_feed(body, None, URL)
    assert problem in parsed.problem and parsed.entries == ()
    assert time.monotonic() - started < 2


def test_nested_markup_inside_an_entry_costs_little():
    nested = rss(item(title="t", link="/a", description="<![CDATA[" + "<div>" * 120_000 + "]]>"))
    started = time.monotonic()
    assert only_entry(nested).summary == ""
    assert time.monotonic() - started < 4


def test_a_feed_without_end_is_cut():
    many = rss("".join(item(title=f"T{n}", link=f"/{n}") for n in range(MAX_ENTRIES + 50)))
    assert len(parse_feed(many.encode(), None, URL).entries) == MAX_ENTRIES


GOOGLE = "https://news.google.com/rss/search?q=baku"


def aggregated(title, source, link="https://news.google.com/rss/articles/CBMiX?oc=5"):
    words = "&lt;a href='x'&gt;Other paper's headline&lt;/a&gt;"
    xml = rss(f"<item><title>{title}</title><link>{link}</link>{source}"
              f"<description>{words}</description></item>")  # fmt: skip
    (entry,) = parse_feed(xml.encode(), None, GOOGLE).entries
    return entry


def test_an_aggregator_names_the_newsroom_and_its_name_leaves_the_title():
    entry = aggregated(
        "Envoy summoned - a note - TASS", '<source url="https://tass.com">TASS</source>'
    )
    assert (entry.title, entry.newsroom, entry.summary) == (
        "Envoy summoned - a note",
        "tass.com",
        "",
    )
    assert entry.url == "https://news.google.com/rss/articles/CBMiX?oc=5" and entry.has_page


@pytest.mark.parametrize(
    "source",
    [
        '<source url="https://tass.com">Reuters</source>',
        '<source url="https://tass.com"></source>',
        '<source url="tass">TASS</source>',
        "",
    ],
)
def test_a_newsroom_that_quotes_another_stays_itself(source):
    entry = aggregated("Envoy summoned - TASS", source)
    assert (entry.title, entry.newsroom) == ("Envoy summoned - TASS", None)
    assert entry.summary == "Other paper's headline"


def test_the_full_text_of_a_feed_is_its_summary():
    xml = rss(
        '<item xmlns:content="http://purl.org/rss/1.0/modules/content/"><title>t</title>'
        "<link>/a</link><description>Teaser</description><content:encoded><![CDATA[<p>The whole "
        "first part.</p><p>And the second.</p>]]></content:encoded></item>"
    )
    assert only_entry(xml).summary == "The whole first part.\nAnd the second."


def test_the_link_behind_a_counter_of_clicks_is_taken():
    item_of_burner = (
        '<item xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><title>t</title>'
        "<link>http://feedproxy.example/~r/x</link>"
        "<feedburner:origLink>https://paper.example/a</feedburner:origLink></item>"
    )
    assert only_entry(rss(item_of_burner)).canonical_url == "https://paper.example/a"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b'<?xml version="1.0"?><opml version="2.0"><body/></opml>', "OPML (a list of feeds)"),
        (b"<note><to>A</to></note>", "its root is <note>"),
        (b'{"rss": {"version": "2.0"}}', "neither JSON Feed nor WordPress"),
        (
            b'{"version": "https://jsonfeed.org/version/1.1", "items": [',
            "broken or unfinished JSON",
        ),
    ],
)
def test_what_is_no_feed_is_named(body, problem):
    assert problem in parse_feed(body, None, URL).problem
