"""Which box holds the article (pure)."""

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
    marked = [i for i in heard if boxes[i].is_stated_body] or [
        i for i in heard if boxes[i].role.body and boxes[i].tag != "header"
    ]
    if marked:
        best = _innermost(marked, worth)
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
