"""Pages that were made, or broken, to stop whoever reads them."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.crowded_tags import without_crowded_tags
from crawler.extract import extract

URL = "https://paper.example/news/7"
P = "<p>A sentence that says something at length, as articles do.</p>"
MANY = range(100_000)
SENTENCES = "".join(f"Sentence number {n} is longer than you may think. " for n in range(7_000))


def crowd(attribute, between=" "):
    return f"<div {between.join(attribute.format(n) for n in MANY)}>{P}"


PAGES = {
    "10 MB of paragraphs": P * 160_000,
    "10 MB without a space": "x" * 10_000_000,
    "a million links that stay open": "<a href=x>word " * 200_000,
    "boxes in boxes": "<div>x " * 100_000,
    "quotes in quotes": "<blockquote>" * 50_000 + P * 50,
    "tables in tables": "<table><tr><td>" * 20_000 + P,
    "spans in spans": "<span>a " * 200_000,
    "line breaks": "word<br>" * 200_000,
    "100,000 attributes": crowd('a{}="x"'),
    "attributes without spaces": crowd('a{}="x"', ""),
    "attributes that hold a bracket": crowd('a{}=">"'),
    "attributes that look like tags": crowd("<a{}"),
    "tags that stay open": "<a " * 500_000,
    "100,000 classes": f'<div class="{" ".join(f"ad{n}" for n in MANY)}">{P * 10}</div>',
    "a class for each box": "".join(f'<div class="c-{n}">{P}</div>' for n in range(40_000)),
    "100,000 headlines": "<title>The headline</title>" + "<h2>The headline</h2>" * 100_000,
    "teasers": "<li><h3><a href=x>A teaser's own title</a></h3><p>What it says.</p></li>" * 40_000,
    "paywalls in paywalls": '<div class="paywall">x' * 50_000,
    "100,000 consent boxes": '<div class="cookie">abc</div>' * 100_000,
    "a stated body against 20,000 paragraphs": '<script type="application/ld+json">'
    + json.dumps({"@type": "NewsArticle", "articleBody": SENTENCES}) + "</script>"
    + "".join(f"<p>Sentence number {n} is longer than you would think!</p>" for n in range(20_000)),
}  # fmt: skip


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES)
def test_no_page_takes_more_time_than_its_size_allows(html):
    started = time.process_time()
    extract(html, URL)
    # Half a second here; what grows with the square of the size takes minutes.
    assert time.process_time() - started < 15


def test_a_crowded_tag_loses_its_attributes_and_others_keep_them():
    plain = (
        b'<div class="a" data-x="1 < 2"><img src="data:image/png;base64,' + b"A/" * 9_000 + b'">'
    )
    crowd = b"<td " + b" ".join(b"a%d='>'" % n for n in range(2_000)) + b">text"
    assert without_crowded_tags(plain + crowd) == plain + b"<td>text"


ARTICLE = (
    "<html><head><title>Ambassador summoned</title></head><body><nav><a href='/'>Home</a></nav>"
    f"<article><h1>Ambassador summoned</h1>{P * 6}<ul><li>One</li></ul><blockquote>{P}</blockquote>"
    f"<table><tr><td>1</td></tr></table></article><div class='comments'>{P}</div></body></html>"
)
PIECES = [
    "<div>",
    "</div>",
    "<p",
    "'",
    '"',
    "<!--",
    "<script>",
    "</article>",
    "\0",
    "&#0;",
    "<a ",
    ">",
]


@given(st.lists(st.tuples(st.integers(0, len(ARTICLE)), st.sampled_from(PIECES)), max_size=12))
def test_a_page_with_pieces_where_none_belong_is_read(pieces):
    html = ARTICLE
    for place, piece in pieces:
        html = html[:place] + piece + html[place:]
    json.dumps(extract(html, URL).to_json()).encode()


@given(st.integers(0, len(ARTICLE)))
def test_a_page_that_was_cut_is_read(length):
    json.dumps(extract(ARTICLE[:length].encode(), URL).to_json()).encode()
