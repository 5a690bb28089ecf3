"""What each passage is worth: sentences count for the article, links and scraps against it."""

import re

from crawler.body.page import HEADINGS, Page, Passage

_END = r"[.!?…。！？؟۔।॥։።។။]['\"”»’）」』)\]]*"
_SENTENCE_END = re.compile(_END + r"(?:\s|$)")
_ENDS_AS_SENTENCE = re.compile(_END + "$")
# Scripts that write a word in one or two characters: what counts as long is shorter there.
_DENSE_SCRIPTS = re.compile("[\u2e80-\ud7ff\uf900-\ufaff]")
_DENSITY = 2.5
_MAX_TEASER = 400


def weight(text: str) -> float:
    """The length of a text in characters of an alphabet."""
    return len(text) + (_DENSITY - 1) * len(_DENSE_SCRIPTS.findall(text))


def density(page: Page) -> float:
    """By how much more a character of this page says than one of an alphabet."""
    sample = "".join(passage.text for passage in page.passages[:400])[:6000]
    return _DENSITY if len(_DENSE_SCRIPTS.findall(sample)) > 0.25 * len(sample) else 1.0


def worths(page: Page, dense: float) -> list[float]:
    """The worth of each passage in characters of an alphabet: positive for prose, zero for what
    only its neighbours can tell, negative for links, scraps and teasers of other articles."""
    found = [_worth(passage, dense) for passage in page.passages]
    for teaser in _teasers(page, found, dense):
        found[teaser] = -1.0
    return found


def _worth(passage: Passage, dense: float) -> float:
    linked = passage.linked * dense
    unlinked = len(passage.text) * dense - linked
    if passage.tag in HEADINGS:
        return -linked if linked > 4 * unlinked else 0.0
    if linked > unlinked and unlinked < 60:
        named = unlinked >= 20 and linked < 4 * unlinked and _ENDS_AS_SENTENCE.search(passage.text)
        return 0.0 if named else -1.5 * linked
    if unlinked >= 60 or (unlinked >= 25 and _SENTENCE_END.search(passage.text)):
        return unlinked
    return -0.3 * unlinked if unlinked < 25 else 0.0


def _teasers(page: Page, found: list[float], dense: float) -> list[int]:
    """The prose of boxes that hold a linked title and little else."""
    prose = page.sums([max(worth, 0.0) for worth in found])
    count = page.sums([1.0 if worth > 0 else 0.0 for worth in found])
    boxes = page.boxes
    cards = set()
    for passage in page.passages:
        length = len(passage.text)
        if passage.linked < 0.9 * length or length * dense < 15:
            continue
        card, box = 0, passage.box
        for _ in range(4):
            too_much = count[box] > 1 or prose[box] > _MAX_TEASER
            if not box or too_much or boxes[box].tag in ("body", "article", "main"):
                break
            card = box if count[box] else card
            box = boxes[box].parent
        if card and (passage.tag in HEADINGS or boxes[card].tag == "li"):
            cards.add(card)
    if not cards:
        return []
    for i in range(1, len(boxes)):
        if boxes[i].parent in cards:
            cards.add(i)
    return [p.place for p in page.passages if p.box in cards and found[p.place] > 0]
