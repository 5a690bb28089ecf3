"""Section pages: articles chosen by a selector, or found without one."""

import time
from datetime import UTC, date, datetime

import pytest

from crawler.listing import MAX_ENTRIES, parse_listing, wrong_selector
from crawler.reading import Answer

URL = "https://www.paper.example/az/news"
FRAME = """<html lang="az"><head><title>Paper</title></head><body>
<header><div class="main-menu">
<a href="/az/diplomacy-and-world-affairs">Diplomacy and the affairs of the world</a></div>
<nav><a href="/az/12345">News of politics, economy and all the rest</a></nav></header>
<main>{main}</main>
<aside><a href="/az/news/999001">What everybody has been reading since yesterday</a></aside>
<footer><a href="/az/terms-of-our-great-paper">The terms of our great paper</a></footer>
</body></html>"""


def read(main, selector=None, url=URL, frame=FRAME):
    body = frame.format(main=main).encode()
    return parse_listing(
        Answer(url, body, "text/html", datetime(2025, 6, 28, tzinfo=UTC)), selector
    )


def card(href, title, more=""):
    return (
        f'<div class="card"><a href="{href}"><img src="/x.jpg"></a>'
        f'<h3><a href="{href}">{title}</a></h3>{more}</div>'
    )


HEADLINES = {
    "az": "Bakıda Rusiya səfirinə etiraz notası təqdim edildi",
    "ru": "Послу России в Баку вручили ноту протеста",
    "en": "Russian envoy in Baku is handed a note of protest",
    "ka": "რუსეთის ელჩს ბაქოში საპროტესტო ნოტა გადასცეს",
    "hy": "Բաքվում Ռուսաստանի դեսպանին բողոքի նոտա են հանձնել",
    "fa": "یادداشت اعتراض به سفیر روسیه در باکو تحویل داده شد",
    "ar": "تسليم السفير الروسي في باكو مذكرة احتجاج رسمية اليوم",
    "zh": "俄罗斯驻巴库大使收到抗议照会并被要求作出解释",
    "he": "השגריר הרוסי בבאקו קיבל היום מכתב מחאה רשמי",
    "tr": "Rusya'nın Bakü büyükelçisine protesto notası verildi",
}

NINE_FOURTEEN = datetime(2025, 6, 28, 9, 14, tzinfo=UTC)


@pytest.mark.parametrize("language", HEADLINES)
def test_articles_are_found_in_any_script(language):
    words = HEADLINES[language]
    cards = "".join(card(f"/az/news/{n}", f"{words} {n}") for n in range(1_001, 1_011))
    reading = read(cards)
    assert [entry.url for entry in reading.entries] == [
        f"https://www.paper.example/az/news/{n}" for n in range(1_001, 1_011)
    ]
    assert reading.entries[0].title == f"{words} 1001" and reading.language == "az"


@pytest.mark.parametrize(
    "address",
    [
        "/az/news/{n}.html",
        "/az/{n}/a-slug",
        "/?newsid=10{n}",
        "/2025/06/28/story-{n}",
        "/az/story-{n}",
    ],
)
def test_articles_are_found_behind_any_address(address):
    cards = "".join(card(address.format(n=n), f"{HEADLINES['en']}, {n}") for n in range(11, 19))
    assert len(read(cards).entries) == 8


def test_navigation_tags_pages_and_others_are_left_out():
    main = "".join(
        card(f"/az/news/{n}", HEADLINES["az"] + str(n), '<a href="/az/tag/nota">Nota və etiraz</a>')
        for n in range(10)
    )
    main += (
        '<div class="pagination"><a href="/az/news?page=2">To the next page of the news</a></div>'
    )
    main += (
        '<a href="https://other.example/2025/06/28/a-b-c-d-e">A headline of somebody else today</a>'
    )
    main += '<a href="/az/news">All of the news that there is today</a>'
    main += '<a href="/files/report-of-the-year-2025.pdf">The great report of the year 2025</a>'
    main += '<a href="/az/tag/long-words-of-a-tag">All about the envoy and his notes</a>'
    assert {entry.url.rpartition("/")[0] for entry in read(main).entries} == {
        "https://www.paper.example/az/news"
    }
    assert len(read(main).entries) == 10


