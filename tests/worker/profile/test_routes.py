"""What a route of routes.yaml comes to."""

from datetime import UTC, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.channels.slack_app import SlackAppChannel
from alerts.pipeline import DEFAULT_TELL, DigestTimes, MuteTime, Step
from worker.profile.loader import load_profile

MINUTE = timedelta(minutes=1)
BAKU = ZoneInfo("Asia/Baku")


def with_key(bench: Any, key: str) -> Any:
    """The first route, with this key besides."""
    bench.change("routes.yaml", "repeat_every: 12h", key)
    return bench.load().routes[0]


def test_a_route_tells_seldom_unless_it_says_otherwise(bench: Any) -> None:
    route = bench.load().routes[0]
    assert route.tell == DEFAULT_TELL == {"opened", "escalated", "resolved"}
    assert (route.mute_times, route.escalate, route.digest) == ((), (), None)


def test_a_route_may_name_its_changes(bench: Any) -> None:
    assert with_key(bench, "tell: opened").tell == {"opened"}


@pytest.mark.parametrize(
    ("written", "muted"),
    [
        ("{days: [Saturday, sun]}", MuteTime(frozenset({5, 6}), time(0), time(0), UTC)),
        ("[{from: 18:00, until: '08:00', zone: Asia/Baku}]",
         MuteTime(frozenset(range(7)), time(18), time(8), BAKU)),
    ],
)  # fmt: skip
def test_mute_times_are_one_or_a_list(bench: Any, written: str, muted: MuteTime) -> None:
    assert with_key(bench, f"mute_times: {written}").mute_times == (muted,)


@pytest.mark.parametrize(
    ("written", "times"),
    [
        ("day", DigestTimes("day", time(7), UTC)),
        ("week", DigestTimes("week", time(7), UTC, 0)),
        ("{every: week, weekday: friday, at: 06:30, zone: Asia/Baku}",
         DigestTimes("week", time(6, 30), BAKU, 4)),
    ],
)  # fmt: skip
def test_a_digest_has_its_time(bench: Any, written: str, times: DigestTimes) -> None:
    assert with_key(bench, f"digest: {written}").digest == times


def test_the_next_persons_are_one_step_or_several(bench: Any) -> None:
    one = with_key(bench, "escalate: {after: 15m, channels: [room]}")
    assert one.escalate == (Step(15 * MINUTE, ("room",)),)
    bench.change(
        "routes.yaml", "{after: 15m, channels: [room]}",
        "[{after: 15m, channels: room}, {after: 1h, channels: [desk, room, desk]}]",
    )  # fmt: skip
    several = bench.load().routes[0]
    assert several.escalate[1] == Step(60 * MINUTE, ("desk", "room"))


def test_a_step_to_a_channel_that_is_off_is_left_out(bench: Any) -> None:
    bench.change("routes.yaml", "url: ${ROOM_URL}", "url: ${ROOM_URL}\n    when_set: [ROOM_URL]")
    bench.environ = {}
    route = with_key(bench, "escalate: {after: 15m, channels: [room]}")
    assert (route.channels, route.escalate) == (("desk",), ())


@pytest.mark.parametrize("name", ["russia_azerbaijan", "armenia_turkey"])
def test_a_bundled_profile_speaks_to_slack_by_an_app_where_there_is_one(name: str) -> None:
    told = {"DYADWATCH_SLACK_TOKEN": "xoxb-1-hush", "DYADWATCH_SLACK_CHANNEL": "#desk"}
    profile = load_profile(name, told)
    (channel,) = profile.channels.values()
    assert isinstance(channel, SlackAppChannel) and channel.recipient == "#desk in Slack"
    assert "hush" not in repr(channel)
    assert profile.routes[0].group_wait <= timedelta(seconds=2)
