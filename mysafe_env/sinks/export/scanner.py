"""A text that is read from left to right; the models of readers are written with it."""

from collections.abc import Callable, Mapping


class Scanner:
    """Reads a text piece by piece. Every method but `peek` moves on, and raises `ValueError` for an unexpected text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0

    @property
    def at_end(self) -> bool:
        """Whether everything is read."""
        return self._position >= len(self._text)

    def character(self) -> str:
        """The next character."""
        if self.at_end:
            raise ValueError("the text ends too early")
        self._position += 1
        return self._text[self._position - 1]

    def peek(self) -> str:
        """The next character, which stays the next one; empty at the end."""
        return self._text[self._position : self._position + 1]

    def until(self, mark: str) -> str:
        """Everything before *mark*, which is passed over."""
        end = self._text.find(mark, self._position)
        if end < 0:
            raise ValueError(f"there is no {mark!r}")
        start, self._position = self._position, end + len(mark)
        return self._text[start:end]

    def expect(self, mark: str) -> None:
        """Pass over *mark*."""
        if not self._text.startswith(mark, self._position):
            raise ValueError(f"there is no {mark!r} where it must be")
        self._position += len(mark)

    def escaped(self, named: Mapping[str, str], numbered: Mapping[str, int]) -> str:
        """What an escape without its backslash stands for: a *named* character, or so many hexadecimal digits."""
        character = self.character()
        if character in numbered:
            return chr(int("".join(self.character() for _ in range(numbered[character])), 16))
        if character not in named:
            raise ValueError("an escape that the reader does not know")
        return named[character]

    def double_quoted(self, escape: Callable[[str], str]) -> str:
        """What stands between double quotes; *escape* tells what a backslash and the character after it are."""
        self.expect('"')
        pieces = []
        while (character := self.character()) != '"':
            pieces.append(escape(self.character()) if character == "\\" else character)
        return "".join(pieces)

    def assignments(self, between: str, value: Callable[["Scanner"], str], *, before: str = "") -> dict[str, str]:
        """The variables of the lines that are left: *before*, a name, *between*, what *value* reads."""
        values = {}
        while not self.at_end:
            self.expect(before)
            name = self.until(between)
            values[name] = value(self)
            self.expect("\n")
        return values
