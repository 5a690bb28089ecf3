"""What each kind of source wants of its entry, checked before anything is asked of the network."""

from crawler.gdelt import has_query
from crawler.listing import wrong_selector
from crawler.telegram import channel_of
from worker.profile.section import Section

#: Links are chosen on a listing's page; an article on the page of whatever has pages.
_KINDS_OF = {"links": ("listing",), "article": ("feed", "sitemap", "listing")}


def check_kind(
    section: Section, kind: str | None, url: str | None
) -> tuple[str | None, str | None]:
    """The selectors for links and for the article; a fault for every key that the kind forbids.

    `url` is None where it is no address at all.
    """
    if url is not None and (wrong := _wrong_url(kind, url)):
        section.fault(wrong, "url")
    return _selector(section, "links", kind), _selector(section, "article", kind)


def _selector(section: Section, key: str, kind: str | None) -> str | None:
    selector = section.text(key)
    if selector is None or kind is None:
        return selector
    if kind not in _KINDS_OF[key]:
        kinds = " and ".join(_KINDS_OF[key])
        section.fault(f"{key!r} is for sources of kind {kinds}, and this one is a {kind}.", key)
    elif wrong := wrong_selector(selector):
        section.fault(wrong, key)
    return selector


def _wrong_url(kind: str | None, url: str) -> str | None:
    if kind == "telegram" and channel_of(url) is None:
        return f"{url!r} is no channel; write https://t.me/s/CHANNEL."
    if kind == "gdelt" and not has_query(url):
        return f"{url!r} asks for nothing; write …/api/v2/doc/doc?query=WORDS."
    return None
