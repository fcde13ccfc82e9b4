"""Every failure of ours, under one root.

    MySafeEnvError                  message, hint, reports
    ├── UsageError                  the command line or the call is wrong
    ├── SettingsError               connection settings are wrong or missing
    ├── MappingError                a mapping, env file or reference is wrong (many reports)
    ├── VaultFileError              a local vault file is wrong (many reports)
    ├── SourceError                 a source could not give what was asked
    │   ├── ItemError               this item, and only this one
    │   │   ├── NotFoundError       nothing matches (empty list, 1005)
    │   │   ├── AmbiguousError      several items match
    │   │   ├── NoAccessError       it exists, the key may not read it (1006)
    │   │   ├── InactiveError       it is deactivated (1009)
    │   │   └── RefusedError        any other answer of MySafe about an item (1001, 1010)
    │   │       └── TakenError      another item has the identifier_code (1001)
    │   └── OutageError             nothing can be had from this source
    │       ├── CredentialsError    the token or a call was refused
    │       ├── UnreachableError    DNS, TCP, TLS, proxy
    │       ├── TimedOutError       the deadline passed
    │       ├── BadAnswerError      an answer that is not MySafe's
    │       └── UncertainError      an item may have been created, or not
    ├── ResolveError                everything that can't be had, together (many reports)
    ├── TemplateError               a template is wrong, or uses what is not there
    └── SinkError                   the values can't be handed over
        ├── OwedCommandError        what an earlier change has to run failed again
        ├── ExportError             the values can't be exported
        │   └── UnfitValuesError    a format can't carry values or names (many reports)
        └── LaunchError             the command can't be started
            ├── UnfitEnvironmentError  no process can be given this environment (many reports)
            ├── NotExecutableError  found, but not executable
            └── CommandNotFoundError

A message is one line, lower case, without a full stop; a hint says what to do next.
Neither may hold a secret.
Text that came from a server, a file or a command line is made printable here, once,
so that no error can carry an escape sequence to a terminal.
"""

from collections.abc import Iterable
from typing import Final, Self

_LONGEST: Final = 4_000
_END: Final = 500


def printable(text: str) -> str:
    """*text* on one line, without control characters, escape sequences, marks of direction or lone surrogates."""
    return visible(" ".join(text.split()))


def visible(text: str) -> str:
    """*text* with a `?` for each character that is not printable; line breaks and tabs stay."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in "\n\t" else "?" for char in text)


def _told(text: str) -> str:
    """A message on one line, cut in the middle if it is longer than anybody reads."""
    line = printable(text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - _END]} ... {line[-_END:]}"


class Report:
    """One line for the reader, and one line of advice."""

    __slots__ = ("hint", "message")

    def __init__(self, message: str, hint: str = "") -> None:
        self.message: str = _told(message)
        self.hint: str = _told(hint)

    def __repr__(self) -> str:
        return f"Report({self.message!r}, {self.hint!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Report):
            return NotImplemented
        return (self.message, self.hint) == (other.message, other.hint)

    def __hash__(self) -> int:
        return hash((self.message, self.hint))


class MySafeEnvError(Exception):
    """The root of all errors that this package raises on purpose."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message: str = printable(message)
        self.hint: str = printable(hint)
        super().__init__(self.message)

    @property
    def reports(self) -> tuple[Report, ...]:
        """What to tell the user, in order."""
        return (Report(self.message, self.hint),)


class _ManyReportsError(MySafeEnvError):
    """Several problems that are told together."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self._reports = tuple(reports)
        hints = dict.fromkeys(report.hint for report in self._reports if report.hint)
        super().__init__("; ".join(report.message for report in self._reports), "; ".join(hints))

    @property
    def reports(self) -> tuple[Report, ...]:
        """Each problem with its place and its advice."""
        return self._reports

    def __reduce__(self) -> tuple[type[Self], tuple[tuple[Report, ...]]]:
        """The way out of a worker process; by the message alone it could not be made again, and a pool would hang."""
        return type(self), (self._reports,)


class UsageError(MySafeEnvError):
    """The command line, or the call of a function, is wrong."""


class SettingsError(MySafeEnvError):
    """A connection setting is missing, malformed or contradicts another."""


class MappingError(_ManyReportsError):
    """A mapping, an env file or a reference can't be used; every problem at once."""


class VaultFileError(_ManyReportsError):
    """A local vault file can't be used; every problem at once."""


class SourceError(MySafeEnvError):
    """A source could not give what it was asked for."""


class ItemError(SourceError):
    """One item can't be had; others may."""


class NotFoundError(ItemError):
    """Nothing matches: an empty list, or MySafe's 1005."""


class AmbiguousError(ItemError):
    """Several items match where one was asked for."""


class NoAccessError(ItemError):
    """The item exists and this access key may not read it: MySafe's 1006."""


class InactiveError(ItemError):
    """The item is deactivated: MySafe's 1009."""


class RefusedError(ItemError):
    """MySafe refused for another reason it named: 1001, 1010, or an unknown code."""


class TakenError(RefusedError):
    """Another item has the identifier_code already: one of the meanings of MySafe's 1001."""


class OutageError(SourceError):
    """Nothing can be had from this source now; *transient* says that the same call may succeed in a moment."""

    def __init__(self, message: str, hint: str = "", *, transient: bool = False) -> None:
        super().__init__(message, hint)
        self.transient = transient


class CredentialsError(OutageError):
    """The token, or a call that carried it, was refused."""


class UnreachableError(OutageError):
    """The server was not reached: DNS, TCP, TLS or a proxy."""


class TimedOutError(OutageError):
    """The deadline passed before the answer came."""


class BadAnswerError(OutageError):
    """The server answered with something that MySafe does not say."""


class UncertainError(OutageError):
    """A create was sent and its answer is missing or unclear: the item may be there, so it is not sent again."""


class ResolveError(_ManyReportsError):
    """Required values can't be had; all of them are reported together."""


class TemplateError(MySafeEnvError):
    """A template is malformed, or uses a name that is not there."""


class SinkError(MySafeEnvError):
    """The values can't be handed over."""


class OwedCommandError(SinkError):
    """The command of an earlier change has failed again; everything else is done."""


class ExportError(SinkError):
    """The values can't be exported."""


class UnfitValuesError(_ManyReportsError, ExportError):
    """A format can't carry values or names; every one of them at once."""


class LaunchError(SinkError):
    """The command can't be started with this environment."""


class UnfitEnvironmentError(_ManyReportsError, LaunchError):
    """The system can't give this environment, or these arguments, to a process; every problem at once."""


class NotExecutableError(LaunchError):
    """The command was found, and can't be executed."""


class CommandNotFoundError(LaunchError):
    """The command was not found."""
