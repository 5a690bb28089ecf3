"""What every picture has in common: colours, texts that stay texts, and how a file is written.

matplotlib is imported when a picture is drawn, without a display. The same input gives the same
bytes. Colours are of Okabe and Ito, which people of every colour vision can tell apart; nothing is
told by colour alone.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worker.output import printable
from worker.trouble import Trouble

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".svg", ".png")

BLUE, SKY, GREEN = "#0072B2", "#56B4E9", "#009E73"
ORANGE, RED = "#E69F00", "#D55E00"
INK, GREY, PALE = "#222222", "#767676", "#d9d9d9"

#: A little more than a screen, so that marks of one day of five years can be told apart.
WIDTH = 12.0  # inches
_DOTS = 120  # an inch of PNG

_SPACES = re.compile(r"\s+")


class PictureError(Trouble):
    """The picture cannot be written; the message names the file and says why."""


def check_place(path: Path) -> None:
    """Refuse at once what could not be written after minutes of replaying."""
    if path.suffix.lower() not in SUFFIXES:
        found = f"{path.suffix!r}" if path.suffix else "no suffix"
        raise PictureError(f"{path}: a picture is .svg or .png, and this has {found}.")
    if path.is_dir():
        raise PictureError(f"{path} is a directory; name a file in it.")
    if path.exists():
        if not os.access(path, os.W_OK):
            raise PictureError(f"{path} cannot be written; name a file of yours.")
    elif not path.absolute().parent.is_dir():
        raise PictureError(f"{path.parent} is no directory; make it, or name another.")
    elif not os.access(path.absolute().parent, os.W_OK | os.X_OK):
        raise PictureError(f"{path} cannot be written there; name a directory of yours.")


@contextmanager
def drawing() -> Iterator[None]:
    """Texts are drawn as they are: a `$` is a dollar sign and begins no formula."""
    import matplotlib

    style: dict[Any, Any] = {
        "text.parse_math": False, "text.usetex": False, "axes.formatter.use_mathtext": False,
        "svg.hashsalt": "dyadwatch", "svg.fonttype": "path", "font.family": "DejaVu Sans",
        "font.size": 9.0, "axes.edgecolor": GREY, "axes.labelcolor": INK, "text.color": INK,
        "xtick.color": INK, "ytick.color": INK, "hatch.linewidth": 0.6, "hatch.color": GREY,
        "path.simplify": False, "axes.unicode_minus": True,
    }  # fmt: skip
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(style)
        # A sign that the font lacks is drawn as a box.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def new_figure(height: float) -> Figure:
    """An empty white figure, `height` in inches; no window is opened."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height), facecolor="white")


def number_of(moment: datetime) -> float:
    """The place of a moment on an axis of days."""
    from matplotlib.dates import date2num

    return float(date2num(moment))  # type: ignore[no-untyped-call]


def plain(axes: Axes) -> None:
    """Without the frame's upper and right line, which say nothing."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=3)


def write(figure: Figure, path: Path) -> None:
    """The figure as the file that the suffix asks for."""
    check_place(path)
    form = path.suffix.lower().removeprefix(".")
    # Neither the day nor the version: the same input gives the same file.
    metadata: dict[str, Any] = {"Creator": "dyadwatch", "Date": None}
    if form == "png":
        metadata = {"Software": "dyadwatch"}
    content = BytesIO()
    figure.savefig(content, format=form, dpi=_DOTS, metadata=metadata)
    try:
        path.write_bytes(content.getvalue())
    except OSError as error:
        raise PictureError(f"{path} cannot be written: {error.strerror}.") from None


def shown(text: str, longest: int) -> str:
    """The text on one line, without what a terminal or a drawing would obey, and cut where it is
    longer than `longest`."""
    line = _SPACES.sub(" ", printable(text)).strip()
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
