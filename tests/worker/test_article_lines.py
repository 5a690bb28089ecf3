"""Articles as JSON lines: good lines pass, each bad one is a sentence with its number."""

import json
from datetime import UTC, date, datetime

import pytest

from crawler.article import Article
from crawler.source import Source
from worker.article_lines import LineFault, article_record, read_articles

NOW = datetime(2025, 6, 28, 10, 0, tzinfo=UTC)
APA = Source("apa-az", "feed", "https://apa.az/rss", "APA", "apa", country="AZ", languages=("az",))


def one(record: dict[str, object] | str) -> Article | LineFault:
    line = record if isinstance(record, str) else json.dumps(record)
    (result,) = read_articles([line.encode()], {"apa-az": APA}, NOW)
    return result


def test_a_full_record_comes_back_as_it_went_in() -> None:
    record = {
        "id": "a1",
        "url": "https://apa.az/x",
        "source": "apa-az",
        "newsroom": "apa",
        "country": "AZ",
        "title": "Səfir çağırılıb",
        "text": "…",
        "language": "az",
        "published": "2025-06-28T09:14:00Z",
        "fetched": "2025-06-28T09:16:02Z",
    }
    article = one(record)
    assert isinstance(article, Article)
    assert article_record(article) == record


def test_an_address_and_a_title_are_enough() -> None:
    article = one({"url": "https://news.day.az/politics/1.html", "title": "Baku"})
    assert isinstance(article, Article)
    assert (article.source, article.newsroom, article.fetched) == ("day.az", "day.az", NOW)
    assert article_record(article)["id"] == "https://news.day.az/politics/1.html"
    assert article_record(article)["published"] is None


def test_a_known_source_fills_in_what_is_left_out() -> None:
    article = one({"url": "https://apa.az/x", "title": "t", "source": "apa-az"})
    assert isinstance(article, Article)
    assert (article.newsroom, article.country, article.language) == ("apa", "AZ", "az")


def test_a_bare_date_never_becomes_midnight() -> None:
    article = one({"url": "https://apa.az/x", "title": "t", "published": "2025-06-28"})
    assert isinstance(article, Article)
    assert article.published == date(2025, 6, 28)
    assert not isinstance(article.published, datetime)
    assert article_record(article)["published"] == "2025-06-28"


def test_an_offset_is_turned_to_utc() -> None:
    article = one({"url": "https://a.az/x", "title": "t", "published": "2025-06-28T13:14:00+04:00"})
    assert isinstance(article, Article)
    assert article_record(article)["published"] == "2025-06-28T09:14:00Z"


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('{"url": "https://a.az/x", "title": "half', "complete JSON"),
        ("[1, 2]", "not a JSON object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"title": "t"}', "url"),
        ('{"url": "file:///etc/passwd", "title": "t"}', "url"),
        ('{"url": "https://a.az/x"}', "title, text"),
        ('{"url": "https://a.az/x", "title": 7}', "title"),
        ('{"url": "https://a.az/x", "title": "t", "tittle": "t"}', "'tittle'"),
        ('{"url": "https://a.az/x", "title": "t", "published": "yesterday"}', "published"),
        ('{"url": "https://a.az/x", "title": "t", "fetched": "2025-06-28"}', "fetched"),
        ('{"url": "https://a.az/x", "title": "t", "country": "AZE"}', "country"),
        ('{"id": true, "url": "https://a.az/x", "title": "t"}', "id"),
        ('{"id": {"a": 1}, "url": "https://a.az/x", "title": "t"}', "id"),
        ('{"url": "https://a.az/x", "title": ' + "1" * 5_000 + "}", "too long"),
    ],
)
def test_a_bad_line_is_one_sentence(line: str, word: str) -> None:
    fault = one(line)
    assert isinstance(fault, LineFault)
    assert word in fault.sentence
    assert fault.number == 1


def test_the_lines_after_a_bad_one_are_read() -> None:
    lines = [
        b"\n",
        b"\xff\xfe",
        b'{"id": "b", "url": 3}',
        b'{"url": "https://a.az/x", "title": "t"}',
    ]
    bad, worse, good = read_articles(lines, {}, NOW)
    assert isinstance(bad, LineFault) and bad.number == 2 and "UTF-8" in bad.sentence
    assert isinstance(worse, LineFault) and worse.number == 3 and worse.id == "b"
    assert isinstance(good, Article)


def test_half_a_surrogate_pair_can_be_written_out_again() -> None:
    article = one('{"url": "https://a.az/x", "title": "a\\ud800b"}')
    assert isinstance(article, Article)
    assert article.title == "a\ufffdb"


def test_an_id_can_be_written_out_again() -> None:
    article = one('{"id": "a\\udc00", "url": "https://a.az/x", "title": "t"}')
    assert isinstance(article, Article)
    assert article.id == "a\ufffd"


def test_a_fault_carries_the_id_of_its_line() -> None:
    fault = one({"id": "k", "url": "https://a.az/x", "title": "t", "tittle": "t"})
    assert isinstance(fault, LineFault)
    assert fault.id == "k"
