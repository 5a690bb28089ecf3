"""Listings take the options that the contract gives them, on an installation without history."""

from harness.service import Dyadwatch


def test_sources_are_found_by_part_of_their_name_or_address(installation: Dyadwatch) -> None:
    everything = installation.rows("sources")
    newsroom = everything[0]["newsroom"]
    found = installation.rows("sources", "--query", newsroom.upper())
    names = {row["id"] for row in found}
    assert everything[0]["id"] in names and len(names) < len(everything)
    assert installation.rows("sources", "--since", "30d") == [], "none was ever polled"


def test_episodes_take_time_and_query(installation: Dyadwatch) -> None:
    wanted = ("--since", "2025-06-28", "--until", "2025-06-29", "--query", "escalation")
    assert installation.rows("episodes", *wanted) == []
