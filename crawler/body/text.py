"""From a parsed page to the text of its article."""

import re
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from crawler.body.container import article_box
from crawler.body.letters import letters
from crawler.body.page import HEADINGS, Page, Passage, read_page
from crawler.body.silence import silenced
from crawler.body.stated import Witness, purged
from crawler.body.worth import density, worths

_MAX_SIGNATURE = 80
#: An address alone, or `Author: Anna Bell`.
_SIGNATURE = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|"
    r"(?:автори?|авторы|müəllif|հեղինակ|ავტორი|نویسنده|الكاتب|autor|author)\s?[:：՝]\s?"
    r"(?:[^\W\d_][\w.'’-]*\s?){1,4}",
    re.IGNORECASE,
)


def _is_signature(text: str) -> bool:
    return len(text) <= _MAX_SIGNATURE and bool(_SIGNATURE.fullmatch(text))


@dataclass(frozen=True, slots=True)
class ArticleText:
    """The standfirst and the paragraphs, one a line, without the title; empty if there are none.
    `is_doubtful` tells that they stand where a page shows anything but its article."""

    text: str
    is_doubtful: bool = False


def article_text(
    root: HtmlElement, title: str = "", description: str = "", stated: str = ""
) -> ArticleText:
    """Reads the article of a parsed page.

    `title` is the article's headline, `description` the page's summary of it, and `stated` the
    body that its structured data gives.
    """
    page = read_page(root)
    reading = _Reading(page, root, title, description)
    found = reading.article() if page.passages else []
    witness = Witness(stated, page.passages, reading.dense)
    if witness.is_heard:
        found = _heard_by(witness, reading, found)
        said = sum(len(letters(p.text)) for p in found)
        if witness.share(page.passages) < 0.3 and len(witness.letters) > 2 * said:
            # The page shows its article by script, or not to everyone.
            return ArticleText("\n".join(witness.paragraphs()))
    return ArticleText("\n".join(p.text for p in found), reading.silence.is_overruled)


def _heard_by(witness: Witness, reading: "_Reading", found: list[Passage]) -> list[Passage]:
    everywhere = witness.share(reading.page.passages)
    if everywhere >= 0.8 and witness.share(found) < 0.7 * everywhere:
        found = reading.known_to(witness)
    return purged(found, witness, reading.may_be_boilerplate)


