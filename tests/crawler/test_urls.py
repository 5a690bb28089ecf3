"""One page, one address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls import (
    authority,
    canonical_url,
    fingerprint,
    is_front_page,
    registered_domain,
)


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


ONE_PAGE = [
    "https://example.az/news/7?utm_source=rss&utm_medium=feed&utm_campaign=x",
    "https://example.az/news/7?UTM_SOURCE=x",
    "https://example.az/news/7?utm_source=a?utm_medium=b",
    "https://example.az/news/7?amp;utm_source=a&amp;utm_medium=b",
    "https://example.az/news/7?fbclid=IwAR0xyz",
    "https://example.az/news/7?gclid=1&gad_source=1&gbraid=2",
    "https://example.az/news/7?yclid=1&ysclid=lq2&etext=2202.x",
    "https://example.az/news/7?_openstat=dGVzdDs7Ow",
    "https://example.az/news/7?from=rss",
    "https://example.az/news/7?ref=telegram&source=Google_News",
    "https://example.az/news/7?partner=rss&",
    "https://example.az/news/7?at_medium=RSS&at_campaign=KARANGA",
    "https://example.az/news/7?maca=ru-rss-ru-news-4145-rdf",
    "https://example.az/news/7?xtor=RSS-1&ocid=socialflow",
    "https://example.az/news/7?traffic_source=rss",
    "https://example.az/news/7?guccounter=1&guce_referrer=aHR0&guce_referrer_sig=AQ",
    "https://example.az/news/7?mc_cid=1&mc_eid=2&mkt_tok=3&_hsenc=4&_hsmi=5&vero_id=6",
    "https://example.az/news/7?_ga=2.1.1&_gl=1*x*_ga&__cf_chl_tk=abc",
    "https://example.az/news/7?igshid=x&twclid=y&ttclid=z&mibextid=q&li_fat_id=w",
    "https://example.az/news/7?PHPSESSID=aa11bb22cc33dd44ee55ff6677",
    "https://example.az/news/7;jsessionid=0A1B2C3D4E5F",
    "https://example.az/news/7?sid=0123456789abcdef0123456789abcdef",
    "https://example.az/(S(abcdefghijklmnopqrstuvwx))/news/7",
    "https://example.az/news/7?print=1",
    "https://example.az/news/7?print=Y",
    "https://example.az/news/7?print",
    "https://example.az/news/7?view=print",
    "https://example.az/news/7?mobile=1",
    "https://example.az/news/7?amp",
    "https://example.az/news/7?amp=1",
    "https://example.az/news/7?outputType=amp",
    "https://example.az/news/7?mode=amp&amp_js_v=0.1&usqp=mq331AQ",
    "https://example.az/news/7/amp",
    "https://example.az/news/7.amp",
    "https://example.az/amp/news/7",
    "https://amp.example.az/news/7",
    "https://m.example.az/news/7",
    "http://mobile.example.az/news/7",
    "https://wap.example.az/news/7",
    "https://pda.example.az/news/7",
    "https://www.m.example.az/news/7",
    "https://example-az.cdn.ampproject.org/c/s/example.az/news/7",
    "https://example-az.cdn.ampproject.org/v/s/www.example.az/amp/news/7?amp_js_v=0.1&usqp=mq3",
    "https://cdn.ampproject.org/c/example.az/news/7",
    "https://www-example-az.cdn.ampproject.org/c/s/www.example.az/news/7/amp",
    "https://www.google.com/amp/s/www.example.az/news/7/amp",
    "https://www.google.ru/amp/s/example.az/news/7?usqp=mq331AQ",
    "https://google.com.tr/amp/example.az/news/7",
    "https://www.google.com/url?rct=j&sa=t&url=https://example.az/news/7&ct=ga&cd=CAI&usg=AOv",
    "https://www.google.com/url?q=https%3A%2F%2Fexample.az%2Fnews%2F7%3Futm_source%3Dx",
    "https://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fexample.az%2fnews%2f7",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.az%2Fnews%2F7%3Ffbclid%3DI&h=AT0",
    "https://vk.com/away.php?to=https%3A%2F%2Fexample.az%2Fnews%2F7&cc_key=",
    "https://yandex.ru/turbo/example.az/s/news/7",
    "https://example-az.turbopages.org/example.az/s/news/7?utm_referrer=x",
    "https://www.google.com/amp/s/example-az.cdn.ampproject.org/c/s/example.az/news/7",
    "https://example.az/news/7#comments",
    "https://example.az/news/7#:~:text=ambassador",
    "https://example.az/news/7#",
    "http://example.az/news/7",
    "http://example.az:80/news/7",
    "https://example.az:443/news/7",
    "HTTPS://WWW.EXAMPLE.AZ/news/7",
    "https://example.az./news/7",
    "https://example.az//news//7",
    "https://example.az/news/x/../7",
    "https://example.az/%6e%65ws/7",
    "https://user:secret@example.az/news/7",
]


@pytest.mark.parametrize("variant", ONE_PAGE)
def test_real_variants_of_one_page_are_one_address(variant):
    assert canonical_url(variant) == "https://example.az/news/7"


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        ("https://example.az/az/index.html", "https://example.az/az/"),
        ("https://example.az/index.php", "https://example.az/"),
        ("https://example.az/index.php?id=7", "https://example.az/index.php?id=7"),
        ("https://example.az/index.html?id=7", "https://example.az/?id=7"),
        ("https://example.az/az/index.html/amp", "https://example.az/az/"),
        ("https://example.az/main/index.xhtml", "https://example.az/main/index.xhtml"),
        ("https://example.az/#!/news/7", "https://example.az/#!/news/7"),
        ("https://www.example.az/#/news/7?a=b", "https://example.az/#/news/7?a=b"),
        ("https://example.az/#!", "https://example.az/"),
        ("https://example.az/news/7.amp.html", "https://example.az/news/7.html"),
        ("https://example.az/?id=7&amp;page=2", "https://example.az/?id=7&page=2"),
        ("https://example.az/news?sid=4711", "https://example.az/news?sid=4711"),
        ("https://example.az/news?session_id=6", "https://example.az/news?session_id=6"),
        ("https://example.az/news?from=2025-06-28", "https://example.az/news?from=2025-06-28"),
        ("https://example.az/news?source=apa", "https://example.az/news?source=apa"),
        ("https://example.az/news?print=4711", "https://example.az/news?print=4711"),
        ("https://example.az/news?view=gallery", "https://example.az/news?view=gallery"),
        ("https://example.az/news/print", "https://example.az/news/print"),
        ("https://example.az/news/7?lang=en", "https://example.az/news/7?lang=en"),
        ("https://example.az/shop/guitar-amp", "https://example.az/shop/guitar-amp"),
        ("https://en.example.az/news/7", "https://en.example.az/news/7"),
        ("https://www.co.uk/a", "https://www.co.uk/a"),
        ("https://google.com/search?q=https://x.az/", "https://google.com/search?q=https://x.az/"),
        ("https://www.google.com/url?q=javascript:x", "https://google.com/url?q=javascript:x"),
        ("https://yandex.ru/turbo/about", "https://yandex.ru/turbo/about"),
        ("https://m.google.com/url?q=http://m.x.az/7", "https://x.az/7"),
    ],
)
def test_what_is_not_safe_to_drop_stays(variant, expected):
    assert canonical_url(variant) == expected
    assert canonical_url(expected) == expected


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://www.example.az", True),
        ("https://example.az/index.php?utm_source=x", True),
        ("https://example.az/?id=7", False),
        ("https://example.az/#!/news/7", False),
        ("https://example.az/7", False),
    ],
)
def test_a_front_page_is_told_from_an_article(url, is_one):
    assert is_front_page(canonical_url(url)) is is_one


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
            [
                "example.az",
                "www.m.example.co.uk",
                "amp.amp.az",
                "xn--p1ai",
                "10.0.0.1",
                "www.google.com/amp/s/example.az",
                "m.google.com/url?q=http://a.az",
                "x.cdn.ampproject.org/c/s/cdn.ampproject.org/c/a.az",
            ]
        ),
        st.sampled_from(["", ":80", ":443", ":8080", "."]),
        st.text(alphabet="aZ/%.~&=+ ;:@ə2FfAmpamp", max_size=30),
        st.text(alphabet="ab&=%2Futm_source+?;ə", max_size=30),
        st.text(alphabet="!/#a %ə=", max_size=5),
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
