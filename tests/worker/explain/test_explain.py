"""`dyadwatch explain`: what is shown of an article, from wherever it comes."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from harness.labelled_articles import LANGUAGES, labelled
from harness.service import Dyadwatch
from harness.services import settings
from harness.site import Reply, Site
from rich.console import Console
from storage_samples import NOW, article, classified

from worker import clock
from worker.article_lines import LineFault
from worker.classify import Classifier, Lexicon
from worker.classify.score import Part
from worker.explain.fetch import NotFetched, fetched
from worker.explain.laid_open import LaidOpen, differs, lay_open, record
from worker.explain.shown import shown
from worker.explain.subject import Subject, from_file, of_store
from worker.lines import FileUnreadable
from worker.profile.loader import load_lexicon_of
from worker.storage.articles import store
from worker.storage.database import Database

TITLE = "Azerbaijan summons Russian envoy over police raids"
TEXT = "The ministry in Baku handed him a note of protest on Monday, officials said."
DYAD = ("RUS", "AZE")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon_of("russia_azerbaijan")


def laid(lexicon: Lexicon, title: str = TITLE, text: str = TEXT) -> LaidOpen:
    subject = Subject("a.txt", title, text, None, False, "read as plain text")
    return lay_open(subject, Classifier(lexicon).understand(subject), lexicon)


def printed(one: LaidOpen, **how: object) -> str:
    console = Console(width=200, highlight=False, soft_wrap=True, **how)  # type: ignore[arg-type]
    with console.capture() as caught:
        for line in shown(one, DYAD):
            console.print(line)
    return caught.get()


def test_who_did_what_to_whom_is_said_with_its_proof(lexicon: Lexicon) -> None:
    told = printed(laid(lexicon))
    assert "Azerbaijan → Russia, escalatory, severity 2" in told
    assert "“summons Russian envoy” (term: " in told
    assert "the act of Azerbaijan" in told
    assert "\x1b" not in told, "no colour where there is no terminal"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_arithmetic_of_every_labelled_article_adds_up(lexicon: Lexicon, language: str) -> None:
    classifier = Classifier(lexicon)
    for given in labelled(language):
        subject = Subject(given["id"], given["title"], given["text"], None, False, "written")
        understood = classifier.understand(subject)
        said, named = understood.classification, given["id"]
        assert sum(points_of(understood.relevance.parts)) == pytest.approx(said.relevance), named
        assert said.relevant == (said.relevance >= lexicon.threshold), named
        assert (understood.escalation is not None) == said.relevant, named
        if understood.escalation is not None:
            total = round(sum(points_of(understood.escalation.parts)), 1)
            assert total == pytest.approx(said.escalation), named


def test_the_arithmetic_adds_up(lexicon: Lexicon) -> None:
    whole = record(laid(lexicon))
    for parts, score in (("relevance_parts", "relevance"), ("escalation_parts", "escalation")):
        assert sum(part["points"] for part in whole[parts]) == pytest.approx(whole[score], abs=0.06)


def test_an_irrelevant_article_says_why(lexicon: Lexicon) -> None:
    told = printed(laid(lexicon, "Council of Ankara plants trees", "Nobody else was there."))
    assert "Not relevant" in told and "not named" in told
    assert "Escalation" not in told


def test_a_terminal_sees_events_in_colour_and_actors_underlined(lexicon: Lexicon) -> None:
    told = printed(laid(lexicon), force_terminal=True, color_system="standard")
    assert "\x1b[1;31msummons" in told, "escalatory is red"
    assert "4mAzerbaijan" in told, "a side of the dyad is underlined"
    plain = printed(laid(lexicon), force_terminal=True, no_color=True)
    assert "31m" not in plain


def test_a_hostile_text_is_inert_and_spans_stay_in_place(lexicon: Lexicon) -> None:
    evil = "\x1b]0;owned\x07\u202e[red]"
    told = printed(laid(lexicon, TITLE, evil + TEXT), force_terminal=True, color_system="standard")
    assert "\x1b]0" not in told and "\x07" not in told and "\u202e" not in told
    assert "[red]" in told, "no mark-up is obeyed"
    assert "31mnote of protest" in told


def test_a_long_text_is_shown_to_a_little_behind_its_last_mark(lexicon: Lexicon) -> None:
    told = printed(laid(lexicon, TITLE, TEXT + " word" * 3_000))
    assert "more characters without a mark" in told and len(told) < 4_000


def points_of(parts: Iterable[Part]) -> list[float]:
    return [points for _, points in parts]


def write(path: Path, content: str) -> list[Subject | LineFault]:
    path.write_text(content, encoding="utf-8")
    return list(from_file(path, None, NOW, {}))


def test_a_file_is_told_by_what_is_in_it(tmp_path: Path) -> None:
    (text,) = write(tmp_path / "a", f"{TITLE}\n{TEXT}\n")
    assert isinstance(text, Subject) and (text.title, text.text) == (TITLE, TEXT)
    record = {"url": "https://a.example/1", "title": TITLE}
    (pretty,) = write(tmp_path / "b", json.dumps(record, indent=1))
    assert isinstance(pretty, Subject) and pretty.title == TITLE
    good, bad = write(tmp_path / "c", json.dumps(record) + '\n{"title": "no address"}\n')
    assert isinstance(good, Subject) and isinstance(bad, LineFault) and bad.number == 2
    (marked,) = write(tmp_path / "e", "\ufeff" + json.dumps(record))
    assert isinstance(marked, Subject) and marked.title == TITLE, "a byte order mark is no text"
    with pytest.raises(FileUnreadable, match="one object a line"):
        write(tmp_path / "f", json.dumps([record]))
    body = f"<article><h1>{TITLE}</h1><p>{TEXT * 5}</p></article>"
    (page,) = write(tmp_path / "d", f"<!DOCTYPE html><html><body>{body}</body></html>")
    assert isinstance(page, Subject) and page.title == TITLE and TEXT in page.text


def test_a_line_is_explained_as_it_is_classified(tmp_path: Path) -> None:
    """A topical source makes whatever it says relevant, named by its id alone."""
    line = {"url": "https://a.example/1", "source": "gnews-en", "title": "Council plants trees"}
    (tmp_path / "a").write_text(json.dumps(line))
    installation = Dyadwatch(tmp_path / "home")
    ran = [
        json.loads(installation.command(*command, str(tmp_path / "a")).stdout)
        for command in (("classify",), ("explain", "--json"))
    ]
    assert [one["relevant"] for one in ran] == [True, True]
    assert ran[0] == {name: ran[1][name] for name in ran[0]}


def test_what_is_stored_is_explained_as_it_was_read(database: Database, lexicon: Lexicon) -> None:
    made = article(1, title=TITLE, text=TEXT)
    with database.write() as conn:
        store(conn, [classified(made)], NOW)
    subject = of_store(database, "https://www.news.example/1?utm_source=x")
    assert subject is not None and subject.title == TITLE and "page" in subject.came
    one = lay_open(subject, Classifier(lexicon).understand(subject), lexicon)
    assert differs(one) == {"severity": (3, 2), "initiator": ("RUS", "AZE")}
    assert "Stored with severity 3; the lexicon of today says 2." in printed(one)
    assert of_store(database, "https://news.example/2") is None


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        made.page("/1")
        yield made


def test_a_page_is_asked_for_as_a_crawl_would(site: Site, tmp_path: Path) -> None:
    here = settings(tmp_path, ALLOWED_PRIVATE_HOSTS=site.authority)
    got = fetched(here, None, f"{site.url}/1", clock.now)
    assert got.title == "Report about /1" and "council of the port" in got.text
    assert site.asked == ["/robots.txt", "/1"]


@pytest.mark.parametrize("word", ["robots.txt", "404", "loopback"])
def test_a_page_that_cannot_be_had_is_one_sentence(site: Site, tmp_path: Path, word: str) -> None:
    allowed = settings(tmp_path, ALLOWED_PRIVATE_HOSTS=site.authority)
    here = replace(allowed, allowed_private_hosts=frozenset()) if word == "loopback" else allowed
    if word == "robots.txt":
        site.robots("User-agent: *", "Disallow: /")
    if word == "404":
        site.replies["/1"] = Reply(status=404)
    with pytest.raises(NotFetched, match=word):
        fetched(here, None, f"{site.url}/1", clock.now)


def test_the_command_needs_no_home_and_leaves_none(tmp_path: Path) -> None:
    installation = Dyadwatch(tmp_path / "home")
    (tmp_path / "a.txt").write_text(f"{TITLE}\n{TEXT}\n")
    ran = installation.command("explain", str(tmp_path / "a.txt"))
    assert ran.returncode == 0 and b"Azerbaijan \xe2\x86\x92 Russia" in ran.stdout
    ran = installation.command("explain", "--json", "-", stdin=f"{TITLE}\n{TEXT}".encode())
    assert json.loads(ran.stdout)["initiator"] == "AZE"
    missing = installation.command("explain", "/nowhere.html")
    assert missing.returncode == 1 and b"/nowhere.html" in missing.stderr
    assert b"https://" in missing.stderr, "an address without its scheme may have been meant"
    assert not (tmp_path / "home").exists()
