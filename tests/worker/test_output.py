"""Output: nothing that came from an article is obeyed by a terminal or run by a spreadsheet."""

import pytest

from worker.output import Format, emit, printable, spreadsheet_safe

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
