"""Who wrote a page, in structured data, in its head and in what its reader sees."""

import json
from time import process_time

import pytest
from lxml import html as lxml_html

from crawler.byline import names, names_in_byline
from crawler.page_metadata import read_metadata

URL = "https://www.paper.example/news/104512"
HEADING = "<h1>Ministry summons the ambassador</h1>"


def authors(markup: str, lang: str = "en") -> tuple[str, ...]:
    page = f'<html lang="{lang}"><head></head><body>{markup}</body></html>'
    return read_metadata(lxml_html.document_fromstring(page), URL).authors


def described(*nodes: object) -> str:
    graph = json.dumps({"@graph": list(nodes)}, ensure_ascii=False)
    return f'<script type="application/ld+json">{graph}</script>'


def article(author: object, **fields: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "author": author} | fields


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"@type": "Person", "name": "Aysel Quliyeva"}, ("Aysel Quliyeva",)),
        ([{"name": "Aysel Quliyeva"}, "Rəşad Əli"], ("Aysel Quliyeva", "Rəşad Əli")),
        ({"name": ["Anna Bell", "Carl Dunn"]}, ("Anna Bell", "Carl Dunn")),
        ("By Anna Bell and Carl Dunn", ("Anna Bell", "Carl Dunn")),
        ([{"name": "Anna Bell"}, {"name": "ANNA BELL"}], ("Anna Bell",)),
        ({"name": "https://www.paper.example/people/7"}, ()),
        ({"@type": "Organization", "name": "Paper"}, ()),
        ({"@type": "Organization", "name": "Reuters"}, ("Reuters",)),
        ({"name": "admin"}, ()),
        ({"name": "O&#039;Neill Bell"}, ("O'Neill Bell",)),
        (None, ()),
        ({}, ()),
    ],
)
def test_structured_data_names_people(author: object, expected: tuple[str, ...]) -> None:
    assert authors(described(article(author)) + HEADING) == expected


def test_an_author_that_is_only_referred_to_is_looked_up_in_the_graph() -> None:
    page = {"@type": "WebPage", "@id": URL, "author": {"@id": "https://paper.example/#/p/1"}}
    person = {"@type": ["Person"], "@id": "https://paper.example/#/p/1", "name": "Леся Бойко"}
    assert authors(described(article({"@id": person["@id"]}), person) + HEADING) == ("Леся Бойко",)
    assert authors(described(page, person) + HEADING) == ("Леся Бойко",)


def test_the_article_of_this_page_counts_and_not_one_beside_it() -> None:
    other = article({"name": "Eve Fox"}, url="https://www.paper.example/news/99", headline="Other")
    own = article({"name": "Anna Bell"}, mainEntityOfPage={"@id": URL}, headline="Own")
    assert authors(described(other, own) + HEADING) == ("Anna Bell",)


def test_broken_structured_data_still_names_its_author() -> None:
    script = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A "B" C",'
        '"author": {"@type": "Person", "name": "Anna Bell"},}</script>'
    )
    assert authors(script + HEADING) == ("Anna Bell",)


def test_a_broken_script_is_not_searched_for_ever() -> None:
    script = (
        '<script type="application/ld+json">NewsArticle "author":' + " " * 400_000 + "</script>"
    )
    started = process_time()
    assert authors(script + HEADING) == ()
    assert process_time() - started < 5


@pytest.mark.parametrize(
    "markup",
    [
        '<meta name="author" content="Anna Bell">',
        '<meta property="article:author" content="Anna Bell">',
        '<meta property="article:author" content="https://social.example/anna">'
        '<meta name="byl" content="By Anna Bell">',
        '<meta name="parsely-author" content="Anna Bell">',
    ],
)
def test_the_head_names_authors(markup: str) -> None:
    assert authors(markup + HEADING) == ("Anna Bell",)


