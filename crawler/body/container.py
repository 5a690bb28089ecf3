"""Which box holds the article (pure)."""

from collections import Counter
from collections.abc import Iterable

from crawler.body.page import Page

_LEAST = 150
_LEAVES = frozenset({"p", "li", "td", "blockquote"})


def article_box(page: Page, worth: list[float], silent: list[bool]) -> int:
    """The smallest box that holds the article: the one marked as its body, else an `article` or
    `main`, where they hold a fair share of the prose; else the one that the prose leads to.

    `worth` is that of each box with all that is heard in it.
    """
    boxes = page.boxes
    children = _children(page, silent)
    led_to = _descend(page, children, worth, 0)
    heard = [i for i in range(1, len(boxes)) if not silent[i] and worth[i] > _LEAST]
    marked = [i for i in heard if boxes[i].role.body and boxes[i].tag != "header"]
    stated = [i for i in marked if boxes[i].is_stated_body]
    if stated:
        is_repeated = _is_repeated(page, stated, marked, worth)
        marked = [i for i in marked if i not in stated] if is_repeated else stated
    if marked:
        best = _around_pieces(page, marked, worth) or _first(page, marked, worth)
        return best if worth[best] >= 0.35 * worth[led_to] else led_to
    if containers := [i for i in heard if boxes[i].tag in ("article", "main")]:
        best = _innermost(containers, worth)
        if worth[best] >= 0.35 * worth[led_to]:
            return _descend(page, children, worth, best)
    return led_to


def _children(page: Page, silent: list[bool]) -> list[list[int]]:
    children: list[list[int]] = [[] for _ in page.boxes]
    for i in range(1, len(page.boxes)):
        if not silent[i]:
            children[page.boxes[i].parent].append(i)
    return children


def _is_repeated(page: Page, stated: list[int], marked: list[int], worth: list[float]) -> bool:
    """Whether the stated body is one run of text, for machines, and another box shows the same in
    paragraphs."""
    best = _innermost(stated, worth)
    shown = [i for i in marked if not page.boxes[i].is_stated_body and worth[i] > 0.8 * worth[best]]
    if not shown:
        return False
    runs = Counter(passage.box for passage in page.passages)
    outside = [i for i in shown if not (_is_within(page, best, i) or _is_within(page, i, best))]
    is_leaf = all(box.parent != best for box in page.boxes)
    return bool(outside) and is_leaf and runs[best] == 1


def _first(page: Page, marked: list[int], worth: list[float]) -> int:
    """The innermost of those that hold most, in the first of them where several articles are on
    one page."""
    most = max(worth[i] for i in marked)
    first = min(i for i in marked if worth[i] >= 0.85 * most)
    inside = [i for i in marked if i == first or _is_within(page, i, first)]
    return _innermost(inside, worth)


def _around_pieces(page: Page, marked: list[int], worth: list[float]) -> int | None:
    """The box around all marked ones, where the body is set in several pieces of which none holds
    most of it; None where one does, or where much else lies between them."""
    within = set(marked)
    pieces = [i for i in marked if not any(a in within for a in _ancestors(page, i))]
    total = sum(worth[i] for i in pieces)
    if len(pieces) < 2 or max(worth[i] for i in pieces) > 0.7 * total:
        return None
    around = {page.boxes[i].parent for i in pieces}
    common = around.pop()
    return common if common and not around and worth[common] < 1.15 * total else None


def _ancestors(page: Page, box: int) -> list[int]:
    found = []
    while box:
        box = page.boxes[box].parent
        found.append(box)
    return found


def _is_within(page: Page, box: int, outer: int) -> bool:
    return outer in _ancestors(page, box)


def _innermost(candidates: Iterable[int], worth: list[float]) -> int:
    candidates = list(candidates)
    most = max(worth[i] for i in candidates)
    return max(i for i in candidates if worth[i] >= 0.85 * most)


def _descend(page: Page, children: list[list[int]], worth: list[float], start: int) -> int:
    """From `start` inwards, for as long as one box holds nearly all of the worth."""
    box = start
    while children[box]:
        best = max(children[box], key=worth.__getitem__)
        is_paragraph = page.boxes[best].tag in _LEAVES and not children[best]
        if is_paragraph or worth[best] <= 0 or worth[best] < 0.8 * worth[box]:
            break
        box = best
    return box
