"""YAML files read strictly, with the line of every key kept, so that a fault can be pointed at."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

#: Where a value stands: ("rules", 2, "window").
KeyPath = tuple[str | int, ...]


class ProfileError(ValueError):
    """A profile that cannot be used; the message names file, line and key, and says what to do."""

    def __init__(self, sentence: str, path: Path, line: int | None = None, key: str = "") -> None:
        place = str(path) if line is None else f"{path}, line {line}"
        super().__init__(f"{place}: {key}: {sentence}" if key else f"{place}: {sentence}")
        self.sentence, self.path, self.line, self.key = sentence, path, line, key


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A parsed file: plain values, and the 1-based line on which each of them starts."""

    path: Path
    content: Any
    lines: Mapping[KeyPath, int]

    def error(self, sentence: str, *key: str | int) -> ProfileError:
        """The error for `key`, at its line, or at the line of its nearest parent."""
        place: KeyPath = key
        while place and place not in self.lines:
            place = place[:-1]
        return ProfileError(sentence, self.path, self.lines.get(place), dotted(key))


def dotted(key: KeyPath) -> str:
    """`rules[2].window` for ("rules", 2, "window")."""
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_yaml(path: Path) -> YamlFile:
    """Parse one file; a missing, unreadable, broken or doubled key is a `ProfileError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ProfileError("this file is missing; create it.", path) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ProfileError("this line is not UTF-8; save the file as UTF-8.", path, line) from None
    except OSError as error:
        raise ProfileError(f"this file cannot be read: {error.strerror}.", path) from None
    try:
        loader = yaml.CSafeLoader(text) if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader(text)
        root = loader.get_single_node()
        if root is None:
            return YamlFile(path, None, {})
        lines: dict[KeyPath, int] = {}
        _walk(root, (), lines, path)
        return YamlFile(path, loader.construct_document(root), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "it cannot be parsed"
        raise ProfileError(
            f"this is not valid YAML: {problem}.", path, mark.line + 1 if mark else None
        ) from None
    except yaml.YAMLError as error:
        raise ProfileError(f"this is not valid YAML: {error}.", path) from None


def _walk(node: yaml.Node, place: KeyPath, lines: dict[KeyPath, int], path: Path) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            key = (*place, str(key_node.value))
            line = key_node.start_mark.line + 1
            if key in lines:
                raise ProfileError(
                    f"this key stands here and on line {lines[key]}; keep one of them.",
                    path,
                    line,
                    dotted(key),
                )
            lines[key] = line
            _walk(value_node, key, lines, path)
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            _walk(child, (*place, index), lines, path)
