"""A rules.yaml with other settings in it, and everything else as its author wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from alerts.baseline import DEFAULT_FALSE_ALARMS
from worker.backtest.variants import Setting
from worker.profile.yaml_lines import read_yaml
from worker.trouble import Trouble

_UNITS = ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s"))


class NotRewritten(Trouble):
    """The file cannot be changed in place; the message says what to do by hand."""


def rewritten(
    path: Path, settings: Mapping[str, Setting], head: str = "", *, alarms: bool = True
) -> str:
    """The text of the rules file with these settings, by rule, under the comment `head`.

    Without `alarms` the windows alone are set; a sensitivity that is the default and was not given
    stays away. Values are replaced where they stand and keys that are missing put behind `window`,
    so comments, order and style stay. `NotRewritten` where the result would say anything else.
    """
    file = read_yaml(path)
    text = path.read_text(encoding="utf-8-sig")
    edits: list[tuple[int, int, str]] = []
    for node in _rules(yaml.compose(text, Loader=yaml.SafeLoader)):
        values = {key.value: value for key, value in node.value}
        setting = settings.get(str(values["id"].value)) if "id" in values else None
        if setting is not None:
            edits += _edits(node, values, setting, text, alarms=alarms)
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    wanted = _with(file.content, settings, alarms=alarms)
    if yaml.safe_load(text) != wanted:
        raise NotRewritten(
            f"{path} is written in a way that cannot be changed in place; "
            "put the settings above into it by hand."
        )
    return head + text


def duration(span: timedelta) -> str:
    """The shortest way to write a duration: `6h`, `90m`, `2d`."""
    seconds = int(span.total_seconds())
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    return f"{seconds // size}{unit}"


def number(value: float) -> str:
    """`12`, `0.25`: without a fraction that says nothing."""
    return f"{value:.10g}"


def _edits(
    node: yaml.MappingNode, values: Mapping[str, yaml.Node], setting: Setting, text: str,
    *, alarms: bool,
) -> list[tuple[int, int, str]]:  # fmt: skip
    """What to put where: start, end, text."""
    window, rate = duration(setting.window), number(setting.alarms)
    edits = [_replaced(values["window"], window)]
    if not alarms:
        return edits
    known = values.get("false_alarms_per_year")
    if known is not None:
        return [*edits, _replaced(known, rate)]
    if setting.alarms == DEFAULT_FALSE_ALARMS:
        return edits
    if node.flow_style:
        end = values["window"].end_mark.index
        return [(edits[0][0], end, f"{edits[0][2]}, false_alarms_per_year: {rate}")]
    key = next(one for one, _ in node.value if one.value == "window")
    line = text.find("\n", values["window"].end_mark.index)
    place = len(text) if line < 0 else line
    added = f"\n{' ' * key.start_mark.column}false_alarms_per_year: {rate}"
    return [*edits, (place, place, added)]


def _replaced(node: yaml.Node, new: str) -> tuple[int, int, str]:
    return node.start_mark.index, node.end_mark.index, new


def _rules(root: yaml.Node | None) -> list[yaml.MappingNode]:
    """The mappings under `rules`."""
    if not isinstance(root, yaml.MappingNode):
        return []
    return [
        entry
        for key, value in root.value
        if key.value == "rules" and isinstance(value, yaml.SequenceNode)
        for entry in value.value
        if isinstance(entry, yaml.MappingNode)
    ]


def _with(content: Any, settings: Mapping[str, Setting], *, alarms: bool) -> Any:
    """What the file must say in the end."""
    rules = []
    for rule in content["rules"]:
        setting = settings.get(str(rule.get("id")))
        if setting is not None:
            rule = rule | {"window": duration(setting.window)}
            silent = "false_alarms_per_year" not in rule
            if alarms and not (silent and setting.alarms == DEFAULT_FALSE_ALARMS):
                rule["false_alarms_per_year"] = yaml.safe_load(number(setting.alarms))
        rules.append(rule)
    return content | {"rules": rules}
