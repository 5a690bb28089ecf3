"""The baseline: what it promises of every series, whatever its size."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alerts
from alerts.baseline import DEFAULT_FALSE_ALARMS, Baseline, detect, follow, threshold, update_all

BUCKETS = ["week", "day", "hour", "15min"]
ALARM = 3.0


def hours(days: int, mean: float, seed: int = 0) -> np.ndarray:
    """Counts by hour with day and night and a quiet weekend."""
    t = np.arange(days * 24)
    season = np.exp(0.7 * np.cos(2 * np.pi * (t % 24 / 24 - 0.58))) * np.where(
        t // 24 % 7 > 4, 0.7, 1
    )
    return np.random.default_rng(seed).poisson(mean * season / season.mean())


@settings(max_examples=25, deadline=None)
@given(
    counts=st.lists(st.integers(0, 30), min_size=2, max_size=60),
    bucket=st.sampled_from(BUCKETS),
    cut=st.integers(1, 60),
    exposed=st.booleans(),
)
def test_no_score_knows_the_future(counts: list[int], bucket: str, cut: int, exposed: bool) -> None:
    exposure = [float(n % 3 * 50) for n in counts] if exposed else None
    whole = detect(counts, bucket, exposure)
    part = detect(counts[:cut], bucket, None if exposure is None else exposure[:cut])
    assert np.array_equal(whole[:cut], part)


@pytest.mark.parametrize("bucket", BUCKETS)
def test_detect_and_update_are_the_same(bucket: str) -> None:
    counts = hours(10, 2.0)
    exposure = np.where(np.arange(240) % 50 < 3, 0.0, 80.0)
    baseline = Baseline(bucket)
    one_by_one = [baseline.update(int(n), float(e)) for n, e in zip(counts, exposure, strict=True)]
    assert np.array_equal(detect(counts, bucket, exposure), one_by_one)


@pytest.mark.parametrize("mean", [0.02, 0.3, 5.0, 5000.0])
def test_a_quiet_month_then_a_burst_scores_at_once(mean: float) -> None:
    counts = hours(35, mean, seed=2)
    counts[30 * 24 + 9] = counts[30 * 24 + 9] + 5 + 2 * mean
    scores = detect(counts, "hour")
    assert scores[30 * 24 + 9] > ALARM
    assert scores[14 * 24 : 30 * 24].max() < 4.5
    assert np.isfinite(scores).all() and (scores >= 0).all()


@pytest.mark.parametrize("bucket", ["hour", "day"])
@pytest.mark.parametrize("mean", [0.05, 1.0, 200.0])
def test_scores_are_probabilities(bucket: str, mean: float) -> None:
    """Of quiet buckets, a share of at most about x has a probability below x."""
    rng = np.random.default_rng(3)
    scores = np.concatenate(
        [detect(rng.negative_binomial(mean / 0.6, 1 / 1.6, 500), bucket)[100:] for _ in range(3)]
    )
    assert (scores > 1).mean() < 0.15
    assert (scores > 2).mean() < 0.02
    assert (scores > 3).mean() < 0.005


def test_an_unobserved_bucket_never_scores_and_teaches_nothing() -> None:
    counts = hours(30, 5.0)
    exposure = np.ones(len(counts))
    exposure[500:560] = 0.0
    zeroed, wild = counts.copy(), counts.copy()
    zeroed[500:560], wild[500:560] = 0, 10_000
    assert np.array_equal(detect(zeroed, "hour", exposure), detect(wild, "hour", exposure))
    assert detect(wild, "hour", exposure)[500:560].max() == 0.0


def test_an_exposure_that_doubles_explains_a_count_that_doubles() -> None:
    counts = hours(30, 20.0, seed=5)
    counts[600:] *= 2
    exposure = np.where(np.arange(len(counts)) < 600, 400.0, 800.0)
    assert detect(counts, "hour", exposure)[600:].max() < ALARM < detect(counts, "hour")[600:].max()


def test_yesterdays_crisis_does_not_raise_todays_bar() -> None:
    calm, shaken = Baseline("hour"), Baseline("hour")
    for i, count in enumerate(hours(30, 2.0, seed=6)):
        calm.update(int(count))
        shaken.update(int(count) + (40 if 28 * 24 < i <= 28 * 24 + 5 else 0))
    before, after = calm.peek(), shaken.peek()
    assert after.expected() < 1.3 * before.expected()
    bar, raised = before.upper(1, ALARM), after.upper(1, ALARM)
    assert bar is not None and raised is not None
    assert raised <= 1.5 * bar


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_crisis_that_grows_in_a_sparse_series_does_not_raise_its_own_limit(seed: int) -> None:
    """Ten articles in 25 days, then 2, 4, 8 and more: reported from the second hour on."""
    counts = np.zeros(600, dtype=int)
    counts[np.random.default_rng(seed).choice(600, 10, replace=False)] = 1
    baseline = Baseline("hour", shares=True)
    for count in counts:
        baseline.update(int(count), 1.0)
    limit = threshold("hour", DEFAULT_FALSE_ALARMS)
    before = baseline.peek(1.0).upper(4, limit)
    scores = [baseline.update(count, 1.0) for count in (2, 2, 4, 2, 3, 4, 3, 1)]
    after = baseline.peek(1.0).upper(4, limit)
    assert min(scores[1:]) > limit
    assert before is not None and after is not None
    assert after <= 2.5 * before


def test_reprints_are_learned_as_clumps() -> None:
    """Reports that are reprinted by many at once, month after month, are no alarms in the end."""
    rng = np.random.default_rng(12)
    reports = rng.random(60 * 24) < 0.02
    counts = np.where(reports, rng.poisson(6.0, 60 * 24), 0)
    scores = detect(counts, "hour")
    limit = threshold("hour", DEFAULT_FALSE_ALARMS)
    assert (scores[40 * 24 :] >= limit).mean() < 0.01


def test_a_volume_that_holds_the_topic_does_not_hide_its_burst() -> None:
    rng = np.random.default_rng(14)
    others = rng.poisson(60.0, 200)
    counts = rng.poisson(20.0, 200)
    counts[190:192] = 45
    scores = detect(counts, "day", others + counts)
    assert scores[190:192].max() > ALARM > scores[60:190].max()


def test_a_volume_that_leaves_the_topic_out_is_taken_as_it_is() -> None:
    """A topic larger than its exposure is no part of it: nothing is taken out."""
    counts = hours(35, 80.0, seed=14)
    assert detect(counts, "hour", np.full(len(counts), 30.0))[14 * 24 :].max() < 4.5


def test_a_new_normal_is_accepted() -> None:
    counts = np.concatenate([hours(28, 2.0), hours(21, 10.0, seed=1)])
    scores = detect(counts, "hour")
    assert scores[28 * 24 : 29 * 24].max() > ALARM
    assert scores[-7 * 24 :].max() < 4.0


def test_all_zeros_then_a_handful() -> None:
    assert detect([0] * 720 + [5], "hour")[-1] > threshold("hour", 12)
    assert detect([0] * 720 + [1], "hour")[-1] < threshold("hour", 12)


def test_a_cold_start_has_wide_limits_and_says_so() -> None:
    baseline = Baseline("hour")
    assert not baseline.peek().observed
    for _ in range(8):
        baseline.update(2)
    young = baseline.peek()
    for _ in range(30 * 24):
        baseline.update(2)
    old = baseline.peek()
    assert young.provisional and not old.provisional
    wide, narrow = young.upper(1, ALARM), old.upper(1, ALARM)
    assert wide is not None and narrow is not None and wide > narrow


def test_a_peek_learns_nothing() -> None:
    one, other = Baseline("hour"), Baseline("hour")
    for count in hours(10, 1.0):
        one.peek().upper(6, ALARM)
        assert one.update(int(count)) == other.update(int(count))


def test_a_peek_says_what_update_will_score() -> None:
    baseline = Baseline("hour")
    for count in hours(20, 1.0):
        baseline.update(int(count))
    outlook = baseline.peek()
    said = max(outlook.score(w, outlook.past(w) + 7) for w in baseline.windows)
    assert baseline.update(7) == pytest.approx(said)


def test_upper_is_the_smallest_total_that_reaches_the_limit() -> None:
    baseline = Baseline("hour")
    for count in hours(20, 3.0):
        baseline.update(int(count))
    outlook = baseline.peek()
    for window in (1, 3, 6, 24, 48):
        upper = outlook.upper(window, ALARM)
        assert upper is not None
        assert outlook.score(window, upper) >= ALARM > outlook.score(window, upper - 1)


@pytest.mark.parametrize("bucket", [*BUCKETS, "30min", "360min"])
def test_a_stored_state_answers_exactly_the_same(bucket: str) -> None:
    original = Baseline(bucket, start=datetime(2026, 6, 3, 6, tzinfo=UTC))
    for i, count in enumerate(hours(9, 2.0)):
        original.update(int(count), 100.0 * (i % 40 > 2))
    twins = [Baseline.from_state(original.state()), original.copy()]
    for count in hours(3, 3.0):
        expected = original.update(int(count), 90.0)
        assert [twin.update(int(count), 90.0) for twin in twins] == [expected, expected]
    assert twins[0].state() == twins[1].state() == original.state()
    assert original.memory.nbytes < 5_000


OLDER = b64encode(b"\x01\x00" + b64decode(Baseline("day").state())[2:]).decode()


@pytest.mark.parametrize("broken", ["", "AAAA", "not base64", Baseline("day").state()[:-12], OLDER])
def test_a_state_of_another_format_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match="another format"):
        Baseline.from_state(broken)


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    rng = np.random.default_rng(1)
    many = [Baseline(bucket, start=slot, shares=True) for bucket in BUCKETS for slot in (0, 5)]
    alone = [baseline.copy() for baseline in many]
    counts = [rng.poisson(2.0, 30) for _ in many]
    shares = [rng.choice([0.0, 0.5, 1.0], 30) for _ in many]
    update_all(many, counts, shares)
    for baseline, column, exposure in zip(alone, counts, shares, strict=True):
        for count, share in zip(column, exposure, strict=True):
            baseline.update(int(count), float(share))
    for one, other in zip(many, alone, strict=True):
        assert one.peek(1.0).expected() == pytest.approx(other.peek(1.0).expected())
        assert one.update(9, 1.0) == pytest.approx(other.update(9, 1.0))


def test_the_season_follows_the_start() -> None:
    monday = Baseline("hour", start=datetime(2026, 6, 1, tzinfo=UTC))
    saturday = Baseline("hour", start=datetime(2026, 6, 6, tzinfo=UTC))
    counts = hours(35, 4.0)
    for i, count in enumerate(counts[:-120]):
        monday.update(int(count))
        if i >= 120:
            saturday.update(int(count))
    assert monday.peek().expected() == pytest.approx(saturday.peek().expected(), rel=0.3)


@pytest.mark.parametrize(
    ("counts", "exposure", "says"),
    [
        ([1, -1], None, "at least 0"),
        ([1.0, float("nan")], None, "at least 0"),
        ([1, 2], [1.0], "exposure has 1 buckets"),
        ([[1, 2]], None, "list of numbers"),
    ],
)
def test_bad_counts_are_refused_in_words(
    counts: list[float], exposure: list[float] | None, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        detect(counts, "hour", exposure)


@pytest.mark.parametrize("bucket", ["month", "7min", "0min", "min", ""])
def test_an_unknown_bucket_names_the_known_ones(bucket: str) -> None:
    with pytest.raises(ValueError, match="week, day, hour, 15min"):
        Baseline(bucket)


@pytest.mark.parametrize("bucket", [*BUCKETS, "5min", "120min"])
def test_fewer_false_alarms_take_a_higher_score(bucket: str) -> None:
    limits = [threshold(bucket, rate) for rate in (500, 52, 12, 4, 1, 0.1, 0.01)]
    assert limits == sorted(limits) and limits[0] > 0
    with pytest.raises(ValueError, match="positive number"):
        threshold(bucket, 0)


@settings(max_examples=25, deadline=None)
@given(
    past=st.lists(st.integers(0, 30), min_size=1, max_size=40),
    futures=st.lists(st.lists(st.integers(0, 3000), max_size=20), min_size=2, max_size=2),
    bucket=st.sampled_from(BUCKETS),
)
def test_another_future_changes_no_past_score(
    past: list[int], futures: list[list[int]], bucket: str
) -> None:
    one, other = (detect([*past, *future], bucket)[: len(past)] for future in futures)
    assert np.array_equal(one, other)


def test_silence_scores_what_is_missing() -> None:
    baseline = Baseline("hour")
    for count in hours(35, 20.0, seed=8):
        baseline.update(int(count))
    assert baseline.silence < ALARM
    for _ in range(3):
        assert baseline.update(0) == 0.0
    assert baseline.silence > ALARM


@pytest.mark.parametrize("mean", [0.2, 5.0, 800.0])
def test_lower_is_the_largest_total_that_is_surprisingly_low(mean: float) -> None:
    baseline = Baseline("hour")
    for count in hours(35, mean, seed=9):
        baseline.update(int(count))
    outlook = baseline.peek()
    for window in (1, 8, 24, 48):
        lower = outlook.lower(window, ALARM)
        if lower is None:
            assert outlook.silence(window, 0) < ALARM
        else:
            assert outlook.silence(window, lower) >= ALARM > outlook.silence(window, lower + 1)


@pytest.mark.parametrize("mean", [0.2, 5.0, 800.0])
def test_what_is_usual_is_nine_tenths(mean: float) -> None:
    baseline = Baseline("hour")
    for count in hours(35, mean, seed=10):
        baseline.update(int(count))
    outlook = baseline.peek()
    for window in (1, 8, 24):
        least, most = outlook.usual(window)
        assert least <= outlook.expected(window) <= most + 1
        below, above = least - 1, most + 1
        assert outlook.probability_below(window, below) <= 0.05 or least == 0
        assert outlook.probability(window, above) <= 0.05
    assert outlook.probability(8, 3) + outlook.probability_below(8, 2) == pytest.approx(1.0)


def test_a_lesson_of_nought_is_compared_and_not_learned() -> None:
    taught, spared = Baseline("hour", shares=True), Baseline("hour", shares=True)
    for count in hours(20, 3.0):
        taught.update(int(count), 1.0)
        spared.update(int(count), 1.0)
    assert taught.update(40, 1.0) == spared.update(40, 1.0, 0.0) > ALARM
    for _ in range(12):
        taught.update(3, 1.0)
        spared.update(3, 1.0)
    assert spared.peek(1.0).expected() < taught.peek(1.0).expected()


def test_following_is_peeking_and_updating() -> None:
    counts = hours(12, 2.0, seed=11)
    one, other = Baseline("hour"), Baseline("hour")
    said = follow(one, counts, np.ones(len(counts)), ALARM)
    for at, count in enumerate(counts):
        outlook = other.peek()
        assert said.expected[at] == pytest.approx(outlook.expected())
        upper = outlook.upper_of_bucket(ALARM)
        assert said.uppers[at] == (np.inf if upper is None else upper)
        assert said.scores[at] == other.update(int(count))


def test_the_arithmetic_works_where_nothing_can_be_written(tmp_path: Path) -> None:
    """No directory for what is compiled: the answers are the same, only later."""
    package = tmp_path / "readonly"
    shutil.copytree(Path(alerts.__file__).parent, package / "alerts")
    for kept in package.rglob("__pycache__"):
        shutil.rmtree(kept)
        kept.touch()  # a file in the place of the directory
    code = "from alerts.baseline import detect; print(detect([1, 2, 1, 9], 'day').tolist())"
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=package, env={"HOME": os.devnull, "PYTHONPATH": str(package)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == str(detect([1, 2, 1, 9], "day").tolist())
