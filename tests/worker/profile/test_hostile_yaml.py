"""What is broken or hostile YAML is one sentence with its line, never a traceback."""

from pathlib import Path

import pytest

from worker.profile.yaml_lines import DEEPEST, ProfileError, read_yaml

HOSTILE = {
    "circle": (b"a: &a [*a]", "line 1: a[0]: an alias"),
    "circle of mappings": (b"a: &x\n  b: *x", "line 1: a.b: an alias"),
    "laughs": (b"a: &a [l, l]\nb: &b [*a, *a]\nc: [*b, *b]", "an alias (*name) leads here"),
    "deep list": (b"[" * 100_000, "nested too deeply"),
    "deep mapping": (b"{a: " * 100_000, "nested too deeply"),
    "no such day": (b"a: 2025-02-31", "looks like a date or a number"),
    "number of 5000 digits": (b"a: " + b"9" * 5000, "looks like a date or a number"),
    "empty number": (b'a: !!int ""', "looks like a date or a number"),
    "python object": (b"a: !!python/object/apply:os.system [x]", "line 1: this is not valid YAML"),
    "unknown tag": (b"a: !secret x", "line 1: this is not valid YAML"),
    "merge key": (b"a: 1\n<<: {b: 1}", "line 2: merge keys are not read"),
    "list as a key": (b"? [a]\n: b", "line 1: a key must be one word"),
    "doubled key": (b"a: 1\nb: 2\na: 3", "line 3: a: this key stands here and on line 1"),
    "two documents": (b"a: 1\n---\nb: 1", "line 2: this is not valid YAML"),
    "tab": (b"a:\n\tb: 1", "line 2: this is not valid YAML"),
    "cut off": (b"a: [1, 2", "this is not valid YAML"),
    "NUL": (b"a: \0", "this is not valid YAML"),
    "not UTF-8": (b"a: 1\nb: \xe4", "line 2: this line is not UTF-8"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_yaml_is_a_sentence(tmp_path: Path, name: str) -> None:
    content, sentence = HOSTILE[name]
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(ProfileError) as caught:
        read_yaml(path)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"# \n" * 3_000_000)
    with pytest.raises(ProfileError, match="larger than 8 MB"):
        read_yaml(path)


def test_a_directory_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="cannot be read: Is a directory"):
        read_yaml(tmp_path)


def test_lines_are_those_of_the_keys(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("﻿# a comment\n\na:\n  - b: 1\n    c: 2\n", encoding="utf-8")
    file = read_yaml(path)
    assert file.content == {"a": [{"b": 1, "c": 2}]}
    assert file.line("a", 0, "c") == 5
    assert file.line("a", 0, "missing") == 4


def test_what_is_nested_as_profiles_are_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("[" * DEEPEST + "]" * DEEPEST)
    assert read_yaml(path).content is not None
