"""Durations as people write them."""

from datetime import timedelta

import pytest

from worker.profile.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"), [("0s", 0), ("5s", 5), ("10m", 600), ("2h", 7200), ("30d", 2_592_000)]
)
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("10 minutes", "write 10m."),
        ("2 Hours", "write 2h."),
        ("90", "write 90s, 90m, 90h or 90d."),
        ("1h30m", "such as 5s, 10m, 2h or 30d."),
        ("-5m", "such as 5s, 10m, 2h or 30d."),
        ("", "such as 5s, 10m, 2h or 30d."),
        ("٥m", "such as 5s, 10m, 2h or 30d."),
        ("99999d", "longer than ten years; write a shorter one."),
    ],
)
def test_anything_else_is_told_how_to_be_written(text: str, remedy: str) -> None:
    with pytest.raises(ValueError, match="write") as caught:
        parse_duration(text)
    assert str(caught.value).endswith(remedy)
