"""Which boxes are none of the article: navigation, comments, captions, advertisements (pure)."""

from dataclasses import dataclass

from crawler.body.page import Page
from crawler.body.roles import Role

_ASIDE, _FIGURE, _FOREIGN = 1, 2, 3
# In characters of an alphabet: less than a sentence, less than the shortest news.
_NOTHING, _LITTLE = 60, 250
# What an article quotes or tabulates belongs to it, also in a figure or a widget.
_QUOTED = frozenset({"blockquote", "table", "pre"})


@dataclass(frozen=True, slots=True)
class Silence:
    """Whether the passages of each box are left out. `is_overruled` tells that the page has next
    to nothing elsewhere, so that its largest box is read whatever it claims to be."""

    of_box: list[bool]
    is_overruled: bool = False


def silenced(page: Page, prose: list[float], title_boxes: set[int]) -> Silence:
    """Decides which boxes are left out.

    `prose` is how much of it each box holds, `title_boxes` are those that hold the headline: what
    claims to be an aside and holds most of the page, or its headline, is none.
    """
    belied = [_is_belied(page, i, prose, title_boxes) for i in range(len(prose))]
    believed = _claims(page, belied)
    left = _heard(page, prose, believed)
    if left < _NOTHING or (left < _LITTLE and left < 0.1 * prose[0]):
        # A page that puts its article where none belongs is still read.
        overruled = _claims(page, [2 * amount > prose[0] for amount in prose])
        return Silence(overruled, is_overruled=overruled != believed)
    return Silence(believed)


def _is_belied(page: Page, i: int, prose: list[float], title_boxes: set[int]) -> bool:
    box = page.boxes[i]
    if 2 * prose[i] <= prose[0] or box.hidden:
        return False
    return i in title_boxes or not box.role.foreign


def _claims(page: Page, belied: list[bool]) -> list[bool]:
    level = [0] * len(page.boxes)
    in_body = [False] * len(page.boxes)
    for i, box in enumerate(page.boxes):
        in_body[i] = in_body[box.parent] or box.role.body
        own = 0 if belied[i] else _claim(box.tag, box.role, box.hidden)
        if own == _ASIDE and (in_body[i] or box.tag in _QUOTED):
            own = 0
        inherited = level[box.parent]
        if box.tag in _QUOTED and inherited < _FOREIGN:
            inherited = 0
        level[i] = max(own, inherited)
    return [claim > 0 for claim in level]


def _claim(tag: str, role: Role, hidden: bool) -> int:
    if hidden or tag in ("aside", "form", "figcaption"):
        return _FOREIGN
    if tag == "figure":
        return _FIGURE
    if tag in ("article", "main"):
        return 0
    return _FOREIGN if role.foreign else _ASIDE if role.aside else 0


def _heard(page: Page, prose: list[float], silent: list[bool]) -> float:
    """The prose of the page less that of each outermost silent box."""
    heard = prose[0]
    for i, box in enumerate(page.boxes):
        if i and silent[i] and not silent[box.parent]:
            heard -= prose[i]
    return heard
