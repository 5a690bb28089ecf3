"""Listings take the options that the contract gives them, on an installation without history."""

from harness.service import Dyadwatch


def test_sources_are_found_by_part_of_their_name_or_address(installation: Dyadwatch) -> None:
    everything = installation.rows("sources")
    newsroom = everything[0]["newsroom"]
    found = installation.rows("sources", "--query", newsroom.upper())
    names = {row["id"] for row in found}
    assert everything[0]["id"] in names and len(names) < len(everything)
    assert installation.rows("sources", "--since", "30d") == [], "none was ever polled"


def test_sources_that_the_profile_leaves_out_say_so(installation: Dyadwatch) -> None:
    profile = installation.home / "mine"
    profile.mkdir()
    (profile / "profile.yaml").write_text(
        "name: mine\nextends: russia_azerbaijan\nleave_out: {sanctioned: [EU]}\n"
    )
    installation.environ["DYADWATCH_PROFILE"] = str(profile)
    left_out = [row for row in installation.rows("sources", "--all") if row["left_out"]]
    assert {row["why"] for row in left_out} == {"The profile leaves it out (sanctioned in EU)."}


def test_episodes_take_time_and_query(installation: Dyadwatch) -> None:
    wanted = ("--since", "2025-06-28", "--until", "2025-06-29", "--query", "escalation")
    assert installation.rows("episodes", *wanted) == []
