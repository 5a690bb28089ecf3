"""crossing on a simulated clock: to the other side's press, and from the fringe to a ministry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from harness.rule_world import DAY, HOUR, RuleWorld, fired, held

from alerts.rules import Rule, parse_where, reasons

ORIGIN = datetime(2025, 6, 1, tzinfo=UTC)
RAID = datetime(2025, 6, 27, 6, 10, tzinfo=UTC)
TAKEN_UP = RAID + timedelta(hours=3, minutes=20)
SOON = TAKEN_UP + timedelta(minutes=5)
BAKU, MOSCOW = parse_where({"side": "AZE"}), parse_where({"side": "RUS"})
FRINGE = parse_where({"stance": ["independent", "exile"]})
OFFICIAL = parse_where({"stance": "official"})
GRAVE = parse_where({"direction": "escalatory", "severity": ">=3"})


def crossing(**keys: object) -> Rule:
    settings: dict[str, object] = {
        "id": "to-moscow", "kind": "crossing", "where": GRAVE, "window": 3 * DAY,
        "from_where": BAKU, "to_where": MOSCOW, **keys,
    }  # fmt: skip
    return Rule(**settings)  # type: ignore[arg-type]  # test shorthand


def watched() -> RuleWorld:
    return RuleWorld(ORIGIN).watched(SOON + 10 * DAY)


def taken_up() -> RuleWorld:
    """APA has it first; Kommersant three hours and twenty minutes later."""
    return watched().report(RAID, "raid", "apa").report(TAKEN_UP, "raid", "kommersant")


def test_a_story_that_crosses_fires_and_says_how_long_it_took() -> None:
    rule = crossing(sides=("Azerbaijan's press", "Russia's press"))
    finding = fired(taken_up().look(rule, SOON))
    assert finding.said == "From Azerbaijan's press to Russia's press in 3 h 20 min."
    assert (finding.count, finding.newsroom_ids) == (1, ("apa", "kommersant"))
    assert finding.story_ids == ("raid",) and finding.expected is None and finding.upper is None
    assert len(finding.article_ids) == 2 and not finding.without_largest


def test_without_names_it_says_what_its_author_wrote() -> None:
    said = fired(taken_up().look(crossing(), SOON)).said
    assert said == "From the press of AZE to the press of RUS in 3 h 20 min."


def test_the_other_way_is_another_rule() -> None:
    rule = crossing(from_where=MOSCOW, to_where=BAKU)
    held(taken_up().look(rule, SOON), reasons.NOT_CROSSED)


def test_what_one_side_alone_tells_has_not_crossed() -> None:
    world = watched().report(RAID, "raid", "apa").report(RAID + HOUR, "raid", "trend")
    held(world.look(crossing(), SOON), reasons.NOT_CROSSED)
    held(watched().look(crossing(), SOON), reasons.NOT_CROSSED)


def test_two_stories_of_which_each_side_has_one_have_not_crossed() -> None:
    world = watched().report(RAID, "raid", "apa").report(TAKEN_UP, "another", "kommersant")
    held(world.look(crossing(), SOON), reasons.NOT_CROSSED)


def test_from_the_fringe_to_an_official_body() -> None:
    world = (
        watched().report(RAID, "raid", "meduza").report(RAID + 2 * DAY + 4 * HOUR, "raid", "tass")
    )
    rule = crossing(from_where=FRINGE, to_where=OFFICIAL)
    held(world.look(rule, RAID + 2 * DAY + 5 * HOUR), reasons.NOT_CROSSED)
    arrived = RAID + 2 * DAY + 5 * HOUR
    world.report(arrived, "raid", "mid-ru")
    finding = fired(world.look(rule, arrived + HOUR))
    assert (
        finding.said == "From the press of exile, independent to the press of official in 2 d 5 h."
    )
    assert finding.newsrooms == 3


def test_what_an_official_body_said_first_does_not_come_from_the_fringe() -> None:
    world = watched().report(RAID, "raid", "mfa-az").report(RAID + HOUR, "raid", "meduza")
    world.report(TAKEN_UP, "raid", "mid-ru")
    rule = crossing(from_where=FRINGE, to_where=OFFICIAL)
    held(world.look(rule, SOON), reasons.NOT_CROSSED)


def test_a_newsroom_does_not_cross_to_itself() -> None:
    world = watched().report(RAID, "raid", "apa", language="az")
    world.report(TAKEN_UP, "raid", "apa", language="ru")
    rule = crossing(
        from_where=parse_where({"language": "az"}), to_where=parse_where({"language": "ru"}),
        min_newsrooms=1,
    )  # fmt: skip
    held(world.look(rule, SOON), reasons.NOT_CROSSED)
    fired(world.report(TAKEN_UP, "raid", "trend", language="ru").look(rule, SOON))


def test_it_takes_its_window_at_most() -> None:
    held(taken_up().look(crossing(window=3 * HOUR), SOON), reasons.NOT_CROSSED)
    fired(taken_up().look(crossing(window=4 * HOUR), SOON))


def test_an_arrival_is_news_for_two_days() -> None:
    fired(taken_up().look(crossing(), TAKEN_UP + 47 * HOUR))
    held(taken_up().look(crossing(), TAKEN_UP + 49 * HOUR), reasons.NOT_CROSSED)


def test_only_stories_that_matter() -> None:
    world = watched().report(RAID, "visit", "apa", severity=0, direction="neutral")
    world.report(TAKEN_UP, "visit", "tass", severity=0, direction="neutral")
    held(world.look(crossing(), SOON), reasons.NOT_CROSSED)


def test_so_many_newsrooms_must_tell_it() -> None:
    world = taken_up()
    detail = held(world.look(crossing(min_newsrooms=3), SOON), reasons.FEW_NEWSROOMS).detail
    assert detail == "1 stories crossed, told by 2 newsrooms at most; the rule asks for 3."
    finding = fired(world.report(TAKEN_UP, "raid", "bbc").look(crossing(min_newsrooms=3), SOON))
    assert finding.newsroom_ids == ("apa", "bbc", "kommersant")


def test_so_many_stories_must_cross() -> None:
    world = taken_up()
    assert "limit is 2" in held(world.look(crossing(at_least=2), SOON), reasons.BELOW).detail
    world.report(RAID, "search", "trend").report(TAKEN_UP, "search", "tass")
    finding = fired(world.look(crossing(at_least=2), SOON))
    assert finding.count == 2 and not finding.without_largest


def test_it_says_whether_it_would_fire_without_its_largest_newsroom() -> None:
    world = taken_up().report(RAID, "search", "trend").report(TAKEN_UP, "search", "tass")
    assert fired(world.look(crossing(), SOON)).without_largest


def test_what_arrived_late_or_from_history_wakes_nobody() -> None:
    world = watched().report(RAID, "raid", "apa")
    world.report(TAKEN_UP, "raid", "kommersant", fires=False)
    assert "1 stories" in held(world.look(crossing(), SOON), reasons.LATE).detail


def test_one_newsrooms_flood_does_not_cross() -> None:
    world = watched()
    for i in range(300):
        world.report(RAID + timedelta(seconds=i), f"flood-{i}", "apa")
    held(world.look(crossing(), SOON), reasons.NOT_CROSSED)
