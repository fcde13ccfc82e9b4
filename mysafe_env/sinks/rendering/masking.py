"""Lines that may be shown: what stands in the template is, every value is a mask."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from mysafe_env.secret import MASK
from mysafe_env.templating import Inserted

_WORD = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a new file, without its end."""

    text: str
    parts: tuple[str | None, ...]
    """What may be shown of it; None stands for a value, or several."""

    @property
    def masked(self) -> str:
        """The line as it may be shown."""
        return "".join(MASK if part is None else part for part in self.parts)

    @property
    def has_value(self) -> bool:
        """Whether anything of it is masked."""
        return None in self.parts


def masked_lines(pieces: Iterable[str], shown: Collection[str]) -> list[Line]:
    """The lines of a rendered text; a value is shown only if it is one of *shown*."""
    lines: list[tuple[str, list[str | None]]] = [("", [])]
    for piece in pieces:
        hidden = isinstance(piece, Inserted) and piece not in shown
        for number, part in enumerate(piece.split("\n")):
            if number:
                lines.append(("", []))
            text, parts = lines[-1]
            lines[-1] = text + part, parts
            if not hidden and part:
                parts.append(str(part))
            # An empty value is masked too; an empty line of a value is just that.
            if hidden and (part or not piece) and parts[-1:] != [None]:
                parts.append(None)
    return [Line(text, tuple(parts)) for text, parts in lines]


class OldLines:
    """Shows lines of an old file, of which nobody knows any more what was a value.

    Only text that stands in the new template is shown: a line that fits one of the new lines but for the values
    shows the rest of it, and any other one the words that it begins with, as far as the template knows them.
    """

    def __init__(self, new: Collection[Line]) -> None:
        self._constant = {line.text for line in new if not line.has_value}
        # The one that says most about the line comes first; one without words says nothing.
        known = {line.parts for line in new if line.has_value and _length_of_text(line.parts)}
        fixed = sorted(known, key=_length_of_text, reverse=True)
        self._forms = [(re.compile(_pattern(parts), re.DOTALL), Line("", parts).masked) for parts in fixed]
        self._words = {word for line in new for part in line.parts if part for word in _WORD.findall(part)}

    def masked(self, text: str) -> str:
        """The line as it may be shown."""
        if text in self._constant:
            return text
        for pattern, form in self._forms:
            if pattern.fullmatch(text):
                return form
        return "".join(self._known_words(text))

    def _known_words(self, text: str) -> Iterator[str]:
        for word in _WORD.findall(text):
            if word not in self._words and not word.isspace():
                yield MASK
                return
            yield word


def _length_of_text(parts: tuple[str | None, ...]) -> int:
    return sum(len(part.strip()) for part in parts if part is not None)


def _pattern(parts: tuple[str | None, ...]) -> str:
    return "".join(".*" if part is None else re.escape(part) for part in parts)
