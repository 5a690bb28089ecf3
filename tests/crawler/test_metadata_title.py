"""The headline of a page, in the layouts that newsrooms use."""

import json

import pytest
from lxml import html as lxml_html

from crawler.page_metadata import read_metadata

URL = "https://www.xeberler.example/dunya/2025/06/28/nazirlik-sefiri-cagirdi-104512.html"


def title(markup: str, url: str = URL) -> str:
    return read_metadata(lxml_html.document_fromstring(markup), url).title


def og(content: str, name: str = "og:title") -> str:
    return f'<meta property="{name}" content="{content}">'


def article(**fields: object) -> str:
    described = json.dumps({"@type": "NewsArticle"} | fields, ensure_ascii=False)
    return f'<script type="application/ld+json">{described}</script>'


def test_the_heading_that_the_head_repeats_is_the_title_in_its_own_typography() -> None:
    page = og("'We were told nothing,' says envoy - Daily") + (
        "<title>'We were told nothing,' says envoy - Daily</title>"
        "<body><h1>‘We were told\u00a0nothing,’ says&nbsp;envoy</h1>"
    )
    assert title(page) == "‘We were told nothing,’ says envoy"


def test_a_heading_that_is_the_logo_is_not_the_title() -> None:
    page = (
        "<title>Посол вызван в министерство - Вестник</title>"
        '<meta property="og:site_name" content="Вестник">'
        '<body><h1><a href="/">Вестник</a></h1><h1>Посол вызван в министерство</h1>'
    )
    assert title(page) == "Посол вызван в министерство"


def test_a_logo_as_the_only_heading_leaves_the_title_of_the_head() -> None:
    page = (
        "<title>Ambassador summoned again | The Herald</title>"
        '<meta property="og:site_name" content="The Herald"><body><h1>The Herald</h1><p>Text.</p>'
    )
    assert title(page) == "Ambassador summoned again"


def test_of_many_headings_the_one_like_the_stated_title_is_taken() -> None:
    page = og("Dam on the border river gives way") + (
        "<body><h1>Sign in</h1><h1>The dam on the border river gave way at night</h1>"
        "<h1>Read also</h1><h1>Subscribe to our newsletter</h1>"
    )
    assert title(page) == "The dam on the border river gave way at night"


def test_a_heading_unlike_everything_that_is_stated_is_of_another_article() -> None:
    page = og("Parliament votes on the budget") + "<body><h1>What the stars say about July</h1>"
    assert title(page) == "Parliament votes on the budget"


@pytest.mark.parametrize(
    "heading",
    [
        '<span class="kicker">Dünya</span> Nazirlik səfiri çağırdı',
        '<span class="label">CANLI</span>Nazirlik səfiri çağırdı',
        "Nazirlik səfiri çağırdı <small>YENİLƏNİB</small>",
        '<div class="rubric">Siyasət</div><div>Nazirlik səfiri çağırdı</div>',
        "Nazirlik<br>səfiri çağırdı",
    ],
)
def test_labels_inside_the_heading_are_not_part_of_the_title(heading: str) -> None:
    page = og("Nazirlik səfiri çağırdı") + f"<body><h1>{heading}</h1>"
    assert title(page) == "Nazirlik səfiri çağırdı"


