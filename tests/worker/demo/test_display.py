"""The progress display, on a terminal and elsewhere."""

from io import StringIO

from rich.console import Console

from worker.demo.board import Facts, opening_board
from worker.demo.display import LiveDisplay, PlainDisplay, display_for, show_message


def console(terminal: bool) -> tuple[Console, StringIO]:
    screen = StringIO()
    return Console(file=screen, width=100, force_terminal=terminal), screen


def test_elsewhere_each_finished_step_is_told_once_with_its_time() -> None:
    plain, screen = console(terminal=False)
    with display_for(plain) as display:
        assert isinstance(display, PlainDisplay)
        board = opening_board().advanced(Facts(publishers=10), 0.4)
        display.show(board)
        display.show(board.advanced(Facts(publishers=10, mails=1), 31.25))
    lines = screen.getvalue().splitlines()
    assert lines[1:] == [
        "  0.4 s  Local publishers are up: 10 newsrooms, four languages",
        " 31.2 s  The e-mail is caught: 1",
    ]


def test_on_a_terminal_all_steps_stand_in_a_table() -> None:
    live, screen = console(terminal=True)
    with display_for(live) as display:
        assert isinstance(display, LiveDisplay)
        display.show(opening_board().advanced(Facts(publishers=10, history=280), 0.4))
    shown = screen.getvalue()
    assert "✓" in shown
    assert "0 of 280 articles" in shown
    for step in opening_board().steps:
        assert step.label in shown


def test_a_caught_message_is_shown_literally() -> None:
    plain, screen = console(terminal=False)
    show_message(plain, "E-mail: [bold]Spike[/bold]", "Seen [red]12[/red] stories :warning:\n")
    assert "[bold]Spike[/bold]" in screen.getvalue()
    assert "Seen [red]12[/red] stories :warning:" in screen.getvalue()
