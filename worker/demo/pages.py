"""What an invented publisher serves: robots.txt, a feed, article pages with the usual noise."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from worker.demo.script import BYLINES, Newsroom, Release

ROBOTS = "User-agent: *\nDisallow: /search\nAllow: /\n"

#: Words of navigation, by language: home, politics, economy, culture, newsletter, most read.
_CHROME = {
    "az": ("Ana səhifə", "Siyasət", "İqtisadiyyat", "Mədəniyyət", "Bülletenə abunə", "Çox oxunan"),
    "en": ("Home", "Politics", "Economy", "Culture", "Get our newsletter", "Most read"),
    "ru": ("Главная", "Политика", "Экономика", "Культура", "Подписка на рассылку", "Популярное"),
    "tr": ("Ana sayfa", "Siyaset", "Ekonomi", "Kültür", "Bültene abone olun", "En çok okunan"),
}

_RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>{name}</title><link>{base}/</link><description>{name}</description>
<language>{language}</language>
{entries}
</channel>
</rss>
"""

_RSS_ENTRY = """<item>
<title>{title}</title><link>{url}</link><guid isPermaLink="true">{url}</guid>
<pubDate>{rfc822}</pubDate><dc:creator>{byline}</dc:creator><dc:language>{language}</dc:language>
<description>{summary}</description>
</item>"""

_ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">
<title>{name}</title><id>{base}/</id><link href="{base}/"/><updated>{updated}</updated>
{entries}
</feed>
"""

_ATOM_ENTRY = """<entry xml:lang="{language}">
<title>{title}</title><id>{url}</id><link rel="alternate" href="{url}"/>
<published>{iso}</published><updated>{iso}</updated><author><name>{byline}</name></author>
<summary>{summary}</summary>
</entry>"""

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title} | {name}</title>
<link rel="canonical" href="{url}">
<meta name="author" content="{byline}">
<meta property="og:type" content="article">
<meta property="og:title" content="{title}">
<meta property="og:site_name" content="{name}">
<meta property="article:published_time" content="{iso}">
</head>
<body>
<header><a href="/">{name}</a>
<nav><ul>{navigation}</ul></nav></header>
<main>
<article>
<h1>{title}</h1>
<p class="byline">{byline}, <time datetime="{iso}">{iso}</time></p>
<div class="article-body" itemprop="articleBody">
{paragraphs}
</div>
</article>
</main>
<aside class="sidebar"><h2>{most_read}</h2><ul>{related}</ul></aside>
<footer><p>© {name}</p><form action="/search"><label>{newsletter}</label></form></footer>
</body>
</html>
"""


def feed(newsroom: Newsroom, releases: Sequence[Release], base: str) -> str:
    """The newsroom's feed in its own format, newest first; the same releases, the same bytes."""
    newest_first = sorted(releases, key=lambda release: release.published, reverse=True)
    outer, entry = (_ATOM, _ATOM_ENTRY) if newsroom.feed == "atom" else (_RSS, _RSS_ENTRY)
    updated = _iso(newest_first[0].published) if newest_first else "1970-01-01T00:00:00Z"
    return outer.format(
        name=escape(newsroom.name),
        base=base,
        language=newsroom.languages[0],
        updated=updated,
        entries="\n".join(entry.format(**_words(release, base)) for release in newest_first),
    )


def page(newsroom: Newsroom, release: Release, others: Sequence[Release], base: str) -> str:
    """The page of one article; `others` fill the box of what else is read."""
    navigation, newsletter, most_read = _chrome(release.article.language)
    return _PAGE.format(
        **_words(release, base),
        name=escape(newsroom.name),
        navigation=navigation,
        newsletter=newsletter,
        most_read=most_read,
        paragraphs="\n".join(f"<p>{escape(text)}</p>" for text in release.article.paragraphs),
        related="".join(
            f'<li><a href="{base}{other.article.path}">{escape(other.article.title)}</a></li>'
            for other in others
        ),
    )


def _words(release: Release, base: str) -> dict[str, str]:
    article, published = release.article, release.published
    return {
        "title": escape(article.title),
        "url": f"{base}{article.path}",
        "language": article.language,
        "byline": escape(BYLINES[article.language]),
        "summary": escape(article.summary),
        "iso": _iso(published),
        "rfc822": format_datetime(published, usegmt=True),
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _chrome(language: str) -> tuple[str, str, str]:
    *sections, newsletter, most_read = _CHROME[language]
    links = "".join(f'<li><a href="/section/{i}">{s}</a></li>' for i, s in enumerate(sections))
    return links, newsletter, most_read
