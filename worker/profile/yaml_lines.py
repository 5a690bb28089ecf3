"""YAML files read strictly, with the line of every key kept, so that a fault can be pointed at.

Beyond broken YAML these are refused, because in a profile they are accidents or attacks: a key
that stands twice, anchors and aliases (they can be built into circles and bombs), merge keys, more
than 50 levels, more than 8 MB.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from worker.trouble import Trouble

#: Where a value stands: ("rules", 2, "window").
KeyPath = tuple[str | int, ...]

LARGEST = 8 * 1024 * 1024
DEEPEST = 50

_MERGE = "tag:yaml.org,2002:merge"


class ProfileError(Trouble, ValueError):
    """A profile that cannot be used; the message names file, line and key, and says what to do."""

    def __init__(self, sentence: str, path: Path, line: int | None = None, key: str = "") -> None:
        place = str(path) if line is None else f"{path}, line {line}"
        message = f"{place}: {key}: {sentence}" if key else f"{place}: {sentence}"
        # A value that is repeated in the message may hold a line break; a fault is one line.
        super().__init__(message.replace("\n", "\\n"))
        self.sentence, self.path, self.line, self.key = sentence, path, line, key


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A parsed file: plain values, and the 1-based line on which each of them starts."""

    path: Path
    content: Any
    lines: Mapping[KeyPath, int]

    def error(self, sentence: str, *key: str | int) -> ProfileError:
        """The error for `key`, at its line, or at the line of its nearest parent."""
        return ProfileError(sentence, self.path, self.line(*key), dotted(key))

    def line(self, *key: str | int) -> int | None:
        """The line of `key`, or of its nearest parent that stands in the file."""
        place: KeyPath = key
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)


def dotted(key: KeyPath) -> str:
    """`rules[2].window` for ("rules", 2, "window")."""
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def read_yaml(path: Path) -> YamlFile:
    """Parse one file; what is missing, unreadable, broken or refused is a `ProfileError`."""
    text = _read_text(path)
    _refuse_depth(text, path)
    try:
        loader = yaml.CSafeLoader(text) if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader(text)
        root = loader.get_single_node()
        if root is None:
            return YamlFile(path, None, {})
        lines: dict[KeyPath, int] = {}
        _Walk(path, lines, set()).visit(root, ())
        return YamlFile(path, loader.construct_document(root), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "it cannot be parsed"
        raise ProfileError(
            f"this is not valid YAML: {problem}.", path, mark.line + 1 if mark else None
        ) from None
    except yaml.YAMLError as error:
        raise ProfileError(f"this is not valid YAML: {_first_line(error)}.", path) from None
    except (ValueError, IndexError, OverflowError) as error:
        if isinstance(error, ProfileError):
            raise
        # A scalar that looks like a date or a number and is none, such as 2025-02-31.
        raise ProfileError(
            f"a value looks like a date or a number and is none ({_first_line(error)}); "
            "put it in quotes.",
            path,
        ) from None


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise ProfileError("this file is larger than 8 MB; split it.", path)
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ProfileError("this file is missing; create it.", path) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ProfileError("this line is not UTF-8; save the file as UTF-8.", path, line) from None
    except OSError as error:
        raise ProfileError(f"this file cannot be read: {error.strerror}.", path) from None


def _refuse_depth(text: str, path: Path) -> None:
    """Told from the events, before a tree is built: building one recurses once for each level."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEEPEST:
                mark = event.start_mark
                line = mark.line + 1 if mark else None
                raise ProfileError("this is nested too deeply; flatten it.", path, line)
    except yaml.YAMLError:
        return  # Broken YAML is told where the tree is built.


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["it cannot be parsed"])[0].rstrip(".")


@dataclass(frozen=True, slots=True)
class _Walk:
    """Notes the line of every key and item of a tree, and refuses what the module refuses."""

    path: Path
    lines: dict[KeyPath, int]
    visited: set[int]

    def visit(self, node: yaml.Node, place: KeyPath) -> None:
        line = node.start_mark.line + 1
        if id(node) in self.visited:
            raise ProfileError(
                "an alias (*name) leads here; write the value out in both places.",
                self.path,
                line,
                dotted(place),
            )
        self.visited.add(id(node))
        self.lines.setdefault(place, line)
        if isinstance(node, yaml.MappingNode):
            self._visit_mapping(node, place)
        elif isinstance(node, yaml.SequenceNode):
            for index, child in enumerate(node.value):
                self.visit(child, (*place, index))

    def _visit_mapping(self, node: yaml.MappingNode, place: KeyPath) -> None:
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise ProfileError("a key must be one word.", self.path, line, dotted(place))
            key = (*place, key_node.value)
            if key_node.tag == _MERGE:
                raise ProfileError("merge keys are not read; write the keys out.", self.path, line)
            if key in self.lines:
                raise ProfileError(
                    f"this key stands here and on line {self.lines[key]}; keep one of them.",
                    self.path,
                    line,
                    dotted(key),
                )
            self.lines[key] = line
            self.visit(value_node, key)
