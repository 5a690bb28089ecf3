"""The sitemaps that a site's robots.txt names: where to begin when nobody knows their addresses."""

from urllib.parse import urlsplit

from protego import Protego

from crawler.charsets import decode
from crawler.reading import Answer, Reading
from crawler.sitemap import RECENT
from crawler.sitemap_files import Listed, promising
from crawler.urls import registered_domain


def is_robots(url: str) -> bool:
    """Whether a sitemap's address is that of a robots.txt, which stands for the sitemaps in it."""
    return urlsplit(url).path == "/robots.txt"


def reading_of_robots(answer: Answer) -> Reading:
    """The sitemaps that a robots.txt names on its own registered domain, to be followed: those
    that may hold what is recent, or all of them where somebody wants history."""
    text = decode(answer.body, answer.content_type)
    named = [Listed(url) for url in dict.fromkeys(Protego.parse(text).sitemaps)]
    own = [file for file in named if _on(file.loc, registered_domain(answer.url))]
    if not own:
        return Reading(problem="the site's robots.txt names no sitemap")
    since = answer.since or answer.now - RECENT
    return Reading(follow=promising(own, since, answer.since is not None))


def _on(url: str, domain: str) -> bool:
    try:
        return url.startswith(("https://", "http://")) and registered_domain(url) == domain
    except ValueError:
        return False
