"""24. One article, however it is addressed: through the crawl and into the tables."""

import pytest
from harness.hostile import HTML, HostileServer, answering, redirecting
from harness.hostile_sites import STORY, html_page, lay, rss, source_of

TITLE = "Pilots report a near miss at the northern quay"


def item(link: str, title: str = TITLE) -> str:
    return f"<title>{title}</title><link>{link.replace('&', '&amp;')}</link>"


@pytest.fixture
def site(server, pipeline) -> HostileServer:
    """A paper with one article, which it shows under every address that it has for it."""
    one: HostileServer = lay(server(), "feed", answering(rss()))
    pipeline.allowed.add(one.authority)
    canonical = f'<link rel="canonical" href="{one.url}/news/2025/06/a1">'
    page = answering(html_page(TITLE, STORY, STORY, head=canonical), HTML)
    one.otherwise = page
    for path in ("/go/1", "/go/2"):
        one.on(path, redirecting(f"{one.url}/news/2025/06/a1?utm_source=go"))
    one.on("/again", redirecting("/go/1", 301))
    return one


SPELLINGS = [
    "/news/2025/06/a1", "/news/2025/06/a1?utm_source=rss&utm_medium=feed", "/news/2025/06/a1#top",
    "/news/2025/06/a1?fbclid=abc&yclid=1", "/news/./2025/06/x/../a1", "/news//2025/06/a1",
    "/news/2025/06/a1?gclid=9#comments", "/news/2025/06/a1?at_medium=x",
]  # fmt: skip
REDIRECTED = ["/go/1", "/go/2", "/again"]
DISOWNED = ["/m/news/2025/06/a1", "/news/2025/06/a1/amp", "/news/2025/06/a1?outputType=amp",
            "/article.php?id=1", "/news/2025/06/a1/print"]  # fmt: skip


def test_spellings_of_one_address_are_one_article_and_one_request(site, pipeline):
    site.on("/rss", answering(rss(*(item(site.url + path) for path in SPELLINGS))))
    pipeline.crawl(source_of(site, "feed"))
    assert len(pipeline.articles()) == 1
    assert len([path for path in site.asked if "a1" in path]) == 1


@pytest.mark.parametrize("kind", ["redirected", "disowned", "all"])
def test_addresses_that_lead_to_one_page_are_one_article(site, pipeline, kind):
    paths = {
        "redirected": REDIRECTED,
        "disowned": DISOWNED,
        "all": SPELLINGS + REDIRECTED + DISOWNED,
    }[kind]
    site.on("/rss", answering(rss(*(item(site.url + path) for path in paths))))
    pipeline.crawl(source_of(site, "feed"))
    (article,) = pipeline.articles()
    assert article.title == TITLE and "pilots had seen" in article.text
    assert article.stage == "page"


def test_addresses_that_come_one_after_the_other_are_one_article(site, pipeline):
    for number, path in enumerate([*REDIRECTED, *DISOWNED, *SPELLINGS]):
        site.on("/rss", answering(rss(item(site.url + path))))
        pipeline.crawl(source_of(site, "feed", f"feed{number}"))
        pipeline.later(minutes=10)
        assert len(pipeline.articles()) == 1, path


def test_an_address_that_led_elsewhere_is_not_asked_again(site, pipeline):
    site.on("/rss", answering(rss(item(site.url + "/go/1"), item(site.url + "/m/news/2025/06/a1"))))
    pipeline.crawl(source_of(site, "feed"))
    asked = len([path for path in site.asked if path != "/rss"])
    pipeline.later(hours=1)
    report = pipeline.crawl(source_of(site, "feed"))
    assert report.new_articles == 0 and report.pages_read == 0
    assert len([path for path in site.asked if path != "/rss"]) == asked


def test_hosts_and_ports_of_one_paper_are_one_article(server, pipeline):
    links = [
        "http://paper.invalid/a/7", "https://paper.invalid/a/7", "https://www.paper.invalid/a/7",
        "http://paper.invalid:80/a/7", "https://paper.invalid:443/a/7", "https://m.paper.invalid/a/7",
        "https://amp.paper.invalid/a/7", "https://mobile.paper.invalid/a/7/amp?utm_id=3#x",
        "HTTPS://PAPER.INVALID/a/7", "https://paper.invalid./a/7",
    ]  # fmt: skip
    feed = lay(server(), "feed", answering(rss(*map(item, links))))
    pipeline.allowed.add(feed.authority)
    pipeline.crawl(source_of(feed, "feed"), timeout=2.0)
    assert len(pipeline.articles()) == len({a.key for a in pipeline.articles()}) <= 2
    assert len(pipeline.articles()) == 1


def test_two_articles_stay_two(server, pipeline):
    """The other side of it: a canonical address that every page claims makes nothing one."""
    site = lay(
        server(), "feed", answering(rss(*(item(f"/n/{n}", f"Report {n}") for n in range(4))))
    )
    pipeline.allowed.add(site.authority)
    for n in range(4):
        head = f'<link rel="canonical" href="{site.url}/">'
        page = html_page(f"Report {n} of the harbour", f"Number {n}. {STORY}", STORY, head=head)
        site.on(f"/n/{n}", answering(page, HTML))
    pipeline.crawl(source_of(site, "feed"))
    assert len(pipeline.articles()) == 4


@pytest.mark.parametrize("elsewhere", ["/", "/login", "/consent?back=1"])
def test_pages_that_all_lead_to_one_that_is_none_stay_many(server, pipeline, elsewhere):
    site = lay(
        server(), "feed", answering(rss(*(item(f"/n/{n}", f"Report {n}") for n in range(4))))
    )
    pipeline.allowed.add(site.authority)
    for n in range(4):
        site.on(f"/n/{n}", redirecting(elsewhere))
    front = html_page("The Harbour Paper", "Accept our cookies to read on.")
    site.on(elsewhere, answering(front, HTML))
    pipeline.crawl(source_of(site, "feed"))
    assert sorted(a.title for a in pipeline.articles()) == [f"Report {n}" for n in range(4)]
