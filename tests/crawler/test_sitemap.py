"""Sitemaps as they are found: news, plain, index, text, packed, and hostile."""

import gzip
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.reading import Answer
from crawler.sitemap import MAX_ENTRIES, MAX_UNDATED_AT_EACH_END, parse_sitemap
from crawler.sitemap_files import MOST_FILES

NOW = datetime(2025, 6, 28, 12, 0, tzinfo=UTC)
URL = "https://www.paper.example/sitemap.xml"
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
SLUG = "https://paper.example/2025/envoy-summoned-over-raid"


def read(body, since=None, url=URL, content_type="application/xml", own_url=URL):
    body = body.encode() if isinstance(body, str) else body
    return parse_sitemap(Answer(url, body, content_type, NOW, since), own_url)


def urlset(*addresses, spaces=SPACES):
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {spaces}>{"".join(addresses)}</urlset>'


def address(loc, more=""):
    return f"<url><loc>{loc}</loc>{more}</url>"


def news(n, published="2025-06-28T13:14:00+04:00", title="Səfirə nota verildi", language="az"):
    return address(
        f"https://paper.example/{n}",
        "<image:image><image:loc>https://paper.example/x.jpg</image:loc></image:image>"
        f"<news:news><news:publication><news:name>Kağız</news:name><news:language>{language}"
        f"</news:language></news:publication><news:publication_date>{published}"
        f"</news:publication_date><news:title>{title}</news:title></news:news>",
    )


def index(*files):
    listed = "".join(
        f"<sitemap><loc>https://paper.example/{name}</loc>"
        + (f"<lastmod>{lastmod}</lastmod>" if lastmod else "")
        + "</sitemap>"
        for name, lastmod in files
    )
    return f"<sitemapindex {SPACES}>{listed}</sitemapindex>"


def test_a_news_sitemap_gives_titles_times_and_languages():
    (entry,) = read(urlset(news(1, title="<![CDATA[Nota &amp; etiraz]]>"))).entries
    assert (entry.title, entry.language) == ("Nota & etiraz", "az")
    assert entry.published == datetime(2025, 6, 28, 9, 14, tzinfo=UTC)
    assert (entry.canonical_url, entry.has_page) == ("https://paper.example/1", True)


@pytest.mark.parametrize("spaces", ["", 'xmlns="x" xmlns:news="http://wrong.example"'])
def test_namespaces_may_be_missing_or_wrong(spaces):
    (entry,) = read(urlset(news(1), spaces=spaces)).entries
    assert entry.title == "Səfirə nota verildi" and entry.url == "https://paper.example/1"


@pytest.mark.parametrize("times", [1, 2])
def test_a_packed_sitemap_is_unpacked_however_often(times):
    body = urlset(news(1)).encode()
    for _ in range(times):
        body = gzip.compress(body)
    assert len(read(body, content_type="application/gzip").entries) == 1


def test_a_charset_of_old_days_is_read():
    body = urlset(news(1, title="Посол вызван")).replace("UTF-8", "windows-1251")
    assert read(body.replace("Kağız", "K").encode("cp1251")).entries[0].title == "Посол вызван"


def test_a_time_without_an_offset_is_a_day():
    assert read(urlset(news(1, "2025-06-28T13:14:00"))).entries[0].published == date(2025, 6, 28)


def test_what_is_older_than_three_days_or_than_wanted_is_left_out():
    body = urlset(*(news(n, (NOW - timedelta(days=n)).isoformat()) for n in range(10)))
    assert [e.url[-1] for e in read(body).entries] == ["0", "1", "2", "3"]
    assert len(read(body, since=NOW - timedelta(days=7)).entries) == 8


def test_a_plain_sitemap_gives_recent_articles_and_no_times():
    body = urlset(
        address(SLUG, "<lastmod>2025-06-28</lastmod>"),
        address(SLUG + "-2", "<lastmod>2025-06-28T10:00:00Z</lastmod>"),
        address(SLUG + "-old", "<lastmod>2025-01-01</lastmod>"),
        address("https://paper.example/", "<lastmod>2025-06-28</lastmod>"),
        address("https://paper.example/politics", "<lastmod>2025-06-28</lastmod>"),
        address("https://paper.example/tag/long-tag-of-words", "<lastmod>2025-06-28</lastmod>"),
    )
    entries = read(body).entries
    assert [entry.url for entry in entries] == [SLUG + "-2", SLUG]
    assert all(entry.published is None and entry.title == "" for entry in entries)


def test_of_addresses_without_any_date_both_ends_are_taken():
    body = urlset(*(address(f"https://paper.example/news/{10_000 + n}") for n in range(1_000)))
    found = [int(entry.url[-5:]) - 10_000 for entry in read(body).entries]
    end = MAX_UNDATED_AT_EACH_END
    assert found == [*range(end), *range(1_000 - end, 1_000)]


def test_a_list_of_addresses_in_plain_text_is_a_sitemap():
    body = f"\ufeff{SLUG}\r\nhttps://paper.example/about\r\n\r\nfile:///etc/passwd\r\n{SLUG}-b\r\n"
    urls = [entry.url for entry in read(body, content_type="text/plain").entries]
    assert urls == [SLUG, SLUG + "-b"]


