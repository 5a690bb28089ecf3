"""When a page was published, as machines and readers are told."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from time import process_time

import pytest
from lxml import html as lxml_html

from crawler.jalali import gregorian
from crawler.page_metadata import PageMetadata, read_metadata
from crawler.url_date import day_in_url
from crawler.written_dates import written_dates

URL = "https://www.paper.example/news/ministry-summons-envoy"
HEADING = "<h1>Ministry summons the ambassador</h1>"
BAKU = timezone(timedelta(hours=4))
AT_0914 = datetime(2025, 6, 28, 9, 14)  # noqa: DTZ001 - none is stated
DAY = date(2025, 6, 28)


def read(markup: str, url: str = URL, lang: str = "en") -> PageMetadata:
    page = f'<html lang="{lang}"><head></head><body>{markup}</body></html>'
    return read_metadata(lxml_html.document_fromstring(page), url)


def published(markup: str, url: str = URL, lang: str = "en") -> datetime | date | None:
    return read(markup, url, lang).published


def described(**fields: object) -> str:
    node = json.dumps({"@type": "NewsArticle"} | fields)
    return f'<script type="application/ld+json">{node}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2025-06-28T09:14:00+04:00", datetime(2025, 6, 28, 9, 14, tzinfo=BAKU)),
        ("2025-06-28T09:14:00.123456Z", datetime(2025, 6, 28, 9, 14, tzinfo=UTC)),
        ("2025-06-28 09:14:00 +0400", datetime(2025, 6, 28, 9, 14, tzinfo=BAKU)),
        ("2025-06-28 9:14", AT_0914),
        ("2025/06/28 09:14", AT_0914),
        ("2025-06-28T09:14+04:00[Asia/Baku]", datetime(2025, 6, 28, 9, 14, tzinfo=BAKU)),
        ("20250628T091400Z", datetime(2025, 6, 28, 9, 14, tzinfo=UTC)),
        ("Sat, 28 Jun 2025 09:14:00 GMT", datetime(2025, 6, 28, 9, 14, tzinfo=UTC)),
        ("Sat Jun 28 2025 09:14:00 GMT+0400 (Baku)", datetime(2025, 6, 28, 9, 14, tzinfo=BAKU)),
        ("Sat Jun 28 09:14:00 UTC 2025", datetime(2025, 6, 28, 9, 14, tzinfo=UTC)),
        ("1751102040", datetime(2025, 6, 28, 9, 14, tzinfo=UTC)),
        ("1751102040000", datetime(2025, 6, 28, 9, 14, tzinfo=UTC)),
        ("28.06.2025 09:14", AT_0914),
        ("June 28, 2025, 09:14 AM IST", AT_0914),
        ("June 28, 2025, 12:14 AM EST", datetime(2025, 6, 28, 5, 14, tzinfo=UTC)),
        ("June 28, 2025, 07:47 PM", datetime(2025, 6, 28, 19, 47)),  # noqa: DTZ001
        ("2025-06-28", DAY),
        ("20250628", DAY),
        ("0001-01-01T00:00:00Z", None),
        ("soon", None),
    ],
)
def test_the_spellings_of_machines(stated: str, expected: datetime | date | None) -> None:
    found = published(described(datePublished=stated) + HEADING)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("lang", "line", "expected"),
    [
        ("en", "June 28th, 2025 at 9:14 am", AT_0914),
        ("en", "Sat 28 Jun 2025 09.14", AT_0914),
        ("ru", "28 июня 2025, 09:14", AT_0914),
        ("ru", "09:14, 28.06.2025", AT_0914),
        ("ru", "Опубликовано: 28.06.2025 09:14", AT_0914),
        ("uk", "28 червня 2025, 09:14", AT_0914),
        ("be", "28 чэрвеня 2025, 09:14", AT_0914),
        ("az", "28 İyun 2025 09:14", AT_0914),
        ("az", "28 iyun 2025, 09:14", AT_0914),
        ("az", "28.06.2025 09:14", AT_0914),
        ("tr", "28 Haziran 2025 Cumartesi 09:14", AT_0914),
        ("tr", "28.06.2025 - 09:14 | Güncelleme: 29.06.2025 - 10:00", AT_0914),
        ("hy", "28 հունիսի, 2025 09:14", AT_0914),
        ("ka", "28 ივნისი, 2025 09:14", AT_0914),
        ("fa", "۷ تیر ۱۴۰۴ - ۰۹:۱۴", AT_0914),
        ("fa", "۱۴۰۴/۰۴/۰۷ ۰۹:۱۴", AT_0914),
        ("fa", "شنبه ۷ تیر ۱۴۰۴", DAY),
        ("ar", "28 يونيو 2025 - 09:14", AT_0914),
        ("ar", "٢٨ حزيران ٢٠٢٥ ٠٩:١٤", AT_0914),
        ("ar", "28 يونيو 2025 09:14 م", datetime(2025, 6, 28, 21, 14)),  # noqa: DTZ001
        ("el", "28 Ιουνίου 2025, 9:14 μ.μ.", datetime(2025, 6, 28, 21, 14)),  # noqa: DTZ001
        ("ru", "09:14 28.06.2025 (обновлено: 10:30 28.06.2025)", AT_0914),
        ("az", "28 iyun 2025-ci il [09:14]", AT_0914),
        ("el", "28 Ιουνίου 2025, 09:14", AT_0914),
        ("kk", "28 маусым 2025 09:14", AT_0914),
        ("de", "28. Juni 2025, 09:14 Uhr", AT_0914),
        ("fr", "Publié le 28 juin 2025 à 09h14", AT_0914),
        ("es", "28 de junio de 2025 a las 09:14", AT_0914),
        ("pt", "28/06/2025 09h14", AT_0914),
        ("pl", "28 czerwca 2025, 09:14", AT_0914),
        ("cs", "28. června 2025 9:14", AT_0914),
        ("hu", "2025. június 28. 09:14", AT_0914),
        ("lt", "2025 m. birželio 28 d. 09:14", AT_0914),
        ("lv", "2025. gada 28. jūnijs, 09:14", AT_0914),
        ("zh", "2025年6月28日 09:14", AT_0914),
        ("ja", "2025/6/28 9:14", AT_0914),
        ("ko", "2025년 6월 28일 오전 9:14", AT_0914),
        ("th", "28 มิถุนายน 2568 09:14", AT_0914),
        ("vi", "28/6/2025, 09:14 (GMT+4)", datetime(2025, 6, 28, 9, 14, tzinfo=BAKU)),
        ("hi", "28 जून 2025 09:14", AT_0914),
    ],
)
def test_dates_that_only_the_reader_sees(lang: str, line: str, expected: datetime | date) -> None:
    assert published(f"{HEADING}<span>{line}</span><p>Words.</p>", lang=lang) == expected
    assert published(f'<div class="date">{line}</div>{HEADING}<p>Words.</p>', lang=lang) == expected


def test_a_page_that_declares_the_wrong_language_is_read_all_the_same() -> None:
    assert published(f"{HEADING}<span>28 iyun 2025, 09:14</span>", lang="en") == AT_0914
    assert published(f"{HEADING}<span>28 червня 2025</span>", lang="ru") == DAY


def test_todays_date_in_the_header_and_those_of_other_articles_are_farther_away() -> None:
    header = "<header><div class='top'>29.06.2025</div>" + "<a>Menu</a>" * 30 + "</header>"
    body = "<p>The ministry said so.</p>" * 25
    others = "<ul>" + '<li><span class="date">30.06.2025 11:00</span></li>' * 5 + "</ul>"
    own = "<span>28.06.2025 09:14</span>"
    assert published(f"{header}{own}{HEADING}{body}{others}") == AT_0914
    assert published(f"{header}{HEADING}{own}{body}{others}") == AT_0914


def test_a_date_in_a_sentence_is_no_publication_date() -> None:
    assert published(f"{HEADING}<p>It happened on 2020-01-01.</p>") is None
    assert published(f"{HEADING}<p>Это случилось 1 января 2020 года в Баку.</p>", lang="ru") is None


def test_the_order_of_day_and_month_is_that_of_the_country_or_is_not_read() -> None:
    line = '<span class="date">03/04/2025</span>'
    assert published(HEADING + line, lang="en-US") == date(2025, 3, 4)
    assert published(HEADING + line, lang="en-GB") == date(2025, 4, 3)
    assert published(HEADING + line, lang="es") == date(2025, 4, 3)
    assert published(HEADING + line, lang="en") is None
    assert published(HEADING + line, "https://paper.in/news/envoy", "en-US") == date(2025, 4, 3)
    assert published(HEADING + '<span class="date">13/04/2025</span>') == date(2025, 4, 13)


def test_a_time_of_modification_is_never_the_publication() -> None:
    edited = described(dateModified="2025-06-29T10:00:00Z") + meta(
        "article:modified_time", "2025-06-29T10:00:00Z"
    )
    tag = '<time class="updated-at" datetime="2025-06-29T10:00:00Z">Updated today</time>'
    assert published(edited + HEADING + tag) is None
    assert published(HEADING + "<span>Yenilənib: 29.06.2025 10:00</span>", lang="az") is None


def test_a_day_takes_its_time_from_another_statement_of_the_same_day() -> None:
    midnight = described(datePublished="2025-06-28T00:00:00")
    stated = datetime(2025, 6, 28, 9, 14, tzinfo=BAKU)
    other = meta("article:published_time", "2025-06-28T09:14:00+04:00")
    elsewhere = meta("article:published_time", "2025-06-30T09:14:00+04:00")
    assert published(midnight + other + HEADING) == stated
    assert published(described(datePublished="2025-06-28") + other + HEADING) == stated
    assert published(described(datePublished="2025-06-28") + elsewhere + HEADING) == DAY
    shown = f"{HEADING}<span>28.06.2025 09:14</span>"
    assert published(described(datePublished="2025-06-28") + shown) == AT_0914


def test_a_local_time_gives_way_to_the_instant_it_means() -> None:
    naive = meta("article:published_time", "2025-06-28 09:14:00")
    aware = meta("datepublished", "2025-06-28T05:14:00Z")
    assert published(naive + aware + HEADING) == datetime(2025, 6, 28, 5, 14, tzinfo=UTC)


def test_the_date_of_this_article_counts_and_not_of_one_beside_it() -> None:
    other = described(datePublished="2025-06-20T10:00:00Z", url="https://www.paper.example/news/x")
    own = described(datePublished="2025-06-28T05:14:00Z", url=URL)
    assert published(other + own + HEADING) == datetime(2025, 6, 28, 5, 14, tzinfo=UTC)


def test_the_time_behind_the_headline_counts_and_not_those_of_a_list_before_it() -> None:
    before = '<aside><time datetime="2025-06-29T10:00:00Z">x</time></aside>'
    own = '<time datetime="2025-06-28T05:14:00Z">x</time>'
    assert published(before + HEADING + own) == datetime(2025, 6, 28, 5, 14, tzinfo=UTC)


def test_the_address_is_the_last_to_be_asked_and_settles_contradictions() -> None:
    dated = "https://www.paper.example/2025/06/28/envoy"
    found = read(HEADING, dated)
    assert (found.published, found.published_from) == (DAY, "url")
    contradicting = meta("date", "2025-07-09T10:00:00Z")
    agreeing = meta("datecreated", "2025-06-28T05:14:00Z")
    assert published(contradicting + agreeing + HEADING, dated) == datetime(
        2025, 6, 28, 5, 14, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/2025/06/28/envoy", DAY),
        ("/news/2025-06-28-envoy.html", DAY),
        ("/28-06-2025/envoy", DAY),
        ("/2025/jun/28/envoy", DAY),
        ("/20250628/envoy", DAY),
        ("/2025/13/41/envoy", None),
        ("/news/104512", None),
        ("/2025/06/envoy", None),
    ],
)
def test_a_day_in_an_address(path: str, expected: date | None) -> None:
    assert day_in_url(f"https://www.paper.example{path}") == expected


def test_a_page_without_any_date_has_none() -> None:
    found = read(HEADING)
    assert (found.published, found.published_from) == (None, None)


@pytest.mark.parametrize(
    ("solar", "expected"),
    [
        ((1404, 4, 7), DAY),
        ((1404, 1, 1), date(2025, 3, 21)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1370, 1, 1), date(1991, 3, 21)),
        ((1408, 1, 1), date(2029, 3, 20)),
    ],
)
def test_the_solar_calendar(solar: tuple[int, int, int], expected: date) -> None:
    assert gregorian(*solar) == expected


def test_a_day_that_the_solar_calendar_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no date of the solar Hijri calendar"):
        gregorian(1404, 12, 30)


def test_every_date_of_a_line_is_found_with_its_own_clock() -> None:
    line = "09:14 28.06.2025, güncellendi 10:30 29.06.2025"
    assert [found.stated for found in written_dates(line, "tr")] == [
        AT_0914,
        datetime(2025, 6, 29, 10, 30),  # noqa: DTZ001 - none is stated
    ]


def test_a_number_of_views_is_no_clock() -> None:
    assert [found.stated for found in written_dates("28.06.2025 1.25K views", "en")] == [DAY]


CARD = (
    '<div class="card"><h3><a href="/o">Port reopens for trucks after the storm</a></h3>'
    '<time datetime="2025-07-01T10:00:00Z">01.07.2025</time></div>'
)


@pytest.mark.parametrize(
    "shown",
    [
        '<div class="meta">28.06.2025 09:14</div>{heading}<p>Words.</p>',
        '{heading}<p class="sig">By Anna Bell, 28 June 2025 09:14</p>',
        "<div>28 June 2025, 09:14</div>{heading}<div><p>Words.</p></div>",
    ],
)
def test_the_time_of_another_article_does_not_date_this_one(shown: str) -> None:
    page = shown.format(heading=HEADING) + f'<div class="feed">{CARD}{CARD}</div>'
    assert published(page) == AT_0914


def test_a_link_with_the_date_in_it_is_no_teaser() -> None:
    time = '<a href="/x"><time class="published" datetime="2025-06-28T09:14">28 June</time></a>'
    page = f'<article>{HEADING}<div class="posted-on">{time}</div><p>Words.</p></article>'
    assert published(page + CARD) == AT_0914


def test_microdata_dates_an_element_of_any_name() -> None:
    page = HEADING + '<abbr itemprop="datePublished" title="2025-06-28T09:14:00+04:00">9:14</abbr>'
    assert published(page) == datetime(2025, 6, 28, 9, 14, tzinfo=BAKU)


def test_a_quoted_message_does_not_date_the_page() -> None:
    quoted = '<blockquote class="twitter-tweet"><a href="/t">May 1, 2025</a></blockquote>'
    assert published(f"{HEADING}<p>Words of the article.</p>{quoted}") is None


@pytest.mark.parametrize(
    ("line", "lang"),
    [
        ("28.06.2025, 09:14 (Bakı vaxtı ilə)", "az"),
        ("Опубликовано: 28 июня 2025 в 09:14 (обновлено 29 июня 2025 в 10:00)", "ru"),
        ("Publié le 28/06/2025 à 9h14, mis à jour le 29/06/2025 à 10h00", "fr"),
        ("2025 yil 28 iyun, 09:14", "uz"),
        ("28 يونيو 2025 - 9:14 صباحا", "ar"),
    ],
)
def test_a_line_close_to_the_headline_needs_no_mark_to_date_the_page(line: str, lang: str) -> None:
    assert published(f"{HEADING}<div class='x9a'>{line}</div>", lang=lang) == AT_0914


def test_an_evening_in_arabic_and_a_year_of_the_buddha_are_read() -> None:
    evening = written_dates("28 يونيو 2025 - 9:14 مساءً", "ar")
    assert [found.stated for found in evening] == [AT_0914.replace(hour=21)]
    buddhist = written_dates("วันเสาร์ที่ 28 มิถุนายน พ.ศ. 2568", "th")
    assert [found.stated for found in buddhist] == [DAY]


def test_a_short_sentence_close_to_the_headline_dates_nothing() -> None:
    assert published(f"{HEADING}<p>On 28 June 2025 the envoy left.</p>") is None


def test_a_year_of_the_japanese_era_is_read() -> None:
    assert [d.stated for d in written_dates("令和7年6月28日 9:14", "ja")] == [AT_0914]


def test_a_box_of_a_hundred_thousand_links_costs_little() -> None:
    times = '<time datetime="2025-06-28T09:14">x</time>' * 60
    started = process_time()
    assert published(f"{HEADING}<div><div>{'<a></a>' * 100_000}{times}") == AT_0914
    assert process_time() - started < 5
