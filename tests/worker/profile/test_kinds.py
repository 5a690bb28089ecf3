"""Sources of each kind in a profile, and what is wrong with them in words."""

from typing import Any

import pytest

ADDRESS = "url: https://tass.com/rss/v2.xml"
WHERE = "sources/one.yaml, line"


def source_of(bench: Any, kind: str, url: str, more: str = "") -> None:
    """Make the second source of the small profile one of another kind."""
    bench.change(
        "sources/one.yaml", f"kind: feed\n  {ADDRESS}", f"kind: {kind}\n  url: {url}{more}"
    )


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("sitemap", "https://tass.com/sitemap.xml"),
        ("listing", "https://tass.com/world"),
        ("telegram", "https://t.me/s/tass_agency"),
        ("telegram", "https://t.me/tass_agency"),
        ("gdelt", "https://api.gdeltproject.org/api/v2/doc/doc?query=azerbaijan%20russia"),
    ],
)
def test_every_kind_is_polled(bench: Any, kind: str, url: str) -> None:
    source_of(bench, kind, url)
    assert bench.faults() == []
    assert [source.kind for source in bench.load().polled] == ["feed", kind]


def test_a_listing_takes_selectors(bench: Any) -> None:
    more = "\n  links: main h3 > a[href*='/news/']\n  article: '.text, .lead'"
    source_of(bench, "listing", "https://tass.com/world", more)
    assert bench.faults() == []
    assert bench.load().sources[1].links == "main h3 > a[href*='/news/']"
    assert bench.load().sources[1].article == ".text, .lead"


@pytest.mark.parametrize(
    ("kind", "url", "more", "fault"),
    [
        ("listing", "https://tass.com/", "\n  links: 'a[href'", "'a[href' is not a CSS selector"),
        ("listing", "https://tass.com/", "\n  links: 'a::before('", "is not a CSS selector"),
        ("listing", "https://tass.com/", "\n  article: '..text'", "is not a CSS selector"),
        ("feed", "https://tass.com/", "\n  links: a", "'links' is for sources of kind listing"),
        ("telegram", "https://t.me/s/tass_agency", "\n  article: p", "and this one is a telegram."),
        ("telegram", "https://t.me/", "", "is no channel; write https://t.me/s/CHANNEL."),
        ("telegram", "https://t.me/s/tass/12", "", "is no channel"),
        ("telegram", "https://t.me/+AbCdEf", "", "is no channel"),
        ("telegram", "https://tass.com/s/tass", "", "is no channel"),
        ("gdelt", "https://api.gdeltproject.org/api/v2/doc/doc", "", "asks for nothing"),
        ("gdelt", "https://api.gdeltproject.org/api/v2/doc/doc?query=", "", "asks for nothing"),
        ("gdelt", "ftp://x", "", "must start with https:// or http://"),
    ],
)
def test_what_does_not_fit_its_kind_is_named_with_its_line(
    bench: Any, kind: str, url: str, more: str, fault: str
) -> None:
    source_of(bench, kind, f"'{url}'", more)
    (said,) = bench.faults()
    assert said.startswith(WHERE) and fault in said
