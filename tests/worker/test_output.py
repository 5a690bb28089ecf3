"""Output: nothing that came from an article is obeyed by a terminal or run by a spreadsheet."""

import os

import pytest

from worker.output import Format, Printer, emit, printable, spreadsheet_safe

ROW = {"title": '=HYPERLINK("http://evil")', "n": 3}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "\r=1", "\n=1", "＝1"])
def test_a_formula_becomes_text(cell: str) -> None:
    assert spreadsheet_safe(cell) == "'" + cell


def test_other_cells_stay(capsys: pytest.CaptureFixture[str]) -> None:
    assert spreadsheet_safe("Bakı = 1") == "Bakı = 1"
    assert spreadsheet_safe(-1) == -1


def test_a_terminal_is_not_obeyed() -> None:
    assert printable("a\x1b[2Jb\u202ec") == "a\ufffd[2Jb\ufffdc"


def test_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    emit([ROW], ["title"], Format.csv)
    assert capsys.readouterr().out == 'title,n\n"\'=HYPERLINK(""http://evil"")",3\n'
    emit([ROW], ["title"], Format.jsonl)
    assert capsys.readouterr().out == '{"title": "=HYPERLINK(\\"http://evil\\")", "n": 3}\n'
    emit([{"title": "[red]x[/red]", "n": None}], ["title", "n"], Format.table)
    assert "[red]x[/red]" in capsys.readouterr().out


def test_nothing_still_has_a_header(capsys: pytest.CaptureFixture[str]) -> None:
    emit([], ["id", "title"], Format.csv)
    assert capsys.readouterr().out == "id,title\n"


def test_a_reader_who_has_seen_enough_is_heard_of_and_does_not_end_the_command() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", closefd=False) as gone:
        with pytest.raises(BrokenPipeError):
            Printer(file=gone).print("a line " * 100)
        os.dup2(os.open(os.devnull, os.O_WRONLY), writing)
    os.close(writing)