class _Reading:
    """One page, and what is known of it while its article is picked out."""

    def __init__(self, page: Page, root: HtmlElement, title: str, description: str) -> None:
        self.page = page
        self.dense = density(page)
        self.headline = title
        self.title = letters(title)
        self.document_title = letters(root.findtext(".//title") or "")
        self.description = letters(description)
        self.worth = worths(page, self.dense)
        self.headlines = [p for p in page.passages if p.tag in HEADINGS and self._is_headline(p)]
        prose = page.sums([max(worth, 0.0) for worth in self.worth])
        self.silence = silenced(page, prose, self._boxes_around(self.headlines))
        self.silent = self._without_other_articles(self.silence.of_box)

    def _without_other_articles(self, silent: list[bool]) -> list[bool]:
        """Also silent is an `article` with an `h1` of its own beside the one with the headline:
        the next to be read, on a page that scrolls on."""
        boxes = self.page.boxes
        own = self._boxes_around(self.headlines)
        if not any(boxes[i].tag == "article" for i in own):
            return silent
        first = [p for p in self.page.passages if p.tag == "h1"]
        titled = self._boxes_around([p for p in first if not self._is_headline(p)])
        others: set[int] = set()
        for i in range(1, len(boxes)):
            is_other = boxes[i].tag == "article" and i in titled and i not in own
            if is_other or boxes[i].parent in others:
                others.add(i)
        return [is_silent or i in others for i, is_silent in enumerate(silent)]

    def article(self) -> list[Passage]:
        heard = [
            0.0 if self.silent[p.box] else worth
            for p, worth in zip(self.page.passages, self.worth, strict=True)
        ]
        box = article_box(self.page, self.page.sums(heard), self.silent)
        inside = [p for p in self._within(box) if not self._is_dropped(p)]
        body = self._paragraphs(self._after_headline(inside))
        body = [kept for passage in body[:1] if (kept := self._without_title(passage))] + body[1:]
        return [*self._standfirst(body), *body] if body else []

    def _without_title(self, passage: Passage) -> Passage | None:
        """What stands behind a date and the headline, where only single breaks divide them."""
        before, headline, behind = passage.text.partition(self.headline or "\n")
        if not headline or len(before) > 60 or not any(c.isdigit() for c in before):
            return passage
        behind = behind.lstrip(" .:|–—-")
        return replace(passage, text=behind) if behind else None

    def known_to(self, witness: Witness) -> list[Passage]:
        """The passages that the stated body contains, each once."""
        known = {p.text: p for p in reversed(self.page.passages) if witness.contains(p)}
        return sorted(known.values(), key=lambda p: p.place)

    def may_be_boilerplate(self, passage: Passage) -> bool:
        """Whether a paragraph stands free: what an article quotes, lists, tabulates or sums up
        above is often left out where its body is stated."""
        if passage.tag not in ("p", "div") or self.is_standfirst(passage):
            return False
        return all(self.page.boxes[i].tag != "blockquote" for i in self._boxes_around([passage]))

    def _is_headline(self, passage: Passage) -> bool:
        words = letters(passage.text)
        if not words:
            return False
        return words == self.title or (len(words) >= 12 and words in self.document_title)

    def _boxes_around(self, passages: list[Passage]) -> set[int]:
        around: set[int] = set()
        for passage in passages:
            box = passage.box
            while box and box not in around:
                around.add(box)
                box = self.page.boxes[box].parent
        return around

    def _within(self, container: int) -> list[Passage]:
        inside = {container}
        for i in range(container + 1, len(self.page.boxes)):
            if self.page.boxes[i].parent in inside:
                inside.add(i)
        return [p for p in self.page.passages if p.box in inside and not self.silent[p.box]]

    def _is_dropped(self, passage: Passage) -> bool:
        if passage.tag == "h1" or self._is_title(passage) or _is_signature(passage.text):
            return True
        worth = self.worth[passage.place]
        mostly_linked = passage.linked > 0.6 * len(passage.text)
        return worth < 0 and passage.tag not in HEADINGS and (mostly_linked or worth == -1.0)

    def _is_title(self, passage: Passage) -> bool:
        if not self.title or len(passage.text) > 2 * len(self.title) + 20:
            return False
        return letters(passage.text) == self.title

    def _after_headline(self, passages: list[Passage]) -> list[Passage]:
        """Without what stands above the headline, if a fair part of the prose stands below it."""
        prose = self._prose(passages)
        for headline in (*self.headlines[-1:], *self.headlines[:1]):
            below = [p for p in passages if p.place > headline.place]
            if self._prose(below) >= 0.3 * prose:
                return below
        return passages

    def _prose(self, passages: list[Passage]) -> float:
        return sum(max(self.worth[p.place], 0.0) for p in passages)

    def _paragraphs(self, passages: list[Passage]) -> list[Passage]:
        """The prose, and those short lines that stand among it, not in boxes of their own."""
        prose = [i for i, p in enumerate(passages) if self.worth[p.place] > 0]
        if not prose:
            return []
        homes = {self._home(passages[i]) for i in prose}
        kept = []
        for i, passage in enumerate(passages):
            worth = self.worth[passage.place]
            if i > prose[-1] and passage.linked > 0.3 * len(passage.text):
                break
            if worth > 0:
                kept.append(passage)
            elif passage.tag in HEADINGS:
                if prose[0] < i < prose[-1] and (worth == 0 or self._home(passage) in homes):
                    kept.append(passage)
            elif self._home(passage) in homes and (
                prose[0] < i < prose[-1] or self._is_outer_line(passage, i < prose[0])
            ):
                kept.append(passage)
        return kept

    def _is_outer_line(self, passage: Passage, above: bool) -> bool:
        """Whether a short line above or below all prose belongs to it: bylines and dates do not."""
        least = 40 if above else 20
        long_enough = len(passage.text) * self.dense >= least and not passage.linked
        return long_enough or passage.tag == "td"

    def _home(self, passage: Passage) -> int:
        """The box that a passage shares with its neighbours."""
        boxes = self.page.boxes
        box = passage.box
        if boxes[box].tag in ("p", "li"):
            box = boxes[box].parent
        if boxes[box].tag in ("ul", "ol", "blockquote"):
            box = boxes[box].parent
        if boxes[box].tag in ("td", "th"):
            while boxes[box].tag in ("td", "th", "tr", "thead", "tbody", "tfoot", "table"):
                box = boxes[box].parent
        return box

    def _standfirst(self, body: list[Passage]) -> list[Passage]:
        """The summary between headline and body, where it is marked as one or repeats the page's
        description."""
        above = self.page.passages[: body[0].place]
        headlines = [p.place for p in above if p.tag == "h1" or self._is_headline(p)]
        found = []
        for passage in above:
            words = letters(passage.text[:1000])
            if self.silent[passage.box] or len(words) * self.dense < 30 or words == self.title:
                continue
            is_below = bool(headlines) and passage.place > headlines[-1]
            is_summary = self._is_described(words) or (is_below and self.is_standfirst(passage))
            mostly_linked = passage.linked > 0.5 * len(passage.text)
            if is_summary and not mostly_linked:
                found.append(passage)
        if not found:
            return []
        said = letters(" ".join(p.text for p in body))
        return [p for p in found if letters(p.text) not in said]

    def is_standfirst(self, passage: Passage) -> bool:
        """Whether a passage claims to be the summary above the text, or the page's description
        begins as it does."""
        box = self.page.boxes[passage.box]
        marked = box.role.standfirst or self.page.boxes[box.parent].role.standfirst
        return marked or self._is_described(letters(passage.text))

    def _is_described(self, words: str) -> bool:
        return len(self.description) >= 20 and words[:40] == self.description[:40]
