"""What has become of an alert's evidence, in sentences (pure)."""

from collections.abc import Sequence
from datetime import datetime

from alerts.evidence import SHORT_DIGITS, Difference
from alerts.notification import Proof
from alerts.render_quote import clean_line
from alerts.render_words import counted, moment_in_words


def short(digest: str) -> str:
    """The beginning of a digest, enough to be told apart: `1a2b3c4d5e6f…`."""
    return f"{digest[:SHORT_DIGITS]}…"


def proof_in_words(proof: Proof) -> str:
    """`sha256 1a2b3c4d5e6f…, taken 2025-06-28 09:14 UTC`."""
    return f"sha256 {short(proof.digest)}, taken {moment_in_words(proof.taken_at)}"


def since_in_words(proof: Proof) -> str | None:
    """`2 of 9 articles were edited after the alert, 1 was deleted`; None where nothing happened."""
    told = []
    if proof.edited:
        told.append(f"{_were(proof.edited)} edited")
    if proof.deleted:
        told.append(f"{_were(proof.deleted)} deleted")
    if not told:
        return None
    first, *rest = told
    number, _, done = first.partition(" ")
    of = f"{number} of {counted(proof.articles, 'article')} {done} after the alert"
    return ", ".join((of, *rest))


def difference_in_words(difference: Difference) -> str:
    """One sentence about one article, which it names by newsroom and headline."""
    article = difference.article
    name = f"{clean_line(article.newsroom, 60)}, “{clean_line(article.title) or article.url}”"
    match difference.kind:
        case "unchanged":
            return f"{name}: unchanged."
        case "missing":
            return f"{name}: is not stored any more."
        case "deleted":
            return f"{name}: its page was deleted (noticed {_when(difference.at)})."
        case "merged":
            now = f"{name}: is {difference.url} now{_headline(difference)}"
            return f"{now}; {_stand(difference.stand)}."
        case "read":
            said = f"{name}: its page was read after the alert{_headline(difference)}"
            return f"{said}; {_stand(difference.stand)}."
        case "edited":
            said = f"{name}: edited (noticed {_when(difference.at)}){_headline(difference)}"
            return f"{said}; {_stand(difference.stand)}."


def tally(differences: Sequence[Difference]) -> tuple[int, int]:
    """How many articles were edited, and how many deleted; what is not stored any more counts as
    neither."""
    edited = {one.article.key for one in differences if one.kind == "edited"}
    deleted = {one.article.key for one in differences if one.kind == "deleted"}
    return len(edited), len(deleted)


def _headline(difference: Difference) -> str:
    if not difference.retitled:
        return ""
    return f"; its headline is “{clean_line(difference.title or '')}” now"


def _stand(stand: Sequence[bool]) -> str:
    if not stand:
        return "no sentence of it was quoted"
    if all(stand):
        return "what was quoted still stands in it"
    if not any(stand):
        return "what was quoted is not in it any more"
    gone = stand.count(False)
    are = "is" if gone == 1 else "are"
    return f"{gone} of the {len(stand)} quoted sentences {are} not in it any more"


def _when(moment: datetime | None) -> str:
    return moment_in_words(moment) if moment else "at an unknown time"


def _were(number: int) -> str:
    return f"{number} {'was' if number == 1 else 'were'}"
