"""Lines that may be shown: what stands in the template is, every value is a mask."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

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
        known = {_texts_around(line.parts) for line in new if line.has_value}
        # Of all that a line fits, the one that says most about it; one without words says nothing.
        self._forms: dict[tuple[str, str], list[_Texts]] = {}
        for texts in sorted(known, key=_length_of_text, reverse=True):
            if _length_of_text(texts):
                self._forms.setdefault((texts[0], texts[-1]), []).append(texts)
        self._lengths = {(len(first), len(last)) for first, last in self._forms}
        self._words = {word for line in new for part in line.parts if part for word in _WORD.findall(part)}

    def masked(self, text: str) -> str:
        """The line as it may be shown."""
        if text in self._constant:
            return text
        fitting = max(self._fitting(text), key=_length_of_text, default=None)
        return "".join(self._known_words(text)) if fitting is None else MASK.join(fitting)

    def _fitting(self, text: str) -> Iterator["_Texts"]:
        """Of the forms with the same text at both ends, the longest that the line fits."""
        for first, last in self._lengths:
            forms = self._forms.get((text[:first], text[len(text) - last :]), ())
            yield from islice((texts for texts in forms if _fits(text, texts)), 1)

    def _known_words(self, text: str) -> Iterator[str]:
        for word in _WORD.findall(text):
            if word not in self._words and not word.isspace():
                yield MASK
                return
            yield word


_Texts = tuple[str, ...]
"""What stands before, between and after the values of a line."""


def _texts_around(parts: Iterable[str | None]) -> _Texts:
    texts = [""]
    for part in parts:
        if part is None:
            texts.append("")
        else:
            texts[-1] += part
    return tuple(texts)


def _length_of_text(texts: _Texts) -> int:
    return sum(len(text.strip()) for text in texts)


def _fits(text: str, texts: _Texts) -> bool:
    """Whether the texts stand in the line one after the other, the first and the last one at its ends."""
    position, end = len(texts[0]), len(text) - len(texts[-1])
    for each in texts[1:-1]:
        position = text.find(each, position, end) + len(each)
        if position < len(each):
            return False
    return position <= end and text.startswith(texts[0]) and text.endswith(texts[-1])
