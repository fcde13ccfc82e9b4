"""Reading one TOML table key by key, every fault noted with its place."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.mapping.places import Place, Problems
from mysafe_env.suggest import did_you_mean

# A year; no system call takes an infinite time, nor NaN.
_FOREVER: Final = 365 * 24 * 3600


class Table:
    """A TOML table. Asking for a key makes it a known one; `close` reports all others."""

    def __init__(self, data: Mapping[str, object], place: Place, problems: Problems) -> None:
        self.place = place
        self._data = data
        self._problems = problems
        self._known: set[str] = set()
        self._faulty = False

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def text(self, key: str) -> str | None:
        """A string that is not empty; None where the key is missing or faulty."""
        value = self._get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        self.fault("is empty; write a value or take the key out" if value == "" else _not_text(key), key)
        return None

    def text_or_empty(self, key: str) -> str | None:
        """A string; None where the key is missing or faulty."""
        value = self._get(key)
        if value is None or isinstance(value, str):
            return value
        self.fault(_not_text(key), key)
        return None

    def flag(self, key: str) -> bool:
        """True or false; false where the key is missing or faulty."""
        value = self._get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault("is neither true nor false; write one of them without quotes", key)
        return False

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty where the key is missing or faulty."""
        value = self._get(key)
        if value is None:
            return ()
        if isinstance(value, list) and value and all(isinstance(text, str) and text for text in value):
            return tuple(value)
        self.fault(f'is not a list of strings; write {key} = ["...", "..."]', key)
        return ()

    def text_or_texts(self, key: str) -> tuple[str, ...]:
        """One string, or a list of them."""
        if isinstance(self._data.get(key), str):
            text = self.text(key)
            return (text,) if text else ()
        return self.texts(key)

    def number_or_text(self, key: str) -> str | None:
        """A string, or a whole number as text."""
        value = self._get(key)
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
        value = self._get(key)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _FOREVER):
            return value
        self.fault(f"is no number of seconds; write one above 0 without quotes, such as {key} = 30", key)
        return None

    def require(self, key: str) -> None:
        """Report the key if it is missing."""
        if key not in self._data:
            self.fault(f"lacks {key}; add it")

    def fault(self, text: str, *keys: str) -> None:
        """Note a problem of this table, or of one of its keys."""
        self._faulty = True
        self._problems.add(self.place.at(*keys), text)

    def close(self) -> bool:
        """Report the keys that nobody asked for; true if the table had no fault at all."""
        for key in self._data:
            if key not in self._known:
                self.fault(f"unknown key; {did_you_mean(key, self._known)}", key)
        return not self._faulty

    def _get(self, key: str) -> object:
        self._known.add(key)
        return self._data.get(key)


def _not_text(key: str) -> str:
    return f'is not a string; quote it: {key} = "..."'
