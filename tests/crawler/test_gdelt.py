"""Answers of GDELT's DOC 2.0 search."""

import json
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.gdelt import MAX_RECORDS, natural, parse_answer, question
from crawler.reading import Answer

SEARCH = (
    "https://api.gdeltproject.org/api/v2/doc/doc?query=azerbaijan%20%28russia%20OR%20russian%29"
)
NOW = datetime(2025, 6, 28, 12, 0, tzinfo=UTC)


def article(**other):
    return {
        "url": "https://en.paper.example/news/1?utm_source=x",
        "url_mobile": "",
        "title": "Envoy summoned , again",
        "seendate": "20250628T091500Z",
        "socialimage": "",
        "domain": "en.paper.example",
        "language": "Azerbaijani",
        "sourcecountry": "Azerbaijan",
    } | other


def read(body, since=None, url=SEARCH):
    if isinstance(body, dict):
        body = json.dumps(body)
    body = body.encode() if isinstance(body, str) else body
    return parse_answer(Answer(url, body, "application/json", NOW, since), SEARCH)


def test_an_article_bears_its_newsroom_country_and_language():
    (entry,) = read({"articles": [article()]}).entries
    assert entry.canonical_url == "https://en.paper.example/news/1" and entry.has_page
    assert (entry.newsroom, entry.country, entry.language) == ("paper.example", "AZ", "az")
    assert entry.title == "Envoy summoned, again"


def test_when_gdelt_saw_it_is_a_day_and_not_a_time():
    (entry,) = read({"articles": [article()]}).entries
    assert entry.published == date(2025, 6, 28) and not isinstance(entry.published, datetime)
    assert read({"articles": [article(seendate="soon")]}).entries[0].published is None


def test_names_that_are_not_known_stay_open():
    (entry,) = read({"articles": [article(language="Elvish", sourcecountry="")]}).entries
    assert (entry.country, entry.language) == (None, None)


@pytest.mark.parametrize(
    "more",
    ["", "&mode=artlist&format=json", "&mode=timelinevol&FORMAT=csv&maxrecords=5&sort=hybridrel"],
)
def test_a_search_is_completed(more):
    asked = parse_qs(urlsplit(question(SEARCH + more)).query)
    assert asked == {
        "query": ["azerbaijan (russia OR russian)"],
        "mode": ["artlist"],
        "format": ["json"],
        "sort": ["datedesc"],
        "maxrecords": ["250"],
        "timespan": ["1d"],
    }
    assert parse_qs(urlsplit(question(SEARCH + "&timespan=3h")).query)["timespan"] == ["3h"]


def test_history_is_asked_for_day_by_day_and_full_days_in_halves():
    follow = read({"articles": [article()]}, since=NOW - timedelta(days=2, hours=6)).follow
    windows = [parse_qs(urlsplit(url).query) for url in follow]
    assert [(w["startdatetime"][0], w["enddatetime"][0]) for w in windows] == [
        ("20250627120000", "20250628120000"),
        ("20250626120000", "20250627120000"),
        ("20250626060000", "20250626120000"),
    ]
    assert all("timespan" not in window for window in windows)
    full = {"articles": [article(url=f"https://p.example/{n}") for n in range(MAX_RECORDS)]}
    halves = read(full, since=NOW - timedelta(days=2), url=follow[0]).follow
    assert [parse_qs(urlsplit(url).query)["startdatetime"][0] for url in halves] == [
        "20250628000000",
        "20250627120000",
    ]
    assert (
        read({"articles": [article()]}, since=NOW - timedelta(days=2), url=follow[0]).follow == ()
    )


def test_history_reaches_no_further_back_than_gdelt():
    assert len(read({}, since=NOW - timedelta(days=4_000)).follow) == 90


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("Your query was too short or too long.\n", "GDELT refuses the query: Your query was too"),
        ("Please limit requests to one every 5 seconds or contact …", "asks for fewer requests"),
        ("<html><body>502</body></html>", "answers HTML, not JSON"),
        ("\ufeffURL,MobileURL,Date,Title\n", "answers a table (CSV), not JSON"),
        ("", "answers nothing at all"),
        ('{"articles": [{"url": "https', "broken JSON"),
        ('{"articles": 7}', "without a list of articles"),
        ('{"a":' * 100_000, "broken JSON"),
        ("x" * 5_000_000, "larger than 4 MiB"),
    ],
)
def test_errors_that_come_as_success_are_told(body, problem):
    assert problem in read(body).problem


def test_no_article_is_no_problem():
    assert read("{}").problem is None and read({"articles": []}).problem is None


def test_escapes_that_json_does_not_know_are_forgiven():
    body = r'{"articles": [{"url": "https://p.example/1", "title": "It\'s \"a\" C:\x \\ 1\u0031"}]}'
    assert read(body).entries[0].title == r"It's " '"a"' r" C:\x \ 11"
    assert read('{"articles": [{"url": "https://p.example/1", "title": "a\tb\nc"}]}').entries


def test_articles_without_a_usable_address_are_passed_over():
    odd = [1, None, {}, article(url="javascript:x"), article(url=""), article(url=7)]
    assert read({"articles": [*odd, article()]}).entries[0].url.startswith("https://en.paper")
    assert len(read({"articles": [*odd, article()]}).entries) == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            'Baku : " We demand an apology " , says Aliyev',
            'Baku: "We demand an apology", says Aliyev',
        ),
        ("Russia ' s envoy doesn ' t come ( video )", "Russia's envoy doesn't come (video)"),
        ("U . S . and Russia talk at 10 : 30 !", "U.S. and Russia talk at 10:30!"),
        ("5 , 000 people , 3 . 5 % more", "5,000 people, 3.5% more"),
        ("Алиев : « Мы ждём »", "Алиев: «Мы ждём»"),
        ("Baku - Moscow : nothing , yet …", "Baku - Moscow: nothing, yet…"),
        ("Nothing to do here", "Nothing to do here"),
    ],
)
def test_the_blanks_around_punctuation_go(written, meant):
    assert natural(written) == meant
