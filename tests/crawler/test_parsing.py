"""The parser process: what takes it down, and what does not."""

import asyncio
import contextlib
import io
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from datetime import date, datetime, timedelta, timezone

import pytest

from crawler.errors import ParserFailed
from crawler.extract import Extracted
from crawler.parser_answer import ParserAnswer, read_parser_answer
from crawler.parsing import Parsers
from crawler.reading import Entry, Reading

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def parsed(*steps, seconds=20.0):
    """What each step (a function and its arguments) gives or raises, one after the other."""

    async def all_of_them():
        parsers, answers = Parsers(1, seconds), []
        for function, *arguments in steps:
            try:
                answers.append(await parsers.run(function, *arguments))
            except ParserFailed as error:
                answers.append(error)
        parsers.close()
        return answers

    return asyncio.run(all_of_them())


def is_alive(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def test_one_process_that_is_not_ours_serves_page_after_page_and_crawl_after_crawl():
    first, second = parsed((os.getpid,), (os.getpid,))
    (third,) = parsed((os.getpid,))
    assert first == second == third != os.getpid()


def test_what_a_parser_raises_is_said_and_blames_the_page():
    error, alive = parsed((int, "many"), (len, b"four"))
    assert "cannot be parsed (ValueError: invalid literal" in str(error)
    assert error.permanent and alive == 4


def test_a_page_that_takes_too_long_is_killed_and_the_next_one_is_read():
    parsed((len, b""), seconds=0.5)  # started, so that what is measured is the page
    started = time.monotonic()
    error, alive = parsed((time.sleep, 60), (len, b"four"), seconds=0.5)
    assert str(error) == "reading the answer took longer than 0.5 s" and error.permanent
    assert alive == 4
    assert time.monotonic() - started < 10


@posix
def test_a_crash_costs_one_page_and_may_be_tried_again():
    error, alive = parsed((signal.raise_signal, signal.SIGSEGV), (len, b"four"))
    assert "died of it (status -11)" in str(error) and not error.permanent
    assert alive == 4


@posix
def test_a_parser_that_was_killed_between_two_pages_costs_none():
    (pid,) = parsed((os.getpid,))
    os.kill(pid, signal.SIGKILL)
    while is_alive(pid) and os.waitpid(pid, os.WNOHANG) == (0, 0):
        time.sleep(0.01)
    assert parsed((len, b"four")) == [4]


# What a parser that hostile bytes have taken over would answer: a call, made by whoever reads it.
_OWNED = "type('Owned', (), {{'__reduce__': lambda self: (__import__('os').mkdir, ({!r},))}})()"


def test_an_answer_runs_nothing_in_its_reader(tmp_path):
    target = tmp_path / "owned"
    error, alive = parsed((eval, _OWNED.format(str(target))), (len, b"four"))
    assert ".mkdir is no part of an answer" in str(error)
    assert error.permanent and alive == 4
    assert not target.exists()


@pytest.mark.parametrize("said", [b"\x80\x05N.", b"hello\n", b"cos\nmkdir\n.", b"\x80\x05e."])
def test_bytes_that_are_no_answer_are_a_failure_of_the_page(said):
    with pytest.raises(ParserFailed, match="answered nonsense") as caught:
        read_parser_answer(io.BytesIO(said))
    assert caught.value.permanent


def test_every_kind_of_answer_that_there_is_comes_through():
    zone = timezone(timedelta(hours=4))
    page = Extracted("u", "c", "t", "x", ("A",), datetime(2025, 6, 28, 9, tzinfo=zone), "page")
    entry = Entry("u", "c", published=date(2025, 6, 28))
    for value in (page, Reading((entry,), follow=("u",)), 4, "text", None):
        answer = ParserAnswer(value)
        assert read_parser_answer(io.BytesIO(pickle.dumps(answer))) == answer


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits it")
def test_a_page_that_wants_too_much_memory_is_refused_and_the_next_one_is_read():
    error, alive = parsed((bytearray, 2_000_000_000), (len, b"four"))
    assert str(error) == "reading the answer takes too much memory" and error.permanent
    assert alive == 4


@posix
def test_it_knows_no_settings_and_ignores_a_stop_of_the_service(monkeypatch):
    monkeypatch.setenv("DYADWATCH_BROKER_URL", "redis://:secret@nowhere")
    assert parsed((os.getenv, "DYADWATCH_BROKER_URL"), seconds=21.0) == [None]
    steps = [(signal.raise_signal, s) for s in (signal.SIGINT, signal.SIGTERM)]
    assert parsed(*steps, (len, b"four")) == [None, None, 4]


_PARENT = """
import asyncio, os
from crawler.parsing import Parsers

async def main():
    parsers = Parsers(1, 1.0)
    print(await parsers.run(os.getpid), flush=True)
    await parsers.run(exec, {busy!r})
    print("idle", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""
# A parser prints to standard error, which is its parent's.
_BUSY = "import time; print('busy', flush=True); time.sleep(600)"


@posix
@pytest.mark.parametrize("state", ["idle", "busy"])
def test_it_ends_when_its_parent_is_killed(state):
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT.format(busy=_BUSY if state == "busy" else "")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with parent, parent.stdout as said:
        pid = int(said.readline())
        assert said.readline() == f"{state}\n"
        parent.kill()
    deadline = time.monotonic() + 15
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(pid)


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="forks")
def test_a_forked_child_has_a_parser_of_its_own():
    (ours,) = parsed((os.getpid,))
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=lambda: answers.put(parsed((os.getpid,))), daemon=True)
    child.start()
    (theirs,) = answers.get(timeout=30)
    child.join(10)
    assert theirs != ours
    assert parsed((os.getpid,)) == [ours]
