"""Reading a TOML table of a mapping: every fault is noted with its place."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.mapping.places import Place, Problems
from mysafe_env.toml.tables import Table

# A year; no system call takes an infinite time, nor NaN.
_FOREVER: Final = 365 * 24 * 3600


class MappingTable(Table):
    """A table that knows its place."""

    def __init__(self, data: Mapping[str, object], place: Place, problems: Problems) -> None:
        super().__init__(data)
        self.place = place
        self._problems = problems

    def text(self, key: str) -> str | None:
        """A string that is not empty; None where the key is missing or faulty."""
        text = self.string(key)
        if text == "":
            self.fault("is empty; write a value or take the key out", key)
        return text or None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty where the key is missing or faulty."""
        value = self.value(key)
        if value is None:
            return ()
        if isinstance(value, list) and value and all(isinstance(text, str) and text for text in value):
            return tuple(value)
        self.fault(f'is not a list of strings; write {key} = ["...", "..."]', key)
        return ()

    def text_or_texts(self, key: str) -> tuple[str, ...]:
        """One string, or a list of them."""
        if isinstance(self.data.get(key), str):
            text = self.text(key)
            return (text,) if text else ()
        return self.texts(key)

    def number_or_text(self, key: str) -> str | None:
        """A string, or a whole number as text."""
        value = self.value(key)
        if not isinstance(value, int) or isinstance(value, bool):
            return self.text(key)
        try:
            return str(value)
        except ValueError:  # Python turns no number of more than 4300 digits into text
            self.fault("is too long a number; write the one that MySafe shows", key)
            return None

    def mode(self, key: str) -> int | None:
        """A file mode in octal digits; None where the key is missing or faulty."""
        text = self.text(key)
        if text is None:
            return None
        if len(text) in {3, 4} and set(text) <= set("01234567"):
            return int(text, 8)
        self.fault('is no file mode; write four octal digits in quotes, such as "0640"', key)
        return None

    def seconds(self, key: str) -> float | None:
        """A number of seconds; None where the key is missing or faulty."""
        value = self.value(key)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _FOREVER):
            return value
        self.fault(f"is no number of seconds; write one above 0 without quotes, such as {key} = 30", key)
        return None

    def require(self, key: str) -> None:
        """Report the key if it is missing."""
        if key not in self.data:
            self.fault(f"lacks {key}; add it")

    def note(self, text: str, *keys: str) -> None:
        """Add a fault to the problems of the mapping."""
        self._problems.add(self.place.at(*keys), text)
