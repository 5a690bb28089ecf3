"""What a parser process answers, and how its parent reads that without trusting it.

A pickle names functions that whoever reads it calls. The child reads hostile bytes with parsers
written in C: where they have taken it over, its answer is theirs. So the parent knows nothing but
the few classes that honest answers are made of.
"""

import pickle
from dataclasses import dataclass
from typing import IO, Any

from crawler.errors import ParserFailed

#: Modules and classes, by name: the child imports this file before it can be disturbed.
_KNOWN = frozenset(
    {
        ("crawler.parser_answer", "ParserAnswer"),
        ("crawler.extract", "Extracted"),
        ("crawler.reading", "Reading"),
        ("crawler.reading", "Entry"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
    }
)


@dataclass(frozen=True, slots=True)
class ParserAnswer:
    """`raised` is the name of an exception and its words, else None; a parser that `retires` has
    answered for the last time."""

    value: Any = None
    raised: tuple[str, str] | None = None
    retires: bool = False


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _KNOWN:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")


def read_parser_answer(stream: IO[bytes]) -> ParserAnswer:
    """The next answer; it calls nothing but the classes of honest answers.

    Raises OSError and EOFError where the stream ends, ParserFailed for what is no answer.
    """
    try:
        answer = _Reader(stream).load()
    except (OSError, EOFError):
        raise
    except Exception as error:  # a broken pickle raises nearly anything
        raise ParserFailed(f"the parser process answered nonsense ({error})", True) from error
    if not isinstance(answer, ParserAnswer):
        raise ParserFailed("the parser process answered nonsense", permanent=True)
    return answer
