"""Which addresses look like articles, by the address alone."""

from datetime import date

import pytest

from crawler.article_links import ARTICLE, article_likeness, date_in

SITE = "https://paper.example"


@pytest.mark.parametrize(
    "path",
    [
        "/az/news/102345",
        "/2025/06/28/raid",
        "/politics/envoy-summoned-over-raid/",
        "/news/envoy_summoned_over_raid.html",
        "/20250628/1071234567.html",
        "/?newsid=4711",
        "/?p=102345",
        "/article/0f8fad5b-d9cb-469f-a165-70867728950e",
        "/новости/посла-вызвали-в-министерство",
        "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/%D0%BF%D0%BE%D1%81%D0%BB%D0%B0-%D0%B2-%D0%BC%D0%B8%D0%B4",
        "/სიახლეები/ელჩი-დაიბარეს-სამინისტროში",
        "/外交部就此事件提出强烈抗议并要求道歉",
        "/ru/articles/view/69821",
    ],
)
def test_articles(path):
    assert article_likeness(SITE + path) >= ARTICLE


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/az",
        "/politics",
        "/news/south-caucasus",
        "/about-us.html",
        "/tag/envoy-summoned-over-raid",
        "/author/a-long-name-of-somebody/12345",
        "/category/all/2",
        "/news?page=12345",
        "/news/page/12345/",
        "/uploads/2025/06/28/envoy-summoned-over-raid.jpg",
        "/2025/06/28/document.pdf",
        "/search?q=12345",
        "/rss/20250628",
    ],
)
def test_no_articles(path):
    assert article_likeness(SITE + path) < ARTICLE


@pytest.mark.parametrize("url", ["", "http://[", "::", "x" * 100_000, "https://paper.example/%ff%"])
def test_what_is_no_address_is_no_article(url):
    assert article_likeness(url) < ARTICLE


@pytest.mark.parametrize(
    ("path", "first", "last"),
    [
        ("/2025/06/28.xml", date(2025, 6, 28), date(2025, 6, 28)),
        ("/sitemap-20250628.xml", date(2025, 6, 28), date(2025, 6, 28)),
        ("/news-2025-06.xml.gz", date(2025, 6, 1), date(2025, 6, 30)),
        ("/map?year=2024&month=2", date(2024, 2, 1), date(2024, 2, 29)),
        ("/map?yyyy=2025&mm=6&dd=3", date(2025, 6, 3), date(2025, 6, 3)),
        ("/s_2025-12.xml", date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_the_period_that_an_address_names(path, first, last):
    assert date_in(SITE + path) == (first, last)


@pytest.mark.parametrize("path", ["/2025.xml", "/posts-12.xml", "/2025-02-31.xml", "/120250628999"])
def test_no_period(path):
    assert date_in(SITE + path) is None
