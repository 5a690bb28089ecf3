"""18, 19. Feeds without id, date or link, and with dates that cannot be: kept, once, in time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from harness.hostile import HTML, answering
from harness.hostile_sites import html_page, lay, rss, source_of

WORDS = [
    "<title>Ferry traffic resumes</title><description>The ferries run again.</description>",
    "<title>Council adjourns</title>",
    "<description>A note without a headline about the northern quay.</description>",
    "<title>Same words</title><description>First meaning.</description>",
    "<title>Same words</title><description>Second meaning.</description>",
]


def test_entries_of_nothing_but_words_are_stored_once(server, pipeline):
    site = lay(server(), "feed", answering(rss(*WORDS)))
    pipeline.allowed.add(site.authority)
    paper = source_of(site, "feed")
    assert pipeline.crawl(paper).new_articles == 5
    before = pipeline.articles()
    pipeline.later(minutes=30)
    site.on("/rss", answering(rss("<title>One more</title>", *reversed(WORDS))))
    assert pipeline.crawl(paper).new_articles == 1
    after = pipeline.articles()
    assert len(before) == 5 and len(after) == 6
    assert {a.key for a in before} < {a.key for a in after}
    for article in after:
        assert article.published is None and article.at == article.first_seen


def test_white_space_and_markup_do_not_make_another_entry(server, pipeline):
    plain = "<title>Ferry traffic resumes</title><description>They run again.</description>"
    other = (
        "<title>  Ferry traffic\n resumes </title>"
        "<description>&lt;p&gt;They run   again.&lt;/p&gt;</description>"
    )
    site = lay(server(), "feed", answering(rss(plain)))
    pipeline.allowed.add(site.authority)
    pipeline.crawl(source_of(site, "feed"))
    site.on("/rss", answering(rss(other)))
    pipeline.crawl(source_of(site, "feed"))
    assert len(pipeline.articles()) == 1


def test_an_id_that_changes_makes_no_other_article(server, pipeline):
    site = lay(server(), "page", answering(status=404))
    pipeline.allowed.add(site.authority)
    for n in range(3):
        item = f"<title>Quay closed</title><link>{site.url}/a1</link><guid>{n}-{n}</guid>"
        site.on("/rss", answering(rss(item)))
        pipeline.crawl(source_of(site, "feed"))
    assert len(pipeline.articles()) == 1


DATES = [
    "Fri, 31 Dec 2999 23:59:59 GMT", "2999-12-31T00:00:00Z", "0000-00-00 00:00:00",
    "0000-00-00T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+00:00",
    "Mon, 01 Jan 1899 00:00:00 GMT", "1899-01-01", "Thu, 01 Jan 1970 00:00:00 GMT", "tomorrow",
    "yesterday", "", " ", "0", "-1", "99999999999999999999", "1751111111", "1751111111000",
    "2025-02-30T10:00:00Z", "Sat, 28 Jun 2025 25:61:61 GMT", "2025-06-28T10:00:00-99:99",
    "2025-06-28T10:00:00+25:00", "Sat, 28 Jun 2025 10:00:00 -2400", "２０２５-０６-２８", "NaN",
    "Sat, 28 Jun 99999 10:00:00 GMT", "1e309", "&lt;b&gt;now&lt;/b&gt;",
]  # fmt: skip


@pytest.mark.parametrize("element", ["pubDate", "dc:date"])
def test_an_impossible_date_costs_no_article(server, pipeline, element):
    items = [
        f"<title>Report {n}</title><link>/n{n}</link><{element}>{text}</{element}>"
        for n, text in enumerate(DATES)
    ]
    feed = rss(*items).replace("<rss ", '<rss xmlns:dc="http://purl.org/dc/elements/1.1/" ')
    site = lay(server(), "feed", answering(feed))
    pipeline.allowed.add(site.authority)
    pipeline.now = datetime(2025, 6, 28, 12, 0, tzinfo=UTC)
    report = pipeline.crawl(source_of(site, "feed"))
    assert report.outcomes[0].error is None
    stored = pipeline.articles()
    assert len(stored) == len(DATES)
    for article in stored:
        assert plausible(article.published, pipeline.now), (article.title, article.published)
        assert article.at <= datetime.now(UTC) + timedelta(minutes=1)
    newest = report.outcomes[0].newest
    assert newest is None or newest <= pipeline.now


def plausible(published: datetime | date | None, now: datetime) -> bool:
    if published is None:
        return True
    moment = published if isinstance(published, datetime) else None
    day = moment.date() if moment else published
    return day.year >= 1990 and (moment <= now if moment else day <= now.date())


@pytest.mark.parametrize(
    ("stated", "utc"),
    [
        ("Sat, 28 Jun 2025 03:30:00 -0700", "2025-06-28T10:30:00+00:00"),
        ("2025-06-27T23:15:00-11:30", "2025-06-28T10:45:00+00:00"),
        ("2025-06-28T15:30:00+0545", "2025-06-28T09:45:00+00:00"),
        ("Sat, 28 Jun 2025 06:30:00 EDT", "2025-06-28T10:30:00+00:00"),
    ],
)
def test_zones_west_and_odd_are_understood(server, pipeline, stated, utc):
    item = f"<title>Zone</title><link>/z</link><pubDate>{stated}</pubDate>"
    site = lay(server(), "feed", answering(rss(item)))
    pipeline.allowed.add(site.authority)
    pipeline.now = datetime(2025, 6, 28, 12, 0, tzinfo=UTC)
    pipeline.crawl(source_of(site, "feed"))
    (article,) = pipeline.articles()
    assert article.published == datetime.fromisoformat(utc)


def test_an_impossible_date_of_a_page_costs_no_article(server, pipeline):
    site = lay(
        server(),
        "feed",
        answering(
            rss(*(f"<title>Report {n}</title><link>/n{n}</link>" for n in range(len(DATES))))
        ),
    )
    for n, text in enumerate(DATES):
        head = (
            f'<meta property="article:published_time" content="{text}">'
            f'<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":"{text}"}}'
            "</script>"
        )
        site.on(f"/n{n}", answering(html_page(f"Report {n} in full", head=head), HTML))
    pipeline.allowed.add(site.authority)
    pipeline.now = datetime(2025, 6, 28, 12, 0, tzinfo=UTC)
    report = pipeline.crawl(source_of(site, "feed"))
    assert report.pages_read == len(DATES)
    for article in pipeline.articles():
        assert plausible(article.published, pipeline.now), (article.title, article.published)