def test_two_lines_of_a_heading_keep_the_colon_that_the_head_has_between_them() -> None:
    page = og("Grenzstreit: Botschafter einbestellt") + (
        "<body><h1><span>Grenzstreit</span> <span>Botschafter einbestellt</span></h1>"
    )
    assert title(page) == "Grenzstreit: Botschafter einbestellt"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Talks resume in Baku | Xeberler", "Talks resume in Baku"),
        ("Talks resume in Baku - Xeberler.example", "Talks resume in Baku"),
        ("Talks resume in Baku — www.xeberler.example", "Talks resume in Baku"),
        ("Xeberler: Talks resume in Baku", "Talks resume in Baku"),
        ("Talks resume in Baku | World | News | Xeberler", "Talks resume in Baku"),
        ("Talks resume in Baku » Xeberler", "Talks resume in Baku"),
        ("Talks resume - and stop - in Baku :: Xeberler", "Talks resume - and stop - in Baku"),
        ("Baku: talks resume / Xeberler", "Baku: talks resume"),
        ("AT&amp;amp;T &amp;quot;leaves&amp;quot; Baku", 'AT&T "leaves" Baku'),
    ],
)
def test_the_sites_name_is_left_out_and_inner_punctuation_kept(stated: str, expected: str) -> None:
    site = '<meta property="og:site_name" content="Xeberler">'
    assert title(og(stated) + site + "<body><p>No heading.</p>") == expected


def test_the_host_names_the_site_where_nothing_else_does() -> None:
    page = "<title>Սահմանին կրակոց է եղել | Lraber</title><body><p>x</p>"
    assert title(page, "https://lraber.example/hy/55") == "Սահմանին կրակոց է եղել"


def test_a_chinese_title_is_parted_from_its_site_without_spaces() -> None:
    page = "<title>外交部召见大使_新闻网</title><body><h1>外交部召见大使</h1>"
    assert title(page) == "外交部召见大使"


def test_a_headline_that_is_no_h1_is_found_where_it_is_shown() -> None:
    page = og("Embassy's staff recalled") + '<body><div class="t">Embassy’s staff recalled</div>'
    assert title(page) == "Embassy’s staff recalled"


def test_a_title_that_was_cut_short_is_taken_whole_from_elsewhere() -> None:
    page = og("The ministry summons the envoy after a long…") + article(
        headline="The ministry summons the envoy after a long night of shelling"
    )
    assert title(page + "<body>") == "The ministry summons the envoy after a long night of shelling"


def test_the_social_title_wins_over_the_one_for_search_engines_where_neither_is_shown() -> None:
    page = og("What the envoy did not say") + article(headline="Envoy, ministry, Baku: all details")
    assert title(page + "<body>") == "What the envoy did not say"


def test_a_page_that_states_no_title_has_none() -> None:
    assert title("<body><p>Words.</p>") == ""


def test_the_only_heading_is_the_title_where_the_head_is_silent() -> None:
    assert title("<body><h1>საელჩო დაიხურა</h1>") == "საელჩო დაიხურა"


def test_a_heading_with_a_label_before_and_a_badge_behind_is_the_words_between() -> None:
    heading = "<h1><span>Read also</span> Envoy leaves the city <small>LIVE</small></h1>"
    assert title(og("Envoy leaves the city") + f"<body>{heading}") == "Envoy leaves the city"


def test_lines_of_a_heading_that_no_space_divides_are_spaced_as_in_the_head() -> None:
    page = og("Border: Envoy leaves the city") + (
        "<body><h2><span>Border</span><span>:</span><span>Envoy leaves the city</span></h2>"
    )
    assert title(page) == "Border: Envoy leaves the city"


def test_a_headline_in_a_cell_beside_its_clock_and_before_the_date_in_the_document() -> None:
    page = (
        "<title>Посла вызвали в министерство - 28 Июня 2025 - Город онлайн</title><body><table><tr>"
        "<td><div><div>14:05 </div>Посла вызвали в министерство</div></td></tr></table>"
    )
    assert title(page) == "Посла вызвали в министерство"


def test_a_headline_of_a_page_without_headings_may_be_set_in_a_font() -> None:
    page = (
        "<title>Envoy leaves the city</title><body><table><tr><td>22.11.2025</td></tr><tr><td>"
        "<i>28.06.2025</i><br><font size=5><b>Envoy leaves the city</b></font><br>Words.</td></tr>"
    )
    found = read_metadata(lxml_html.document_fromstring(page), URL.replace("2025/06/28", "x"))
    assert (found.title, str(found.published)) == ("Envoy leaves the city", "2025-06-28")
