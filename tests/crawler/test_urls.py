"""One page, one address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls import authority, canonical_url, fingerprint, registered_domain


@pytest.mark.parametrize(
    "variant",
    [
        "https://www.example.az/news/7",
        "http://www.example.az:80/news/7",
        "https://EXAMPLE.az.:443/news/7#comments",
        "https://m.example.az/news/7?utm_source=rss&utm_medium=feed",
        "https://amp.example.az/news/7/amp",
        "https://example.az/amp/news/7?fbclid=x&gclid=y&yclid=z&ysclid=q",
        "https://example.az/news/./x/../7?_openstat=abc",
        "https://example.az/%6Eews/7",
        "  https://example.az/news/7?  ",
    ],
)
def test_variants_of_one_page_are_one_address(variant):
    assert canonical_url(variant) == "https://example.az/news/7"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.az/news?id=7&page=2", "https://example.az/news?id=7&page=2"),
        ("https://example.az/news?page=2&id=7", "https://example.az/news?id=7&page=2"),
        ("https://example.az/news/", "https://example.az/news/"),
        ("https://example.az/News", "https://example.az/News"),
        ("https://example.az", "https://example.az/"),
        ("https://example.az/a%2fb", "https://example.az/a%2Fb"),
        ("https://example.az/xəbər", "https://example.az/x%C9%99b%C9%99r"),
        ("https://example.az/100%", "https://example.az/100%25"),
        ("https://m.az/news", "https://m.az/news"),
        ("http://example.az:8080/a", "http://example.az:8080/a"),
        ("http://127.0.0.1:8901/a", "http://127.0.0.1:8901/a"),
        ("http://[::1]/a", "http://[::1]/a"),
        ("https://президент.рф/", "https://xn--d1abbgf6aiiy.xn--p1ai/"),
        ("https://user:secret@example.az/a", "https://example.az/a"),
        ("https://example.az/camp", "https://example.az/camp"),
    ],
)
def test_what_may_change_the_page_stays(url, expected):
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    "url",
    ["", "news/7", "ftp://example.az/", "javascript:alert(1)", "file:///etc/passwd", "http://",
     "http://[::1", "http://a b/", "http://example.az:99999/", "http://..az/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_in_a_sentence(url):
    with pytest.raises(ValueError, match=r"\.$"):
        canonical_url(url)


@given(
    st.builds(
        "http{}://{}{}/{}?{}#{}".format,
        st.sampled_from(["", "s"]),
        st.sampled_from(
            ["example.az", "www.m.example.co.uk", "amp.amp.az", "xn--p1ai", "10.0.0.1"]
        ),
        st.sampled_from(["", ":80", ":443", ":8080", "."]),
        st.text(alphabet="aZ/%.~&=+ ;:@ə2FfAmpamp", max_size=30),
        st.text(alphabet="ab&=%2Futm_source+?;ə", max_size=30),
        st.text(max_size=5),
    )
)
def test_a_canonical_address_is_its_own_canonical_address(url):
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert once.isascii()


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_value_error(text):
    try:
        canonical_url(text)
    except ValueError:
        return


def test_a_fingerprint_has_a_bounded_length():
    assert len(fingerprint("https://example.az/" + "a" * 9000)) == 64


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.bbc.co.uk/azeri", "bbc.co.uk"),
        ("https://news.day.az/politics", "day.az"),
        ("https://az.sputniknews.ru/x", "sputniknews.ru"),
        ("http://127.0.0.1:8901/x", "127.0.0.1"),
        ("http://localhost/x", "localhost"),
    ],
)
def test_the_registered_domain_is_the_publishers(url, domain):
    assert registered_domain(url) == domain


def test_different_ports_of_one_host_are_different_servers():
    assert authority("http://127.0.0.1:1/a") != authority("http://127.0.0.1:2/a")
    assert authority("https://A.az/x") == authority("https://a.az:443/y")
