"""Wrong input gives one sentence that names the thing, status 1 or 2, no traceback, no loss."""

import json
from pathlib import Path

import pytest
from harness.service import Dyadwatch

GOOD = {"url": "https://a.example/1", "title": "Baku and Moscow talk about trade"}


def profile(directory: Path, **files: str) -> Path:
    """A profile that extends the bundled one, with these files instead of its own."""
    directory.mkdir()
    (directory / "profile.yaml").write_text("name: test\nextends: russia_azerbaijan\n")
    for name, content in files.items():
        path = directory / name.replace("__", "/").replace("_yaml", ".yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    return directory


def one_sentence(said: bytes) -> str:
    text = said.decode()
    assert "Traceback" not in text
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"rules_yaml": "rules:\n- id: a\n  kind: spike\n  window: 6h\n  wndow: 7h\n"},
            ("rules.yaml", "line 5", "wndow"),
        ),
        (
            {"sources__a_yaml": "- id: a\n  kind: feed\n  url: htp://x\n  newsroom: a\n"},
            ("a.yaml", "line 3", "url"),
        ),
        (
            {"routes_yaml": "channels:\n  s:\n    kind: slack\n    url: ${NOT_SET}\nroutes: []\n"},
            ("routes.yaml", "line 4", "NOT_SET"),
        ),
    ],
    ids=["unknown key", "wrong address", "unset secret"],
)
@pytest.mark.parametrize("command", [("run", "--once"), ("profile", "check")])
def test_a_faulty_profile(
    installation: Dyadwatch,
    tmp_path: Path,
    files: dict[str, str],
    words: tuple[str, ...],
    command: tuple[str, ...],
) -> None:
    directory = profile(tmp_path / "profile", **files)
    installation.environ["DYADWATCH_PROFILE"] = str(directory)
    ended = installation.command(*command)
    assert ended.returncode == 1
    said = ended.stderr.decode()
    assert "Traceback" not in said
    told = [line for line in said.splitlines() if all(word in line for word in words)]
    assert len(told) == 1, said


def test_a_broken_pattern(installation: Dyadwatch, tmp_path: Path) -> None:
    bundled = Path(installation.command("profile", "path", "_common").stdout.decode().strip())
    lexicon = tmp_path / "profile" / "lexicon" / "languages"
    directory = profile(tmp_path / "profile")
    lexicon.mkdir(parents=True)
    english = (bundled / "lexicon" / "languages" / "en.yaml").read_text().splitlines()
    place = next(i for i, line in enumerate(english) if line.strip().startswith("- "))
    english[place] = english[place].partition("- ")[0] + '- "expel* (diplomat|"'
    (lexicon / "en.yaml").write_text("\n".join(english))
    installation.environ["DYADWATCH_PROFILE"] = str(directory)
    ended = installation.command("classify", stdin=b"")
    assert ended.returncode == 1
    sentence = one_sentence(ended.stderr)
    assert "en.yaml" in sentence and f"line {place + 1}" in sentence


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DYADWATCH_PROFILE", "rusia_azerbaijan"),
        ("DYADWATCH_DATABASE_URL", "mysql://x/y"),
        ("DYADWATCH_DATABASE_URL", "postgresql+psycopg://u:hidden@127.0.0.1:1/x"),
        ("DYADWATCH_BROKER_URL", "http://x"),
        ("DYADWATCH_BROKER_URL_FILE", "/nowhere"),
        ("DYADWATCH_EVALUATE_EVERY", "often"),
        ("DYADWATCH_WEB_BIND", "0.0.0.0:80"),
    ],
)
def test_a_setting_that_cannot_be_used(installation: Dyadwatch, variable: str, value: str) -> None:
    installation.environ[variable] = value
    ended = installation.command("run", "--once")
    assert ended.returncode in (1, 2)
    sentence = one_sentence(ended.stderr)
    assert "hidden" not in sentence


