"""A secret: a value that reaches no log, no error and no repr."""


class Secret:
    """Keeps a password, a token or an address that is one; only `reveal` gives it away."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one line that needs it."""
        return self._value

    def hidden_in(self, text: str) -> str:
        """The text with every occurrence of the secret replaced by ***."""
        return text.replace(self._value, "***") if self._value else text

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__
