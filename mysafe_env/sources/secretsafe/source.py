"""SecretSafe as a source of items.

The kind of API key decides what can be read: a person's key gives vault items, an organisation's key the rest.
"""

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Final

from mysafe_env.deadline import Deadline
from mysafe_env.errors import NotFoundError, RefusedError, SettingsError
from mysafe_env.items import SECRETSAFE_ITEM, SECRETSAFE_KINDS, Item, Row
from mysafe_env.late_imports import IMPORTING
from mysafe_env.references import Selectors
from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from mysafe_env.sources.secretsafe.api import OrganizationApi
from mysafe_env.sources.secretsafe.document import Document
from mysafe_env.sources.secretsafe.prompt import ask_master_password
from mysafe_env.sources.secretsafe.settings import SecretSafeSettings, read_secretsafe_settings

if TYPE_CHECKING:
    from mysafe_env.sources.secretsafe.vault import AccountVault

_EXTRA: Final = frozenset({"argon2", "cryptography"})


class SecretSafeSource:
    """Vault items of an account, or members, groups and collections of an organisation.

    Raises `SettingsError` when the connection settings are incomplete.
    """

    # A vault comes in one piece, and so does each list of an organisation: threads would have nothing to wait for.
    concurrent = False

    def __init__(self, settings: Settings) -> None:
        self._settings = read_secretsafe_settings(settings)
        self._password = _master_password(self._settings)
        self._vault: AccountVault | None = None
        self._organization: OrganizationApi | None = None
        self._things: dict[str, dict[str, Document]] = {}

    def list_rows(self, kind: str, filters: Selectors, deadline: Deadline) -> tuple[Row, ...]:
        """The rows of a list; see `Source.list_rows`."""
        self._check_key(kind)
        if kind == SECRETSAFE_ITEM.name:
            return self._opened(deadline).rows(filters)
        return tuple(_row(kind, each) for each in self._listed(kind, deadline).values())

    def get_item(self, kind: str, identifier: str, deadline: Deadline) -> Item:
        """One item; see `Source.get_item`."""
        self._check_key(kind)
        if kind == SECRETSAFE_ITEM.name:
            return self._opened(deadline).item(identifier)
        document = self._listed(kind, deadline).get(identifier)
        if document is None:
            raise NotFoundError(
                f"there is no id {identifier} among the {kind}", f"see mysafe-env secretsafe {kind} list"
            )
        return Item(kind, identifier, {name: text for name, text in _fields(kind, document).items() if text}, {})

    def close(self) -> None:
        """Close the connections to an organisation; one to an account's vault ends with the sync."""
        if self._organization is not None:
            self._organization.close()

    def _check_key(self, kind: str) -> None:
        needs_organization = kind != SECRETSAFE_ITEM.name
        if needs_organization is self._settings.is_organization:
            return
        if needs_organization:
            raise RefusedError(
                f"{kind} are read with an organisation's key, and SECRETSAFE_CLIENT_ID is a person's (user.)",
                "set SECRETSAFE_CLIENT_ID and SECRETSAFE_CLIENT_SECRET to the key of the organisation",
            )
        raise RefusedError(
            "vault items are read with a person's key, and SECRETSAFE_CLIENT_ID is an organisation's (organization.)",
            "set SECRETSAFE_CLIENT_ID and SECRETSAFE_CLIENT_SECRET to the key of an account, and its master password",
        )

    def _opened(self, deadline: Deadline) -> "AccountVault":
        """The account's vault: one login and one sync, however much is asked for."""
        if self._vault is None:
            try:
                with IMPORTING:
                    from mysafe_env.sources.secretsafe.vault import (  # noqa: PLC0415  # an extra
                        open_vault,
                        personal_session,
                    )

                    session = personal_session(self._settings)
            except ModuleNotFoundError as error:
                raise _missing_extra(error) from None
            with closing(session):
                typed = not self._settings.master_password
                self._vault = open_vault(session, self._password, deadline, typed=typed)
        return self._vault

    def _listed(self, kind: str, deadline: Deadline) -> Mapping[str, Document]:
        """Everything of one kind, by id; the server is asked once."""
        if kind not in self._things:
            # One client for all kinds, or each would request a token of its own.
            self._organization = self._organization or OrganizationApi(self._settings)
            things = self._organization.list_all(kind, deadline)
            self._things[kind] = {each.required("id"): each for each in things}
        return self._things[kind]


def _master_password(settings: SecretSafeSettings) -> Secret:
    """The account's master password, asked for where it is not set; empty for an organisation, which has none."""
    if settings.is_organization:
        return Secret("")
    return settings.master_password or ask_master_password()


def _missing_extra(error: ModuleNotFoundError) -> Exception:
    if (error.name or "").partition(".")[0] not in _EXTRA:
        return error
    return SettingsError(
        "vault items of SecretSafe need packages that are not installed",
        'install them with: pip install "mysafe-env[secretsafe]"',
    )


def _row(kind: str, document: Document) -> Row:
    return Row(
        kind,
        document.required("id"),
        _fields(kind, document),
        can_view=True,
        can_write=False,
        need_justify=False,
        need_approval=False,
    )


def _fields(kind: str, document: Document) -> dict[str, str]:
    """The fields of the kind; one that is null is empty here, so that no selector finds it."""
    return {name: document.text(name) or "" for name in SECRETSAFE_KINDS[kind].fields}
