"""What a look at a source came to, and what to do about it: outcome → words (pure).

Nothing here helps a crawler to pass for a browser: who does not want it says 403, and is told so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from protego import Protego

from crawler.ports import PageOutcome, PollOutcome, RobotsAnswer
from crawler.source import Source

#: `partly`: its entries come, its pages do not.
State = Literal["works", "partly", "fails", "not reached"]
RobotsVerdict = Literal["allowed", "disallowed", "unreachable"]

#: A source that has been silent for so long has probably moved, or ended.
STALE = timedelta(days=60)

_BY_STATUS = {
    400: "It may dislike a crawler that says what it is. {another}",
    401: "{another}",
    402: "{another}",
    403: "It does not want this crawler, or this network. {another}",
    404: "Look at {site} for the address that took its place, and change the source's url.",
    406: "{another}",
    410: "Look at {site} for the address that took its place, and change the source's url.",
    418: "It does not want this crawler, or the address is written wrongly. {another}",
    429: "Give the source a longer `every`.",
    451: "The law forbids it there; mark the source as sanctioned, or switch it off.",
}
#: By what the crawler's own sentence says; the first that fits. What keeps us from a server shows
#: at its robots.txt already, so the causes come before that.
_BY_WORDS = (
    ("certificate", "Tell the outlet; the crawler does not go on without a valid certificate."),
    ("TLS", "Tell the outlet; the crawler does not go on without a sound connection."),
    ("DNS", "Check the spelling of the host and this machine's network; the outlet may be gone."),
    (
        "refused: ",
        "Only public addresses are asked; DYADWATCH_ALLOWED_PRIVATE_HOSTS may name a private one.",
    ),
    ("root is <urlset>", "It is a sitemap: write kind: sitemap."),
    ("root is <sitemapindex>", "It is a sitemap: write kind: sitemap."),
    ("refuses the query", "Change the words of the query in the source's url."),
    (
        "HTML",
        "Open {site} in a browser and look for the address of its feed, or poll a page that lists "
        "its articles as kind: listing.",
    ),
    ("preview", "The channel has turned its preview off; switch the source off."),
    ("redirects", "Open {url} in a browser, and write where it ends as the source's url."),
    (
        "connection",
        "It cannot be reached from this network; try another one, or another address of it.",
    ),
    (
        "robots.txt of",
        "Until its robots.txt can be read nothing may be asked there; look again in a few hours.",
    ),
    (
        "no complete answer",
        "Look again in a few hours; if it stays so, use another address of the outlet.",
    ),
)
_ANOTHER = (
    "Use another address of the outlet: its sitemap (kind: sitemap, url: {root}/robots.txt), its "
    "Telegram channel, or a news search."
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at a source brought; `outcome` is None where its turn did not come."""

    source: Source
    outcome: PollOutcome | None = None
    pages: tuple[PageOutcome, ...] = ()
    robots: RobotsAnswer | None = None

    @property
    def tried(self) -> int:
        """Pages that were asked for; one that another host has does not count."""
        return sum(page.verdict != "moved" for page in self.pages)

    @property
    def extracted(self) -> int:
        return sum(page.verdict == "read" for page in self.pages)

    @property
    def walls(self) -> int:
        return sum(page.verdict == "wall" for page in self.pages)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a source does: `says` is a sentence, `remedy` another, None where all is well."""

    state: State
    says: str
    remedy: str | None = None


def judge(looked: Looked, now: datetime) -> Judgement:
    """What the look at a source means for whoever keeps the profile."""
    outcome = looked.outcome
    if outcome is None:
        return Judgement("not reached", "The check ended before it was this source's turn.")
    if outcome.error is not None:
        return Judgement("fails", _sentence(outcome.error), _remedy(looked, outcome))
    if not outcome.entries:
        return Judgement("fails", "It answers, and lists no article.", _filled(looked, _BY_HTML))
    if outcome.newest is not None and now - outcome.newest > STALE:
        says = f"Its newest article is of {outcome.newest:%Y-%m-%d}."
        remedy = "Look at {site} whether it still publishes, and where; the address may be old."
        return Judgement("fails", says, _filled(looked, remedy))
    return _judge_pages(looked, outcome)


def robots_verdict(looked: Looked) -> RobotsVerdict | None:
    """What robots.txt says of the source's own address; None where it was not asked."""
    if looked.outcome is not None and looked.outcome.robots_denied:
        return "disallowed"
    if looked.robots is None:
        return None
    return "unreachable" if looked.robots.unreachable else "allowed"


def _judge_pages(looked: Looked, outcome: PollOutcome) -> Judgement:
    listed = f"It lists {outcome.entries} article{'s' * (outcome.entries != 1)}"
    if not looked.tried:
        return Judgement("works", f"{listed}.")
    shown = f"{looked.extracted} of {looked.tried} pages could be read"
    if looked.extracted:
        return Judgement("works", f"{listed}; {shown}.")
    first = next(page for page in looked.pages if page.verdict != "moved")
    why = (first.error or first.verdict).rstrip(".")
    if looked.walls:
        remedy = "What the source itself says of an article is all that there is without paying."
    elif first.verdict == "refused" or _is_barred(first):
        remedy = "Set `pages: false`; what the source says of an article is read all the same."
    elif first.verdict in ("failed", "gone"):
        remedy = "Open one of its pages in a browser; if it opens there, look again in a few hours."
    else:
        remedy = "Open one of its pages in a browser; an `article` selector may help."
    return Judgement("partly", f"{listed}; {shown}: {why}.", remedy)


def _is_barred(page: PageOutcome) -> bool:
    return any(f"(HTTP {status})" in (page.error or "") for status in (401, 402, 403, 451))


_BY_HTML = next(remedy for word, remedy in _BY_WORDS if word == "HTML")


def _remedy(looked: Looked, outcome: PollOutcome) -> str:
    if outcome.robots_denied:
        return _filled(looked, _instead_of_denied(looked))
    status = outcome.status or 0
    if status in _BY_STATUS:
        return _filled(looked, _BY_STATUS[status])
    if status >= 500:
        return "The fault is the server's; look again in a few hours."
    error = outcome.error or ""
    found = (remedy for word, remedy in _BY_WORDS if word.lower() in error.lower())
    return _filled(looked, next(found, "Open {url} in a browser and see what it answers."))


def _instead_of_denied(looked: Looked) -> str:
    rules = Protego.parse((looked.robots.text if looked.robots else None) or "")
    if named := next(iter(rules.sitemaps), None):
        return f"Use the sitemap that robots.txt names instead: kind: sitemap, url: {named}"
    return "Use another address of the outlet, or switch the source off."


def _filled(looked: Looked, remedy: str) -> str:
    parts = urlsplit(looked.source.url)
    root = f"{parts.scheme}://{parts.netloc}"
    for name, value in (
        ("{another}", _ANOTHER),
        ("{root}", root),
        ("{site}", f"{root}/"),
        ("{url}", looked.source.url),
    ):
        remedy = remedy.replace(name, value)
    return remedy


def _sentence(error: str) -> str:
    told = error.rstrip(".")
    return f"{told}." if told.startswith("robots.txt") else f"{told[:1].upper()}{told[1:]}."
