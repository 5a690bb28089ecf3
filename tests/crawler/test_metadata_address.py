"""The address and the language that a page states."""

import pytest
from lxml import html as lxml_html

from crawler.page_metadata import read_metadata

URL = "https://www.paper.example/world/2025/ministry-summons-the-envoy-104512"


def canonical(head: str, url: str = URL) -> str | None:
    markup = f"<html><head>{head}</head><body><h1>x</h1></body></html>"
    return read_metadata(lxml_html.document_fromstring(markup), url).canonical


def link(href: str, rel: str = "canonical") -> str:
    return f'<link rel="{rel}" href="{href}">'


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (link("/world/2025/envoy-104512"), "https://paper.example/world/2025/envoy-104512"),
        (link("https://m.paper.example/a-b-c-1"), "https://paper.example/a-b-c-1"),
        (link("https://other.example/a-b-c-1"), None),
        (link("https://www.paper.example/"), None),
        (link("https://www.paper.example/world"), None),
        (link("https://www.paper.example/world/2025/"), "https://paper.example/world/2025/"),
        (link("javascript:void(0)"), None),
        (link("http://[broken"), None),
        (link("/amp/a-b-c-1", rel="amphtml"), None),
        ('<meta property="og:url" content="/a-b-c-1">', "https://paper.example/a-b-c-1"),
        (link("/a-b-c-1") + link("/a-b-c-2"), None),
        (
            link("/a-b-c-1") + link("/a-b-c-2") + '<meta property="og:url" content="/a-b-c-2">',
            "https://paper.example/a-b-c-2",
        ),
        ("", None),
    ],
)
def test_a_stated_address_is_taken_if_it_can_be_the_articles(
    head: str, expected: str | None
) -> None:
    assert canonical(head) == expected


def test_a_script_without_the_number_of_its_article_is_not_the_articles_address() -> None:
    assert canonical(link("/view.php"), "https://paper.example/view.php?id=104512") is None


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('lang="az-AZ"', "az"),
        ('lang="ru_RU"', "ru"),
        ('xml:lang="hy"', "hy"),
        ('lang="x"', None),
        ("", None),
    ],
)
def test_the_declared_language(tag: str, expected: str | None) -> None:
    tree = lxml_html.document_fromstring(f"<html {tag}><body><p>x</p></body></html>")
    assert read_metadata(tree, URL).language == expected
