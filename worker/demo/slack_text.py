"""A Slack payload as lines of text: what a person would read in the channel."""

from collections.abc import Iterator


def readable(payload: object) -> str:
    """The texts of the payload's blocks in their order, else its `text`, else nothing."""
    if not isinstance(payload, dict):
        return ""
    lines = [line for block in _listed(payload.get("blocks")) for line in _texts(block)]
    return "\n".join(lines) or str(payload.get("text") or "")


def _texts(block: object) -> Iterator[str]:
    if not isinstance(block, dict):
        return
    text = block.get("text")
    if isinstance(text, str):
        yield text
    else:
        yield from _texts(text)
    for part in (*_listed(block.get("fields")), *_listed(block.get("elements"))):
        yield from _texts(part)


def _listed(content: object) -> list[object]:
    return content if isinstance(content, list) else []
