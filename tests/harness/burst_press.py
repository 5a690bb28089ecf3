"""Bursts for stopwatches: many small ones, each of its own rule and its own recipient.

A burst is one happening that two newsrooms report, in words of their own. Newsrooms come in pairs,
and each pair is used once for every category: so that of many bursts each fires one rule.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from worker.demo.script import DemoArticle, Newsroom, Release, marked

PLACES = ("Perm", "Samara", "Tver", "Kazan", "Omsk", "Tula", "Ufa", "Orel", "Kursk", "Penza")
THINGS = (
    "dried apricots", "a bus depot", "an ice rink", "a printing house", "a rose nursery",
    "a brick works", "a river ferry", "a seed bank", "a dye factory", "a music school",
)  # fmt: skip

#: By category, how each newsroom of a pair tells it: headline, then text.
TELLINGS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "detention_or_raid": (
        (
            "Russian police detain {n} citizens of Azerbaijan in {place}",
            "Russian police detained {n} citizens of Azerbaijan in {place} on Friday after they "
            "had searched {thing}.",
        ),
        (
            "{n} Azerbaijanis arrested in Russia's {place}",
            "Investigators in {place}, Russia, arrested {n} Azerbaijanis; officers stood at the "
            "doors of {thing} until noon.",
        ),
    ),
    "diplomatic_protest": (
        (
            "Azerbaijan summons the Russian ambassador over {thing}",
            "Azerbaijan summoned the Russian ambassador on Friday and handed him a note of "
            "protest over {thing} in {place}.",
        ),
        (
            "Baku hands Russia's envoy a protest note about {place}",
            "Russia's ambassador was summoned to the foreign ministry of Azerbaijan, where a "
            "protest note about {thing} waited for him.",
        ),
    ),
    "media_restriction": (
        (
            "Azerbaijan suspends the broadcaster Sputnik over {thing}",
            "Azerbaijan suspended the work of the Russian state broadcaster Sputnik in Baku on "
            "Friday, after a programme on {thing} in {place}.",
        ),
        (
            "Baku revokes accreditation of Russian agency Sputnik",
            "The accreditation of {n} journalists of the Russian agency Sputnik was revoked by "
            "Azerbaijan; they had reported from {place} on {thing}.",
        ),
    ),
    "sanction_or_trade_restriction": (
        (
            "Russia bans imports of {thing} from Azerbaijan",
            "Russia banned imports from Azerbaijan on Friday; the ban covers {n} producers and "
            "began with {thing}, as traders in {place} said.",
        ),
        (
            "Moscow restricts imports of Azerbaijani goods",
            "Imports of Azerbaijani goods are banned by Russia from today; wholesalers in "
            "{place} wait for {n} deliveries meant for {thing}.",
        ),
    ),
    "cancellation_or_suspension": (
        (
            "Azerbaijan cancels the visit of a Russian minister over {thing}",
            "Azerbaijan cancelled a planned visit of a Russian deputy prime minister on Friday, "
            "for which {n} meetings had been prepared near {thing}.",
        ),
        (
            "Russian deputy prime minister's visit to Baku is cancelled",
            "A visit of Russia's deputy prime minister to Azerbaijan was cancelled by Baku, {n} "
            "days before it; nobody in {place} had heard of {thing} before.",
        ),
    ),
}
PAIRS = len(PLACES)


@dataclass(frozen=True, slots=True)
class SmallBurst:
    """One happening of one category, as the two newsrooms of a pair tell it. `bare`: their feeds
    give little more than headlines, so that their pages have to be read."""

    number: int
    category: str
    pair: int
    bare: bool

    @property
    def rule(self) -> str:
        return f"burst-{self.number}"

    @property
    def recipient(self) -> str:
        return f"desk-{self.number}@desk.example"

    def newsrooms(self) -> tuple[str, str]:
        return f"paper-{self.pair}a", f"paper-{self.pair}b"

    def releases(self, moment: datetime) -> list[Release]:
        """Both reports, to be seen from `moment` on."""
        return [
            Release(self._article(newsroom, headline, text), moment, moment)
            for newsroom, (headline, text) in zip(
                self.newsrooms(), TELLINGS[self.category], strict=True
            )
        ]

    def _article(self, newsroom: str, headline: str, text: str) -> DemoArticle:
        words = {
            "n": self.number + 2,
            "place": PLACES[self.pair],
            "thing": THINGS[self.number % 10],
        }
        told = text.format(**words)
        paragraphs = (told, filler(newsroom, self.number))
        if self.bare:
            paragraphs = ("More follows.", "By our desk.", *paragraphs)
        return DemoArticle(
            f"{newsroom}-{self.number}", newsroom, "en", headline.format(**words),
            marked(paragraphs, "en") if not self.bare else (*paragraphs, ""),
        )  # fmt: skip


def bursts(count: int) -> list[SmallBurst]:
    """So many bursts, at most `PAIRS` times the categories; every second one is bare."""
    chosen = list(product(TELLINGS, range(PAIRS)))
    if count > len(chosen):
        raise ValueError(f"There are {len(chosen)} bursts; ask for no more.")
    return [SmallBurst(n, *chosen[n], bare=bool(n % 2)) for n in range(count)]


def papers(used: Sequence[SmallBurst]) -> list[Newsroom]:
    """The newsrooms of these bursts, of one side and the other by turns."""
    ids = dict.fromkeys(id for burst in used for id in burst.newsrooms())
    return [
        Newsroom(id, id.capitalize(), "AZ" if n % 2 else "RU", "independent", ("en",), "rss")
        for n, id in enumerate(ids)
    ]


def filler(newsroom: str, number: int) -> str:
    """Four sentences that nobody else has written, and that say nothing."""
    dice = random.Random(f"{newsroom} {number}")
    syllables = ("ba", "do", "ki", "lu", "me", "no", "pa", "ri", "so", "tu", "va", "ze")

    def word() -> str:
        return "".join(dice.choices(syllables, k=dice.randint(2, 4)))

    return " ".join(
        " ".join(word() for _ in range(dice.randint(6, 12))).capitalize() + "." for _ in range(4)
    )
