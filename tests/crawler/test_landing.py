"""Where a page's address led to: the article, or something else."""

import pytest

from crawler.landing import believable_identity, wrong_landing

ASKED = "https://paper.az/news/2025/strike-reported"


@pytest.mark.parametrize(
    ("landed", "words"),
    [
        ("https://paper.az/", "front page"),
        ("https://www.paper.az/az/", "front page"),
        ("https://paper.az/index.html", "front page"),
        ("https://paper.az/login?next=/news/2025", "login"),
        ("https://paper.az/users/sign_in", "login"),
        ("https://id.paper.az/oauth", "login"),
        ("https://paper.az/404.html", "gone"),
        ("https://paper.az/page-not-found", "gone"),
    ],
)
def test_what_is_not_the_article_is_said_so(landed, words):
    failure = wrong_landing(ASKED, landed)
    assert words in failure.sentence and failure.permanent
    assert failure.verdict == ("wall" if words == "login" else "failed")


@pytest.mark.parametrize(
    "landed",
    [
        ASKED,
        ASKED + "/",
        "https://m.paper.az/news/2025/strike-reported?utm_source=x",
        "https://paper.az/news/2025/strike-reported-near-the-border",
        "https://paper.az/?p=123",
        "https://paper.az/news/notable-error-in-the-budget",
        "https://paper.az/news/login-data-of-many-leaked",
    ],
)
def test_an_article_elsewhere_is_an_article(landed):
    assert wrong_landing(ASKED, landed) is None


def test_a_source_whose_pages_are_front_pages_is_taken_at_its_word():
    assert wrong_landing("https://paper.az/", "https://www.paper.az/az/") is None


@pytest.mark.parametrize(
    ("landed", "stated", "believed"),
    [
        ("https://paper.az/news/123/strike", "https://paper.az/news/123", True),
        ("https://paper.az/news/strike?page=2", "https://paper.az/news/strike", True),
        ("https://paper.az/print.php?id=7", "https://paper.az/news/7", True),
        ("https://paper.az/news/strike", "https://paper.az/news", False),
        ("https://paper.az/news/strike", "https://paper.az/en/", False),
    ],
)
def test_an_address_that_a_whole_section_states_is_disbelieved(landed, stated, believed):
    assert believable_identity(landed, stated) == (stated if believed else landed)
