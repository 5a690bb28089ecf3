"""The body that a page states in its structured data, as a witness of what its article is (pure).

As an answer it is worse than the page: paragraphs run into one another, some publishers state only
the beginning. As a witness it tells what on the page is not the article.
"""

from collections.abc import Callable, Sequence

from crawler.body.letters import letters
from crawler.body.page import Passage
from crawler.plaintext import plain_text

_LEAST_LETTERS = 200
_MAX_CHARACTERS = 100_000
_MAX_PASSAGES = 3_000


class Witness:
    """The stated body, and which passages of the page it contains."""

    def __init__(self, stated: str, passages: Sequence[Passage], dense: float) -> None:
        self.text = plain_text(stated, _MAX_CHARACTERS) if stated else ""
        self.letters = letters(self.text)
        enough = len(self.letters) * dense >= _LEAST_LETTERS
        self.is_heard = enough and len(passages) <= _MAX_PASSAGES
        self._known = {p.place for p in passages if self._is_in(p)} if self.is_heard else set()

    def _is_in(self, passage: Passage) -> bool:
        words = letters(passage.text)
        # Beginning or end: what is edited afterwards is mostly a word within.
        return len(words) >= 8 and (words[:60] in self.letters or words[-60:] in self.letters)

    def contains(self, passage: Passage) -> bool:
        return passage.place in self._known

    def ends_with(self, passages: Sequence[Passage]) -> bool:
        """Whether its last words are the last of a passage: one that was cut to a length ends in
        mid-sentence."""
        return any(self.letters.endswith(letters(p.text[-40:])[-20:]) for p in passages)

    def share(self, passages: Sequence[Passage]) -> float:
        """How much of the stated body these passages say, 0 to 1."""
        said = {words for p in passages if self.contains(p) and (words := letters(p.text))}
        return min(1.0, sum(map(len, said)) / max(1, len(self.letters)))

    def paragraphs(self) -> list[str]:
        return [line for line in self.text.split("\n") if line]


def purged(
    body: list[Passage], witness: Witness, may_go: Callable[[Passage], bool]
) -> list[Passage]:
    """The body without what a complete witness does not know, unless that is much of it."""
    if witness.share(body) < 0.85 or not witness.ends_with(body):
        return body
    foreign = {p.place for p in body if may_go(p) and not witness.contains(p)}
    amount = sum(len(p.text) for p in body if p.place in foreign)
    if not foreign or amount > 0.3 * sum(len(p.text) for p in body):
        return body
    return [p for p in body if p.place not in foreign]