def test_a_link_within_a_sentence_is_no_headline():
    inline = "".join(
        f"<p>As this paper has told its readers more than once, <a href='/az/news/{n}-a-b-c-d-e'>"
        "the envoy was handed a note of protest</a> in Baku.</p>"
        f"<p>28.06.2025 <a href='/az/news/{n}'>The envoy was handed a note of protest</a>, and "
        "what he said to it is told on another page of this paper.</p>"
        for n in range(1_001, 1_009)
    )
    assert [e.url[-4:] for e in read(inline).entries] == [str(n) for n in range(1_001, 1_009)]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<time datetime="2025-06-28T13:14:00+04:00">x</time>', NINE_FOURTEEN),
        ('<time datetime="2025-06-28T13:14">x</time>', date(2025, 6, 28)),
        ("<time>28.06.2025</time>", date(2025, 6, 28)),
        ('<span class="news-date">28.06.2025</span>', date(2025, 6, 28)),
        ("<p>Founded on 28.06.2025</p>", None),
        ("<time>a while ago</time>", None),
    ],
)  # fmt: skip
def test_the_date_beside_a_headline_is_its_own(markup, expected):
    cards = card("/az/news/1001", HEADLINES["az"], markup)
    cards += card("/az/news/1002", HEADLINES["ru"], "<time>01.01.2020</time>")
    cards += "".join(card(f"/az/news/{n}", HEADLINES["en"]) for n in range(1_003, 1_009))
    first, second, third, *_ = read(cards).entries
    assert (first.published, second.published) == (expected, date(2020, 1, 1))
    assert third.published is None and type(first.published) is type(expected)


def test_a_headline_is_without_the_time_and_the_counter_beside_it():
    cards = "".join(
        f'<a class="row" href="/az/news/{n}"><time>09:14</time><h4>{HEADLINES["az"]} {n}</h4>'
        "<span>1,204</span></a>"
        for n in range(1_001, 1_009)
    )
    assert read(cards).entries[0].title == f"{HEADLINES['az']} 1001"


def test_a_selector_is_believed():
    main = '<ul class="a"><li><b>x</b><a href="one">One</a></li><li><a href="#">Two</a></li></ul>'
    main += '<p><a class="out" href="https://other.example/x">Elsewhere</a></p>'
    (entry,) = read(main, "ul.a > li:first-child").entries
    assert (entry.url, entry.title) == ("https://www.paper.example/az/one", "One")
    assert [e.url for e in read(main, "a.out").entries] == ["https://other.example/x"]


def test_links_start_at_the_base_that_the_page_declares():
    frame = FRAME.replace("<title>", '<base href="https://paper.example/base/"><title>')
    (entry,) = read('<p><a href="one">One</a></p>', "p a", frame=frame).entries
    assert entry.url == "https://paper.example/base/one"


def test_a_link_that_cannot_be_followed_is_passed_over():
    links = ("javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.example", "")
    main = "".join(f'<p><a href="{link}">Words of a link</a></p>' for link in links)
    assert "chooses no link on this page" in read(main, "p a").problem


@pytest.mark.parametrize(
    ("body", "selector", "problem"),
    [
        (b"", None, "not an HTML page"),
        (b'{"a": 1}', None, "not an HTML page"),
        (
            b"<html><body><div id=app></div></body></html>",
            None,
            "give the source a `links` selector",
        ),
        (b"<html><body><a href=/a>A</a></body></html>", "li a", "'li a' chooses no link"),
        (b"<p>" + b"x" * 5_000_000, None, "larger than 4 MiB"),
        (b"<b>" * 400_000, None, "more than 300000 tags"),
        (b"<a " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">", None, "no link"),
        (b"<a " + b" ".join(b"a%d='1>'" % n for n in range(200_000)) + b">", None, "no link"),
        (b"<a " + b" ".join(b"a%d" % n for n in range(200_000)), None, "no link"),
    ],
)
def test_a_page_without_articles_or_a_hostile_one_is_said_in_words_and_quickly(
    body, selector, problem
):
    started = time.monotonic()
    reading = parse_listing(Answer(URL, body, None, datetime(2025, 6, 28, tzinfo=UTC)), selector)
    assert problem in reading.problem and reading.entries == ()
    assert time.monotonic() - started < 2


def test_nested_and_endless_pages_cost_little():
    started = time.monotonic()
    read("<div>" * 200_000)
    many = "".join(card(f"/az/news/{n}", f"{HEADLINES['en']} {n}") for n in range(9_000))
    assert len(read(many).entries) == MAX_ENTRIES
    assert time.monotonic() - started < 8


@pytest.mark.parametrize("selector", ["a[", "..x", "a::b(", "", "a:unknown-thing(3)"])
def test_a_selector_that_is_none_is_named(selector):
    assert "is not a CSS selector" in (wrong_selector(selector) or "")
    assert wrong_selector("main h2 > a:not(.ad)") is None
    assert read("<p><a href=x>y</a></p>", selector or " ").problem
