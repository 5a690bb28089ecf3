"""Shows the board: a live table on a terminal, one line for each finished step elsewhere."""

from typing import Protocol, Self

from rich.console import Console
from rich.live import Live
from rich.panel import Panel
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from worker.demo.board import Board

_TITLE = "dyadwatch demo: a crisis of our own writing, through the real service"


class Display(Protocol):
    """Shows boards while it is entered."""

    def show(self, board: Board) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class LiveDisplay:
    """A table that is drawn anew in place."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, refresh_per_second=8)
        self._waiting = Spinner("dots")  # one for all boards, so that it turns on between them

    def show(self, board: Board) -> None:
        self._live.update(as_table(board, self._waiting))

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()


class PlainDisplay:
    """Lines, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told: set[str] = set()

    def show(self, board: Board) -> None:
        for step in board.steps:
            if step.done_at is not None and step.key not in self._told:
                self._told.add(step.key)
                line = f"{step.done_at:5.1f} s  {step.label}: {step.detail}".rstrip(": ")
                self._console.print(Text(line), soft_wrap=True)

    def __enter__(self) -> Self:
        self._console.print(Text(_TITLE), soft_wrap=True)
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing has to be undone."""


def display_for(console: Console) -> Display:
    """The live display on a terminal, the plain one elsewhere."""
    return LiveDisplay(console) if console.is_terminal else PlainDisplay(console)


def as_table(board: Board, waiting: Spinner) -> Table:
    """The board as a table: a mark, the step, what it came to, and when."""
    table = Table(title=_TITLE, title_justify="left", box=None, padding=(0, 1))
    table.add_column(width=1)
    table.add_column()
    table.add_column(style="dim")
    table.add_column(justify="right")
    for step in board.steps:
        done = step.done_at is not None
        table.add_row(
            Text("✓", "green") if done else waiting,
            Text(step.label, "bold" if done else ""),
            Text(step.detail),
            Text(f"{step.done_at:.1f} s" if step.done_at is not None else ""),
        )
    return table


def show_message(console: Console, title: str, message: str) -> None:
    """One caught message in a frame, literally: no word of it is read as markup."""
    panel = Panel(Text(message.strip()), title=Text(title), title_align="left")
    console.print(panel, soft_wrap=False)
