"""The interface that all export formats have, and the reasons for refusals that they share."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import ClassVar, Final

from mysafe_env.errors import Report

_OTHER_NAME: Final = "give it another name, for example with --prefix, or leave it out with --exclude"


class Format(ABC):
    """One consumer's text form of names and values.

    A format is one module with a constant `FORMAT`, the class, and one line in `registry.FORMATS`.
    `read` follows the consumer's own rules and shares nothing with `write`, so that a mistake in one shows.
    Every rule is proven in the tests by the consumer itself, where one can be had.
    """

    name: ClassVar[str]
    """What the user types after `--format`."""
    reader: ClassVar[str]
    """Who reads it, in a few words: the consumer, and how to hand it over."""
    cannot: ClassVar[str]
    """The values that it refuses; empty when it carries every text."""
    ignores_case: ClassVar[bool] = False
    """Whether it takes names for the same when they differ only in case, as Windows does."""

    def refusals(self, values: Mapping[str, str]) -> Iterator[Report]:
        """Every variable that the consumer would not read back as it is, with the reason and what to do."""
        for variable, text in values.items():
            report = self.refusal(variable, text)
            if report:
                yield report
        if self.ignores_case:
            yield from self._same_name_twice(values)

    @abstractmethod
    def refusal(self, variable: str, text: str) -> Report | None:
        """The reason why this variable can't be carried, and what to do; None if it can."""

    @abstractmethod
    def write(self, values: Mapping[str, str]) -> str:
        """The whole text in the order of *values*, the same for the same values.

        Names match `[A-Za-z_][A-Za-z0-9_]*`, values are text that UTF-8 can hold, and nothing of it is refused.
        """

    @abstractmethod
    def read(self, text: str) -> dict[str, str]:
        """The variables that the consumer reads out of a text; raises `ValueError` where it would do anything else."""

    def cannot_carry(self, variable: str, reason: str, instead: str = "json") -> Report:
        """The refusal of a value; *instead* is a format that carries it."""
        return Report(f"{self.name} can't carry {variable}: {reason}", f"use --format {instead}, which can")

    def cannot_name(self, variable: str, reason: str) -> Report:
        """The refusal of a name."""
        return Report(f"{self.name} can't carry {variable}: {reason}", _OTHER_NAME)

    def nul(self, variable: str, text: str) -> Report | None:
        """The refusal of a NUL character, which ends a C string and so every environment variable."""
        return self.cannot_carry(variable, "it holds a NUL character") if "\0" in text else None

    def _same_name_twice(self, values: Mapping[str, str]) -> Iterator[Report]:
        first: dict[str, str] = {}
        for variable in values:
            other = first.setdefault(variable.upper(), variable)
            if other != variable:
                yield self.cannot_name(variable, f"its reader can't tell it from {other}")