def test_a_feed_may_stand_for_a_sitemap():
    feed = (
        "<rss version='2.0'><channel><item><title>T</title><link>/a</link></item></channel></rss>"
    )
    assert [entry.title for entry in read(feed).entries] == ["T"]


def test_of_an_index_the_newest_files_are_followed():
    files = [(f"posts-2025-{month:02}.xml", "2025-06-28") for month in range(1, 7)]
    files += [("news.xml", "2025-06-28T11:00:00Z"), ("tags.xml", ""), ("old.xml", "2024-01-01")]
    follow = read(index(*files)).follow
    assert follow == (
        "https://paper.example/news.xml",
        "https://paper.example/posts-2025-06.xml",
    )


def test_whoever_wants_history_gets_every_file_since():
    files = [(f"2025/06/{day:02}.xml", "") for day in range(1, 29)]
    follow = read(index(*files), since=datetime(2025, 6, 10, tzinfo=UTC)).follow
    assert follow[0].endswith("/28.xml") and follow[-1].endswith("/10.xml") and len(follow) == 19
    assert len(read(index(*files)).follow) == MOST_FILES


@pytest.mark.parametrize("name", ["map?yyyy=2025&amp;mm=06&amp;dd=01", "a_20250601.xml", "2025-6x"])
def test_a_day_in_a_files_name_counts_more_than_its_lastmod(name):
    kept = read(index((name, "2025-06-28"))).follow
    assert bool(kept) == (name == "2025-6x")


def test_of_files_without_dates_the_ends_come_first_and_tags_last():
    files = [("tag-sitemap.xml", ""), *((f"post-{n}.xml", "") for n in range(1, 8))]
    names = [url.rpartition("/")[2] for url in read(index(*files)).follow]
    assert names == ["post-7.xml", "post-1.xml", "post-6.xml", "post-2.xml"]
    assert read(index(("tag-sitemap.xml", ""))).follow == ("https://paper.example/tag-sitemap.xml",)


def test_an_index_that_names_itself_is_not_followed_to_itself():
    assert read(index(("sitemap.xml", "")), url="https://paper.example/sitemap.xml").follow == ()


def test_addresses_of_others_and_of_no_server_are_dropped():
    body = urlset(
        news(1), *(address(loc) for loc in ("file:///etc/passwd", "ftp://x/y", "data:,x", "")),
        address("https://other.example.org/2025/some-long-head-line"),
        address("//paper.example/2025/some-long-head-line"),
    )  # fmt: skip
    assert [entry.url for entry in read(body).entries] == ["https://paper.example/1"]


@pytest.mark.parametrize("loc", ["file:///etc/passwd", "https://elsewhere.example.org/1/a-b-c-d"])
def test_a_sitemap_of_nothing_but_others_addresses_is_a_problem(loc):
    assert "lies on paper.example: all are refused" in read(urlset(address(loc))).problem
    body = f"<sitemapindex><sitemap><loc>{loc}</loc></sitemap></sitemapindex>"
    assert read(body).follow == () and read(body).problem


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "an empty body, not a sitemap"),
        ("<!doctype html><html><body>Hi</body></html>", "answers HTML, not a sitemap"),
        ("<note><to/></note>", "its root is <note>"),
        ("{}", "something that is not a sitemap"),
        (b"\x1f\x8b and no gzip", "something that is not a sitemap"),
        ('<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><urlset>&b;</urlset>', "entities"),
        ('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset/>', "declares entities"),
        ('<!DOCTYPE r [<!ENTITY a "ha">]><urlset/>'.encode("utf-16"), "declares entities"),
        ("<urlset>" + "<a>" * 1_000_000, "nests its tags deeper than"),
        ("<urlset><url>" + "<a/>" * 1_000_000, "an address of more than"),
        (
            "<urlset " + " ".join(f"a{n}='>'" for n in range(300_000)) + ">",
            "without a tag: refused",
        ),
        (gzip.compress(b"<urlset>" + b" " * 40_000_000), "larger than 24 MiB when unpacked"),
    ],
)
def test_what_is_no_sitemap_or_a_hostile_one_is_said_in_words_and_quickly(body, problem):
    started = time.monotonic()
    reading = read(body)
    assert problem in reading.problem and reading.entries == () and reading.follow == ()
    assert time.monotonic() - started < 2


def test_a_broken_sitemap_gives_what_can_be_read():
    body = urlset(address(f"{SLUG}?a=1&b=2"), address(f"{SLUG}-2"))[: -len("</loc></url></urlset>")]
    assert len(read(body).entries) == 2


def test_a_sitemap_without_end_is_cut_for_a_poll_and_not_for_history():
    body = urlset(*(news(n) for n in range(MAX_ENTRIES + 500)))
    assert len(read(body).entries) == MAX_ENTRIES
    assert len(read(body, since=NOW - timedelta(days=1)).entries) == MAX_ENTRIES + 500
