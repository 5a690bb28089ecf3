"""The body that a page carries as data for its own script, where it shows none (pure)."""

import json
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.likeness import letters

_LEAST = 200
_MAX_SCRIPT = 2_000_000
_MAX_NODES = 50_000
_MAX_TITLE = 500


def scripted_body(root: HtmlElement, title: str) -> str:
    """The longest text beside the title in the JSON of a page that is drawn by script, as Next.js
    leaves it in `__NEXT_DATA__`; empty where there is none."""
    wanted = letters(title)
    if not wanted:
        return ""
    for script in root.iter("script"):
        if script.get("type") != "application/json" or not script.text:
            continue
        for node in _nodes(_loaded(script.text)):
            texts = [value for value in node.values() if isinstance(value, str)]
            if any(len(t) <= _MAX_TITLE and letters(t) == wanted for t in texts):
                body = max(texts, key=len)
                if len(body) >= _LEAST:
                    return body
    return ""


def _loaded(script: str) -> object:
    if len(script) > _MAX_SCRIPT:
        return None
    try:
        return json.loads(script)
    except (ValueError, RecursionError):
        return None


def _nodes(root: object) -> Iterator[dict[str, object]]:
    """The objects of a JSON value, outer before inner, up to a number that no page needs."""
    waiting = [root]
    for node in waiting:
        if isinstance(node, dict):
            yield node
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        room = _MAX_NODES - len(waiting)
        waiting.extend([x for x in inner if isinstance(x, dict | list)][: max(0, room)])