@pytest.mark.parametrize(
    ("lang", "line", "expected"),
    [
        ("en", '<a rel="author" href="/p/1">Anna Bell</a>', ("Anna Bell",)),
        ("en", '<p class="byline">By Anna Bell, Carl Dunn and Eve Fox</p>',
         ("Anna Bell", "Carl Dunn", "Eve Fox")),
        ("en", '<p class="byline">By Anna Bell, Staff Writer | June 28, 2025 9:14 am</p>',
         ("Anna Bell",)),
        ("en", '<div class="byline">By <a>Anna Bell</a> anna@paper.example @anna</div>',
         ("Anna Bell",)),
        ("en", "<p>By <a>Anna Bell</a>, <a>Carl Dunn</a></p>", ("Anna Bell", "Carl Dunn")),
        ("en", '<span itemprop="author"><span itemprop="name">Anna Bell</span></span>',
         ("Anna Bell",)),
        ("ru", '<div class="article__author">Автор: Иван Петров</div>', ("Иван Петров",)),
        ("ru", '<div class="author">Иван Петров и Анна Белова</div>',
         ("Иван Петров", "Анна Белова")),
        ("ru", "<p>Текст: Иван Петров</p>", ("Иван Петров",)),
        ("uk", '<div class="author">Автори: Леся Бойко та Ірина Коваль</div>',
         ("Леся Бойко", "Ірина Коваль")),
        ("az", '<div class="author">Müəllif: Aysel Quliyeva</div>', ("Aysel Quliyeva",)),
        ("az", '<div class="news-author">Aysel Quliyeva və Rəşad Əliyev</div>',
         ("Aysel Quliyeva", "Rəşad Əliyev")),
        ("tr", '<div class="author">Yazan: Ayşe Yılmaz ve Can Demir</div>',
         ("Ayşe Yılmaz", "Can Demir")),
        ("hy", '<div class="author">Հեղինակ՝ Անի Պետրոսյան</div>', ("Անի Պետրոսյան",)),
        ("ka", '<div class="author">ავტორი: ნინო ბერიძე</div>', ("ნინო ბერიძე",)),
        ("fa", '<div class="author">نویسنده: علی رضایی</div>', ("علی رضایی",)),
        ("ar", '<div class="author">بقلم: أحمد حسن</div>', ("أحمد حسن",)),
        ("el", '<div class="author">Συντάκτης: Νίκος Παππάς</div>', ("Νίκος Παππάς",)),
        ("de", '<div class="author">Von Anna Schmidt und Karl Lang</div>',
         ("Anna Schmidt", "Karl Lang")),
        ("fr", '<div class="author">Par Anne Petit et Luc Roy</div>', ("Anne Petit", "Luc Roy")),
        ("es", '<div class="author">Por Ana Ruiz y Luis Gil</div>', ("Ana Ruiz", "Luis Gil")),
        ("it", '<div class="author">di Anna Rossi</div>', ("Anna Rossi",)),
        ("ja", '<div class="author">文／山田太郎</div>', ("山田太郎",)),
        ("ko", '<div class="author">홍길동 기자</div>', ("홍길동",)),
    ],
)  # fmt: skip
def test_a_reader_sees_who_wrote_it(lang: str, line: str, expected: tuple[str, ...]) -> None:
    assert authors(HEADING + line + "<p>The ministry said so on Saturday.</p>", lang) == expected


def test_the_byline_completes_a_head_that_names_only_the_first() -> None:
    line = '<p class="byline">By Anna Bell, Carl Dunn</p>'
    assert authors('<meta name="author" content="Anna Bell">' + HEADING + line) == (
        "Anna Bell",
        "Carl Dunn",
    )


def test_authors_of_comments_and_of_other_articles_wrote_other_things() -> None:
    rest = (
        '<div class="related"><span class="author">Carl Dunn</span></div>'
        '<div class="comments"><span class="comment-author">Eve Fox</span></div>'
    )
    assert authors(HEADING + "<p>Words.</p>" + rest) == ()
    assert authors(HEADING + '<p class="byline">By Anna Bell</p>' + rest) == ("Anna Bell",)


