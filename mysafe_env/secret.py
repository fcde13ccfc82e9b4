"""The one type that holds a value nobody may see by accident."""

from typing import ClassVar, Final, Never

MASK: Final = "********"


class Secret:
    """A received value. It is not a `str`: only `reveal()` turns it into text.

    Its repr is a mask; `str()`, f-strings, pickling and JSON are refused, so that
    a forgotten call fails where it is written instead of leaking, or of handing
    a row of stars to a program that wanted the password.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The value as text. Search for this name to find every way out."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __str__(self) -> str:
        raise TypeError("a Secret is not text; call reveal() where the value may go out")

    def __format__(self, spec: str) -> str:
        raise TypeError("a Secret can't be formatted; call reveal() where the value may go out")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    # A hash of the value would tell equal secrets apart in a dump.
    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # mypy types __hash__ as always callable

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError("a Secret can't be pickled or copied to another process")

    def __getstate__(self) -> Never:
        raise TypeError("a Secret has no state to show")

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self