def test_a_half_written_line_loses_only_itself(installation: Dyadwatch, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    other = {**GOOD, "url": "https://a.example/2"}
    path.write_bytes(
        json.dumps(GOOD).encode() + b"\n" + json.dumps(other).encode()[:30] + b"\n"
        + json.dumps(other).encode() + b"\n"
    )  # fmt: skip
    ended = installation.command("ingest", str(path))
    assert ended.returncode == 1
    said = ended.stderr.decode()
    assert "line 2" in said and "Traceback" not in said
    assert ended.stdout == b"", "the workers of a command have nothing to say on its output"
    assert len(installation.rows("articles")) == 2


def test_commands_name_what_they_cannot_read(installation: Dyadwatch) -> None:
    for arguments in (("ingest", "/nowhere.jsonl"), ("detect", "/nowhere.csv")):
        ended = installation.command(*arguments)
        assert ended.returncode == 1
        assert "/nowhere" in one_sentence(ended.stderr)


def test_classify_answers_a_bad_line_with_its_id(installation: Dyadwatch) -> None:
    lines = json.dumps({"id": "x", "url": "https://a.example/1"}) + "\n" + json.dumps(GOOD) + "\n"
    ended = installation.command("classify", stdin=lines.encode())
    assert ended.returncode == 1
    faulty, good = (json.loads(line) for line in ended.stdout.splitlines())
    assert faulty["id"] == "x" and "error" in faulty
    assert "standard input, line 1" in ended.stderr.decode()
    assert good["id"] == GOOD["url"] and good["language"] == "en"


def test_extract_names_an_address_that_is_none(installation: Dyadwatch, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<title>Baku</title>")
    ended = installation.command("extract", str(page), "--url", "nonsense")
    assert ended.returncode == 2
    assert "nonsense" in ended.stderr.decode() and "Traceback" not in ended.stderr.decode()


@pytest.mark.parametrize(
    ("words", "language"),
    [("Bakı Moskvaya etiraz edib, səfir nazirliyə çağırılıb", "az"), ("12", "und")],
)
def test_extract_tells_a_language_that_is_not_declared(
    installation: Dyadwatch, tmp_path: Path, words: str, language: str
) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<title>{words}</title>", encoding="utf-8")
    ended = installation.command("extract", str(page), "--url", "https://a.example/1")
    assert json.loads(ended.stdout)["language"] == language


def test_no_line_ends_a_stream_of_pages(installation: Dyadwatch, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<title>Baku</title>")
    orders: list[object] = [
        [1],
        {"id": "a", "url": 7, "path": str(page)},
        {"id": "b\udc00", "url": "https://a.example/1", "path": str(page)},
        {"id": "c", "url": "https://a.example/1", "path": "a\0b"},
        {"id": "d", "url": "https://a.example/1", "path": str(page)},
    ]
    stream = "".join(json.dumps(order) + "\n" for order in orders)
    ended = installation.command("extract", "--jsonl", stdin=stream.encode())
    assert ended.returncode == 1
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [None, "a", "b\ufffd", "c", "d"]
    assert ["error" in answer for answer in answers] == [True, True, False, True, False]
    said = ended.stderr.decode()
    assert [f"line {n}:" in said for n in (1, 2, 4)] == [True] * 3
    assert "Traceback" not in said and "attribute" not in said


def test_records_are_utf_8_whatever_the_locale(installation: Dyadwatch) -> None:
    installation.environ.update(PYTHONIOENCODING="latin-1")
    line = json.dumps({"id": "\u0259", "url": "https://a.example/1", "title": "Bak\u0131"})
    ended = installation.command("classify", stdin=line.encode())
    assert ended.returncode == 0, ended.stderr.decode()
    assert json.loads(ended.stdout)["id"] == "\u0259"


@pytest.mark.parametrize("command", ["articles", "crawl"])
def test_a_home_that_cannot_be(installation: Dyadwatch, tmp_path: Path, command: str) -> None:
    (tmp_path / "file").touch()
    installation.environ["DYADWATCH_HOME"] = str(tmp_path / "file" / "home")
    ended = installation.command(command)
    assert ended.returncode == 2
    assert "DYADWATCH_HOME" in one_sentence(ended.stderr)


def test_doctor_says_what_is_wrong_with_the_home(installation: Dyadwatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    installation.environ["DYADWATCH_HOME"] = str(tmp_path / "file")
    ended = installation.command("doctor", "--json")
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr.decode()
    faulty = [
        one["subject"] for line in ended.stdout.splitlines() if not (one := json.loads(line))["ok"]
    ]
    assert {"disk", "broker", "database"} <= set(faulty)


def test_detect_names_the_file_and_the_line(installation: Dyadwatch, tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_bytes(b"start,count\n2026-01-05,3\n\xff,3\n2026-01-06,3\n")
    ended = installation.command("detect", str(path))
    assert ended.returncode == 1
    sentence = one_sentence(ended.stderr)
    assert "counts.csv, line 3" in sentence and "UTF-8" in sentence
    assert len(ended.stdout.splitlines()) == 3


def test_a_source_that_was_named_and_fails_is_a_failure(
    installation: Dyadwatch, tmp_path: Path
) -> None:
    dead = "- id: dead\n  kind: feed\n  url: http://127.0.0.1:9/feed\n  newsroom: dead\n"
    directory = profile(tmp_path / "profile", sources__dead_yaml=dead)
    installation.environ["DYADWATCH_PROFILE"] = str(directory)
    ended = installation.command("crawl", "--source", "dead")
    assert ended.returncode == 1
    assert "dead: Refused: 127.0.0.1:9 is a loopback address" in ended.stderr.decode()
