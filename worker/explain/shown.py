"""What was laid open, for a terminal: colours for what happened, lines for who is named.

Everything that came from an article passes through `printable`, which keeps its length, so that
spans stay where they are and no terminal obeys a text.
"""

from collections.abc import Iterable, Iterator

from rich.text import Text

from worker.classify.record import Event, Evidence
from worker.classify.score import Part
from worker.countries import country_name
from worker.explain.laid_open import FieldName, LaidOpen, Marked, differs
from worker.output import printable

_COLOURS = {"escalatory": "bold red", "de_escalatory": "bold green", "neutral": "bold yellow"}
_SEVERITIES = (
    "none, or cooperation",
    "words",
    "a formal or limited measure",
    "raids, arrests, expulsions or strikes on assets",
    "deaths or a military clash",
)
#: What follows the last mark of a long text is shown to here only.
_TAIL = 400


def shown(laid: LaidOpen, dyad: tuple[str, str]) -> Iterator[Text]:
    """The lines to print, in order."""
    subject = laid.subject
    yield Text(printable(_line(subject.name)), "bold")
    yield Text(f"{printable(_line(subject.came))}.", "dim")
    yield from _stored_otherwise(laid)
    yield Text()
    yield _marked(subject.title, "title", laid.marks, dyad, "bold")
    yield Text()
    yield from _body(laid, dyad)
    yield Text()
    yield _in_words(laid)
    yield from _events(laid)
    yield Text()
    yield from _arithmetic(laid)


def _stored_otherwise(laid: LaidOpen) -> Iterator[Text]:
    for name, (stored, today) in differs(laid).items():
        yield Text(f"Stored with {name} {stored}; the lexicon of today says {today}.", "yellow")


def _marked(
    text: str, field: FieldName, marks: Iterable[Marked], dyad: tuple[str, str], base: str = ""
) -> Text:
    written = Text(printable(text), base)
    for mark in marks:
        if mark.field == field:
            written.stylize(_style(mark, dyad), mark.start, mark.end)
    return written


def _style(mark: Marked, dyad: tuple[str, str]) -> str:
    if mark.kind == "event":
        return _COLOURS[mark.direction or "neutral"]
    if mark.kind == "term":
        return "italic"
    return "underline" if set(mark.sides) & set(dyad) else "dim underline"


def _body(laid: LaidOpen, dyad: tuple[str, str]) -> Iterator[Text]:
    """The text, to a little behind its last mark."""
    text = laid.subject.text
    last = max((mark.end for mark in laid.marks if mark.field == "text"), default=0)
    yield _marked(text, "text", laid.marks, dyad)[: last + _TAIL]
    if len(text) > last + _TAIL:
        yield Text(f"… and {len(text) - last - _TAIL} more characters without a mark.", "dim")


def _in_words(laid: LaidOpen) -> Text:
    said = laid.classification
    if not said.relevant:
        return Text(f"Not relevant ({said.language}): {printable(said.reason)}.", "bold")
    severity = f"severity {said.severity} of 4 ({_SEVERITIES[said.severity]})"
    sentence = f"Relevant ({said.language}). {_direction(said.direction)}, {severity}; "
    return Text(
        sentence + f"{_act_of(said.initiator)}. Escalation {said.escalation:.1f} of 10.", "bold"
    )


def _act_of(initiator: str | None) -> str:
    match initiator:
        case None:
            return "whose act it is cannot be told"
        case "both":
            return "the act of both"
        case "other":
            return "the act of somebody else"
    return f"the act of {country_name(initiator)}"


def _events(laid: LaidOpen) -> Iterator[Text]:
    for number, event in enumerate(laid.classification.events, start=1):
        yield Text()
        line = Text(f"{number}. ")
        line.append(f"{event.category} / {event.concept}", _COLOURS[event.direction])
        yield line.append(
            f": {_parties(event)}, {_direction(event.direction).lower()}, severity "
            f"{event.severity}, {event.plover}{', main' if event.main else ''}"
        )
        for span in event.evidence:
            yield _proof(laid, span)


def _proof(laid: LaidOpen, span: Evidence) -> Text:
    field = laid.subject.title if span.field == "title" else laid.subject.text
    quoted = printable(_line(field[span.start : span.end]))
    return Text(f"   {span.field} {span.start}–{span.end}: “{quoted}” (term: {span.term})")


def _parties(event: Event) -> str:
    names = [country_name(side) if side else "?" for side in (event.initiator, event.target)]
    return " → ".join(names)


def _arithmetic(laid: LaidOpen) -> Iterator[Text]:
    found = laid.understood.relevance
    relevant = "relevant" if found.score >= laid.threshold else "not relevant"
    yield Text("Relevance", "bold")
    yield from _sum(found.parts, found.score, f"{relevant}: the threshold is {laid.threshold:.2f}")
    escalation = laid.understood.escalation
    if escalation is not None:
        yield Text()
        yield Text("Escalation", "bold")
        yield from _sum(escalation.parts, escalation.score, "of 10, rounded to a tenth")


def _sum(parts: Iterable[Part], score: float, remark: str) -> Iterator[Text]:
    for name, points in parts:
        yield Text(f"  {points:+6.2f}  {printable(name)}")
    yield Text(f"  ={score:5.2f}  {remark}")


def _direction(direction: str) -> str:
    return direction.replace("_", "-").capitalize()


def _line(text: str) -> str:
    return " ".join(text.split())
