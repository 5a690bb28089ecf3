"""HTML text to its tree (pure): nothing is fetched or expanded, and no tag stops the parser."""

from lxml import etree, html

from crawler.crowded_tags import without_crowded_tags

MAX_TAGS = 300_000


def html_hostility(text: str) -> str | None:
    """Why this HTML is refused, as a sentence; None where nothing is wrong with it."""
    if text.count("<") > MAX_TAGS:
        return f"the page has more than {MAX_TAGS} tags: refused"
    return None


def html_tree(text: str) -> html.HtmlElement | None:
    """The parsed page without comments; None for what is no page."""
    if "<" not in text:
        return None
    parser = html.HTMLParser(
        encoding="utf-8", huge_tree=False, no_network=True, remove_comments=True, remove_pis=True
    )
    # As bytes: lxml refuses text that declares a charset of its own.
    page = without_crowded_tags(text.encode("utf-8", errors="replace"))
    try:
        return html.document_fromstring(page, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