def test_the_sites_own_name_counts_only_where_the_reader_sees_it() -> None:
    organisation = described(article({"@type": "Organization", "name": "Paper"}))
    shown = '<div class="author">Paper staff</div>'
    assert authors(organisation + HEADING) == ()
    assert authors(organisation + HEADING + shown) == ("Paper staff",)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("By TOM KRAY, AP Auto Writer", ("TOM KRAY",)),
        ("Anna Bell, Reuters", ("Anna Bell",)),
        ("AFP, Reuters", ("AFP", "Reuters")),
        ("AFP/Reuters", ("AFP", "Reuters")),
        ("Anna Bell and AFP", ("Anna Bell", "AFP")),
        ("Bell, Anna", ("Bell, Anna",)),
        ("Rachel Link, MS, RD", ("Rachel Link",)),
        ("Carl Dunn, Jr.", ("Carl Dunn",)),
        ("Anna Bell - Senior Contributor", ("Anna Bell",)),
        ("Anna Bell | Advance Media for paper.com", ("Anna Bell",)),
        ("Иванова Анна, Петров Иван", ("Иванова Анна", "Петров Иван")),
        ("José Ortega y Gasset", ("José Ortega y Gasset",)),
        ("Ana Ruiz y Luis Gil", ("Ana Ruiz", "Luis Gil")),
        ("Byron Andrews", ("Byron Andrews",)),
        ("Theresa May", ("Theresa May",)),
        ("The Associated Press", ("The Associated Press",)),
        ("Foto: Karl Lang", ()),
        ("", ()),
    ],
)
def test_a_stated_byline_is_a_list_of_names(stated: str, expected: tuple[str, ...]) -> None:
    assert names(stated) == expected


def test_a_date_behind_a_visible_name_is_no_part_of_it() -> None:
    assert names_in_byline("Anna Bell November 19, 2019", "en") == ("Anna Bell",)
    assert names_in_byline("Анна Белова, 19 ноября 2019", "ru") == ("Анна Белова",)
    assert names_in_byline("Theresa May", "en") == ("Theresa May",)
    assert names_in_byline("rmb8090", "it") == ("rmb8090",)


@pytest.mark.parametrize(
    "name", ["Oleh Petrenko", "Yazan Ahmad", "Di Wu", "文在寅", "Aung Min", "Byron Read"]
)
def test_a_name_that_is_a_word_elsewhere_is_a_name(name: str) -> None:
    assert names(name) == (name,)
    assert names_in_byline(name, "en") == (name,)


def test_a_person_may_have_a_site_of_their_own() -> None:
    page = described(article({"@type": "Person", "name": "Paper Lanternfield"})) + HEADING
    assert authors(page) == ("Paper Lanternfield",)


@pytest.mark.parametrize(
    "byline",
    [
        '<div class="field-author"><div>Author</div><div>Anna Bell</div><div>Carl Dunn</div></div>',
        '<span><a href="/autor/anna">Anna Bell</a>, <a href="/autor/carl">Carl Dunn</a></span>',
    ],
)
def test_names_that_only_their_elements_divide_are_two(byline: str) -> None:
    assert authors(f"{HEADING}{byline}<p>Words.</p>") == ("Anna Bell", "Carl Dunn")


def test_a_byline_may_be_marked_by_what_is_not_its_class() -> None:
    byline = (
        '<div data-component="byline-block"><time>3 hours ago</time><div><span>Anna Bell</span>'
        "<span>World correspondent</span></div><div>Share</div></div>"
    )
    assert authors(f"{HEADING}{byline}<p>Words.</p>") == ("Anna Bell",)


def test_a_byline_may_stand_in_the_footer_of_its_post() -> None:
    footer = '<div class="post-footer"><span class="post-author">Posted by Anna Bell</span></div>'
    assert authors(f"<h3>Envoy leaves</h3><p>Words.</p>{footer}") == ("Anna Bell",)


def test_people_whom_the_reader_sees_are_named_before_the_agency_in_the_head() -> None:
    head = '<meta name="author" content="Xeber Information Agency">'
    page = f'{head}{HEADING}<p>Words.</p><div class="author_news"><p>Anna Bell</p></div>'
    assert authors(page) == ("Anna Bell",)


def test_the_site_among_the_stated_authors_is_known_by_the_title_of_the_document() -> None:
    head = '<title>Envoy leaves - KRUG</title><meta name="author" content="Anna Bell, KRUG">'
    two = '<title>Envoy - KRUG</title><meta name="author" content="Anna Bell; Carl Dunn; KRUG">'
    assert authors(head + HEADING) == ("Anna Bell",)
    assert authors(two + HEADING) == ("Anna Bell", "Carl Dunn")


def test_an_author_may_be_named_on_a_line_between_two_breaks() -> None:
    text = "<div>Слова статьи.<br>Ещё слова.<br>Автор: Анна Белова<br></div>"
    assert authors(f"<h1>Посла вызвали</h1>{text}", "ru") == ("Анна Белова",)
