"""What people call a part of the press: what a crossing says of where a story came from."""

from alerts.rules import Where
from worker.countries import country_name

_STANCES = {
    "state": "state media",
    "pro_government": "media close to the government",
    "independent": "independent media",
    "exile": "media in exile",
    "international": "international media",
    "official": "official bodies",
}


def called(part: Where) -> str:
    """`Russia's press`, `official bodies`, `Azerbaijan's state media`, `apa or turan`."""
    newsrooms, stances = _listed(part, "newsroom"), _listed(part, "stance")
    sides, languages = _listed(part, "side"), _listed(part, "language")
    what = " or ".join(_STANCES.get(stance, stance) for stance in stances) or "press"
    if newsrooms:
        what = " or ".join(newsrooms)
    whose = " or ".join(_possessive(country_name(side)) for side in sides)
    tongue = f" in {' or '.join(languages)}" if languages else ""
    bare = "the press" if what == "press" else what
    return f"{whose} {what}{tongue}" if whose else f"{bare}{tongue}"


def _listed(part: Where, key: str) -> list[str]:
    return sorted(str(value) for value in part.values_of(key) or ())


def _possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"
