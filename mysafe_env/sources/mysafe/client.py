"""The MySafe client for Python programs.

    with MySafe(settings) as mysafe:
        row, = mysafe.list_api_secrets(identifier_code="stripe-live")
        secret = mysafe.get_api_secret(row.identifier).client_secret

Facts are those of senhasegura's documentation, "MySafe APIs": the pages "List passwords", "List notes"
and "List API secrets" of v3-32, and the pages "List all ..." and "List a ..." of v3-33 and v4.
"""

import os
from types import TracebackType
from typing import Self

from mysafe_env.deadline import Deadline
from mysafe_env.items import NOTE, PASSWORD, SECRETAPI, Kind, Row
from mysafe_env.settings import Flags, Settings, read_settings
from mysafe_env.sources.mysafe.api import MySafeApi
from mysafe_env.sources.mysafe.items import ApiSecret, Note, Password, read_api_secret, read_note, read_password
from mysafe_env.sources.mysafe.rows import read_row


class MySafe:
    """Typed calls to one MySafe server, over kept connections; may be used from several threads.

    Raises `SettingsError` when URL, client id or client secret is missing.

    Every call takes at most `settings.timeout` seconds, or what is left of a *deadline* that is passed.
    Every call raises `CredentialsError` when the access key is refused, `UnreachableError` and
    `TimedOutError` when there is no answer, `BadAnswerError` when the answer is not MySafe's,
    and `OutageError`, the class above them, when MySafe itself fails.

    Every list holds what the access key's user may see, in the server's order, in one piece:
    the API has no pages, and does not say whether deactivated items are in it.
    Whether a filter wants the whole text or a part of it is not documented either.
    A row never holds a secret; `row.identifier` leads to the item.

    Every get raises `NotFoundError` (1005), `NoAccessError` (1006), `InactiveError` (1009), and
    `RefusedError` (1010, not an identifier).
    """

    def __init__(self, settings: Settings) -> None:
        self._api = MySafeApi(settings)
        self._timeout = settings.timeout

    @classmethod
    def from_environment(cls) -> Self:
        """The client that the `MYSAFE_*` variables of this process describe."""
        return cls(read_settings(Flags(), os.environ, {}))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def list_passwords(
        self,
        *,
        tag: str | None = None,
        name: str | None = None,
        username: str | None = None,
        url: str | None = None,
        deadline: Deadline | None = None,
    ) -> tuple[Row, ...]:
        """Passwords, `GET /api/mysafe/password`; fields: name, url, username, tags.

        Servers before v3-33 know the filter *tag* only.
        """
        return self._rows(PASSWORD, {"tag": tag, "name": name, "username": username, "url": url}, deadline)

    def get_password(self, identifier: str, *, deadline: Deadline | None = None) -> Password:
        """One password with its account and TOTP, `GET /api/mysafe/password/{identifier}`."""
        return read_password(identifier, self._api.entity(PASSWORD, identifier, self._until(deadline)))

    def list_notes(
        self, *, tag: str | None = None, name: str | None = None, deadline: Deadline | None = None
    ) -> tuple[Row, ...]:
        """Notes, `GET /api/mysafe/note`; fields: name, tags.

        Servers before v3-33 know the filter *tag* only.
        """
        return self._rows(NOTE, {"tag": tag, "name": name}, deadline)

    def get_note(self, identifier: str, *, deadline: Deadline | None = None) -> Note:
        """One note, `GET /api/mysafe/note/{identifier}`.

        With an access key that encrypts, a long note raises `RefusedError`: the server fails to encrypt it.
        """
        return read_note(identifier, self._api.entity(NOTE, identifier, self._until(deadline)))

    def list_api_secrets(
        self, *, tag: str | None = None, identifier_code: str | None = None, deadline: Deadline | None = None
    ) -> tuple[Row, ...]:
        """API secrets, `GET /api/mysafe/secretapi`; the only field is the name."""
        return self._rows(SECRETAPI, {"tag": tag, "identifier_code": identifier_code}, deadline)

    def get_api_secret(self, identifier: str, *, deadline: Deadline | None = None) -> ApiSecret:
        """One API secret, `GET /api/mysafe/secretapi/{identifier}`; *identifier* is not its identifier_code."""
        return read_api_secret(identifier, self._api.entity(SECRETAPI, identifier, self._until(deadline)))

    def _rows(self, kind: Kind, filters: dict[str, str | None], deadline: Deadline | None) -> tuple[Row, ...]:
        given = tuple((name, value) for name, value in filters.items() if value is not None)
        return tuple(read_row(kind, entity) for entity in self._api.entities(kind, given, self._until(deadline)))

    def _until(self, deadline: Deadline | None) -> Deadline:
        return deadline or Deadline(self._timeout)
