"""A parsed page as boxes and the passages of text in them: one walk over the tree (pure)."""

from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from crawler.body.roles import NO_ROLE, Role, is_inset, role_of

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Not text, or never a part of the article.
_SKIPPED_TAGS = """audio button canvas datalist dialog embed footer head iframe input map math menu
meter nav noscript object option progress script select style svg template textarea video"""
_INLINE_TAGS = """a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label
mark nobr picture q rp rt ruby s samp small source span strike strong sub sup time tt u var wbr"""
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_INLINE = frozenset(_INLINE_TAGS.split())
_UNBOXED = _SKIPPED | _INLINE | {"br"}
_MAX_BOXES = 60_000
_MAX_PASSAGES = 60_000


@dataclass(slots=True)
class Box:
    """One block-level element. `parent` is an index into `Page.boxes`; the first is its own."""

    parent: int
    tag: str
    role: Role = NO_ROLE
    hidden: bool = False
    is_stated_body: bool = False


@dataclass(slots=True)
class Passage:
    """A run of text between two block boundaries: a paragraph, mostly. `linked` counts the
    characters that lie in links, `place` is its number on the page, `box` where it stands."""

    text: str
    linked: int
    box: int
    tag: str
    place: int


@dataclass(slots=True)
class Page:
    """All boxes, each after the one that it lies in, and all passages in their order."""

    boxes: list[Box] = field(default_factory=lambda: [Box(0, "")])
    passages: list[Passage] = field(default_factory=list)

    def sums(self, of_passage: list[float]) -> list[float]:
        """What the passages of each box, and of all boxes in it, add up to."""
        total = [0.0] * len(self.boxes)
        for passage, amount in zip(self.passages, of_passage, strict=True):
            total[passage.box] += amount
        for i in range(len(self.boxes) - 1, 0, -1):
            total[self.boxes[i].parent] += total[i]
        return total


def read_page(root: HtmlElement) -> Page:
    """Walks the tree once; a hostile page is read up to some 60,000 boxes."""
    return _Walk().over(root)


class _Walk:
    """The state of one walk: the text that is being gathered, and where."""

    def __init__(self) -> None:
        self.page = Page()
        self.gathered: list[str] = []
        self.linked = 0
        self.open_links = 0
        self.breaks = 0
        self.box = 0

    def over(self, root: HtmlElement) -> Page:
        # One loop without calls for what every element needs: this is half of what a page costs.
        boxes, passages, gathered = self.page.boxes, self.page.passages, self.gathered
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if tag in _SKIPPED or (tag == "span" and _is_inset(element)):
                    walker.skip_subtree()
                    continue
                if tag == "a":
                    self.open_links += 1
                elif tag == "br":
                    self._line_break()
                    continue
                elif tag not in _INLINE:
                    if gathered:
                        self._flush()
                    boxes.append(_box(element, tag, self.box))
                    self.box = len(boxes) - 1
                text = element.text
            else:
                if tag == "a":
                    self.open_links -= self.open_links > 0
                elif tag not in _UNBOXED:
                    if gathered:
                        self._flush()
                    self.box = boxes[self.box].parent
                    if len(boxes) > _MAX_BOXES or len(passages) > _MAX_PASSAGES:
                        break
                text = element.tail
            if text:
                if not text.isspace():
                    gathered.append(text)
                    self.breaks = 0
                    if self.open_links:
                        self.linked += len(text)
                elif gathered:
                    gathered.append(" ")
        self._flush()
        return self.page

    def _line_break(self) -> None:
        self.breaks += 1
        if self.breaks == 2:
            self._flush()
        else:
            self.gathered.append(" ")

    def _flush(self) -> None:
        text = " ".join("".join(self.gathered).split())
        self.gathered.clear()
        if text:
            box, passages = self.box, self.page.passages
            linked = min(self.linked, len(text))
            passages.append(Passage(text, linked, box, self.page.boxes[box].tag, len(passages)))
        self.linked = self.breaks = 0


def _is_inset(element: HtmlElement) -> bool:
    names = element.get("class")
    return bool(names) and is_inset(names)


def _box(element: HtmlElement, tag: str, parent: int) -> Box:
    box = Box(parent, tag)
    # Most boxes state nothing: asking once is cheaper than asking for each attribute.
    stated = dict(element.items())
    if not stated:
        return box
    if tag not in ("body", "html"):
        names = f"{stated.get('class', '')} {stated.get('id', '')}"
        if len(names) > 1:
            box.role = role_of(names)
        box.hidden = _is_hidden(stated)
    if property_name := stated.get("itemprop"):
        _take_property(box, property_name)
    return box


def _take_property(box: Box, name: str) -> None:
    if name == "articleBody":
        box.is_stated_body = True
        box.role = Role(body=True)
    elif name in ("description", "alternativeHeadline"):
        box.role = Role(standfirst=True)
    elif name == "caption":
        box.role = Role(foreign=True)


def _is_hidden(stated: dict[str, str]) -> bool:
    if "hidden" in stated or stated.get("aria-hidden") == "true":
        return True
    return "display:none" in stated.get("style", "")[:500].replace(" ", "").lower()
