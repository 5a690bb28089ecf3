"""The picture of a back-test: written, the same for the same input, inert whatever a label says."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from harness.spring import SINCE, UNTIL, Said, alert, spike

from worker.backtest.canvas import PictureError, check_place
from worker.backtest.line import Line
from worker.backtest.picture import Band, Picture, draw, headline
from worker.backtest.scoring import Scored, score
from worker.backtest.truth import read_truth

HOSTILE = "Raid of $\\frac{1}{0}$ --> <script>alert(1)</script> & \x1b[31m\x00 _x_ ^y^ пятница"


def scored(said: list[Said], label: str = "Raid", since: datetime = SINCE) -> Scored:
    truth = read_truth(
        "start,end,label,direction\n"
        f'2025-03-14,2025-03-16,"{label}",escalatory\n'
        "2025-04-10,2025-04-10,Ban,escalatory\n",
        "t.csv",
    )
    rules = [spike("worse", direction="escalatory"), spike("better", direction="de_escalatory")]
    return score(said, rules, truth, since, UNTIL)


def picture(label: str = "Raid", since: datetime = SINCE) -> Picture:
    said = [
        alert("worse", "03-14T12:00"),
        alert("worse", "03-30T12:00"),
        alert("better", "05-01T09:00"),
    ]
    days = tuple(since.date() + timedelta(days=at) for at in range((UNTIL - since).days))
    counts = tuple(30 if day == date(2025, 3, 14) else day.day % 5 for day in days)
    usual = tuple(None if at < 7 else (0, 5) for at in range(len(days)))
    outage = datetime(2025, 4, 20, tzinfo=UTC), datetime(2025, 4, 22, tzinfo=UTC)
    band = Band("rules.yaml", scored(said, label, since), {"worse": f"{label} ($5)"})
    return Picture((band,), Line(days, counts, usual), (outage,))


@pytest.mark.parametrize(("suffix", "begins"), [(".png", b"\x89PNG"), (".svg", b"<?xml")])
def test_a_picture_is_written_and_the_same_for_the_same_input(
    tmp_path: Path, suffix: str, begins: bytes
) -> None:
    one, other = tmp_path / f"one{suffix}", tmp_path / f"other{suffix}"
    draw(one, picture())
    draw(other, picture())
    content = one.read_bytes()
    assert content.startswith(begins)
    assert content == other.read_bytes()
    draw(other, picture("Another raid"))
    assert content != other.read_bytes()


def test_another_process_draws_the_same(tmp_path: Path) -> None:
    """Neither the order of hashes nor the day of drawing comes into it."""
    drawn = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.svg"
        code = (
            "import sys; from pathlib import Path\n"
            "from worker.backtest.picture import Band, Picture, draw\n"
            "from harness.spring import SINCE, UNTIL, alert, spike\n"
            "from worker.backtest.scoring import score\n"
            "found = score([alert('worse', '03-14T12:00')], [spike('worse')], None, SINCE, UNTIL)\n"
            "draw(Path(sys.argv[1]), Picture((Band('r.yaml', found, {}),)))\n"
        )
        root = Path(__file__).parents[3]
        paths = f"{root}:{root / 'tests'}"
        environ = {"PYTHONHASHSEED": seed, "PYTHONPATH": paths, "HOME": str(tmp_path)}
        subprocess.run([sys.executable, "-c", code, path], env=environ, check=True, cwd=tmp_path)
        drawn.append(path.read_bytes())
    assert drawn[0] == drawn[1]


def test_a_hostile_label_is_only_text(tmp_path: Path) -> None:
    path = tmp_path / "hostile.svg"
    draw(path, picture(HOSTILE))
    text = path.read_text("utf-8")
    assert "<script" not in text
    assert not re.search(r"<!--(?:(?!-->).)*<", text, re.DOTALL), "a comment holds an element"
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.parse(path).iter()}
    assert "script" not in tags
    # A dollar sign is drawn as one, and begins no formula.
    assert "$\\frac{1}{0}$" in text


def test_a_hostile_label_draws_as_png_without_an_error(tmp_path: Path) -> None:
    draw(tmp_path / "hostile.png", picture(HOSTILE))
    assert (tmp_path / "hostile.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    "since", [datetime(2020, 3, 1, tzinfo=UTC), datetime(2025, 5, 23, tzinfo=UTC), UNTIL]
)
def test_long_and_short_spans_are_drawn(tmp_path: Path, since: datetime) -> None:
    draw(tmp_path / "span.png", picture(since=since))
    assert (tmp_path / "span.png").stat().st_size > 10_000


def test_two_rule_files_have_a_band_each(tmp_path: Path) -> None:
    one = picture()
    other = Band("other.yaml", scored([alert("worse", "04-10T12:00")]), {})
    path = tmp_path / "two.svg"
    draw(path, Picture((*one.bands, other), one.line))
    text = path.read_text("utf-8")
    assert "rules.yaml: 3 alerts" in text
    assert "other.yaml: 1 alert in" in text
    assert "Raid: found after 12.0 h | missed" in text
    assert "Ban: missed | found after 12.0 h" in text


def test_without_truth_line_or_rules_there_is_still_a_picture(tmp_path: Path) -> None:
    bare = score([], [], None, SINCE, UNTIL)
    draw(tmp_path / "bare.png", Picture((Band("rules.yaml", bare, {}),)))
    assert (tmp_path / "bare.png").is_file()


def test_hundreds_of_events_and_rules_are_drawn(tmp_path: Path) -> None:
    days = [date(2025, 3, 1) + timedelta(days=at % 80) for at in range(300)]
    rows = "".join(f"{day},{day},Event {at}\n" for at, day in enumerate(days))
    rules = [spike(f"rule-{at}") for at in range(120)]
    said = [alert(f"rule-{at}", "03-14T12:00") for at in range(0, 120, 2)]
    found = score(said, rules, read_truth(f"start,end,label\n{rows}", "t.csv"), SINCE, UNTIL)
    path = tmp_path / "many.svg"
    draw(path, Picture((Band("rules.yaml", found, {}),)))
    assert "and 220 more" in path.read_text("utf-8")


def test_the_headline_has_the_numbers() -> None:
    line = headline(scored([alert("worse", "03-14T12:00")]).summary)
    assert line.startswith("1 alert in 84 days (0.08 a week) · precision 1.00 (0.21–1.00) · ")
    assert "1 of 2 events found" in line
    assert "detected after 12.0 h" in line


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("picture.gif", r"a picture is \.svg or \.png, and this has '\.gif'"),
        ("picture", r"a picture is \.svg or \.png, and this has no suffix"),
        ("none/picture.svg", r"none is no directory"),
        ("there.svg", r"there\.svg is a directory"),
    ],
)
def test_a_place_that_cannot_be_drawn_to_is_a_sentence(
    tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "there.svg").mkdir()
    with pytest.raises(PictureError, match=sentence):
        check_place(tmp_path / name)
    with pytest.raises(PictureError, match=sentence):
        draw(tmp_path / name, picture())


def test_matplotlib_is_imported_only_to_draw() -> None:
    code = (
        "import sys, worker.backtest.picture, worker.backtest.tradeoff, worker.commands.rules\n"
        "assert 'matplotlib' not in sys.modules"
    )
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)


def test_the_longest_name_of_a_rule_leaves_the_edge_free(tmp_path: Path) -> None:
    from matplotlib.image import imread

    found = score([], [spike("worse")], None, SINCE, UNTIL)
    drawn = tmp_path / "one.png"
    draw(
        drawn,
        Picture((Band("r.yaml", found, {"worse": "Escalation of Moscow against Baku " * 3}),)),
    )
    edge = imread(drawn)[:, :10, :3]
    assert edge.min() == 1.0
