"""The MySafe client for Python programs.

    with MySafe(settings) as mysafe:
        row, = mysafe.list_api_secrets(identifier_code="stripe-live")
        secret = mysafe.get_api_secret(row.identifier).client_secret

        code = mysafe.create_password(name="orders db", username="orders", password=Secret("...")).identifier

Facts are those of senhasegura's documentation, "MySafe APIs": the pages "List ...", "Create or update ..." and
"Deactivate or activate ..." of v3-32, and the pages of one call each ("List all ...", "List a ...", "Create ...",
"Update ...", "Enable ...", "Disable ...") of v3-33 and v4.
"""

from collections.abc import Iterable

from mysafe_env.changes import Change, Saved
from mysafe_env.deadline import Deadline
from mysafe_env.items import NOTE, PASSWORD, SECRETAPI, Grant, Kind, Row
from mysafe_env.secret import Secret
from mysafe_env.server_url import server_url
from mysafe_env.settings import Settings
from mysafe_env.sources.client import Client
from mysafe_env.sources.mysafe.api import MySafeApi
from mysafe_env.sources.mysafe.records import ApiSecret, Note, Password, read_api_secret, read_note, read_password
from mysafe_env.sources.mysafe.rows import read_row


class MySafe(Client):
    """Typed calls to one MySafe server, over kept connections; may be used from several threads, and after a fork.

    Raises `SettingsError` when URL, client id or client secret is missing, and for a URL that a setting may not have:
    plain http to another machine, unless `settings.insecure_http` is true.

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

    Every create is sent once. When its outcome can't be known it raises `UncertainError`, whose hint says how to look
    for the item; `RefusedError` (1001, a field is missing or too long), and `TakenError` (1001) for an
    identifier_code that is not free. Its creator becomes the item's owner.

    Every update sends the fields that are given and no others. `users_allowed` and `groups_allowed` replace that kind
    of sharing, an empty one ends it. Whether an empty text clears a field is not documented. It raises
    `NotFoundError`, `NoAccessError`, `RefusedError` and `TakenError`.

    Every activate and deactivate returns whether the answer says that anything changed; doing it twice is fine. A call
    whose answer is lost is repeated, and returns false though the first one made the change. It needs the permission to
    edit, and raises `NotFoundError`, `NoAccessError` and `RefusedError`. MySafe deletes nothing: to deactivate is all.

    What a create or update returns is a `Saved`: `identifier`, the fields without the secret ones, the sharing, and
    `shared_error`, which is not empty when the item was saved and could not be shared as asked.
    A note of more than 900 characters raises `UsageError` before anything is sent.
    """

    def __init__(self, settings: Settings) -> None:
        if settings.url:
            server_url(
                "MYSAFE_URL", settings.url, insecure_http=settings.insecure_http, told=settings.told("MYSAFE_URL")
            )
        self._api = MySafeApi(settings)
        self._timeout = settings.timeout

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

    def create_password(  # noqa: PLR0913  # an item has as many fields
        self,
        *,
        name: str,
        username: str,
        password: Secret,
        url: str | None = None,
        secret_key: Secret | None = None,
        notes: str | None = None,
        tags: str | None = None,
        users_allowed: Iterable[Grant] = (),
        groups_allowed: Iterable[Grant] = (),
        deadline: Deadline | None = None,
    ) -> Saved:
        """One new password, `POST /api/mysafe/password`; *secret_key* is a TOTP seed in base32, *tags* "one, two"."""
        plain = {"name": name, "username": username, "url": url, "notes": notes, "tags": tags}
        change = _change(
            plain,
            {"password": password, "secret_key": secret_key},
            tuple(users_allowed) or None,
            tuple(groups_allowed) or None,
        )
        return self._api.create(PASSWORD, change, self._until(deadline))

    def update_password(  # noqa: PLR0913  # an item has as many fields
        self,
        identifier: str,
        *,
        name: str | None = None,
        username: str | None = None,
        password: Secret | None = None,
        url: str | None = None,
        secret_key: Secret | None = None,
        notes: str | None = None,
        tags: str | None = None,
        users_allowed: Iterable[Grant] | None = None,
        groups_allowed: Iterable[Grant] | None = None,
        deadline: Deadline | None = None,
    ) -> Saved:
        """The changed password, `PUT /api/mysafe/password/update/{identifier}`."""
        plain = {"name": name, "username": username, "url": url, "notes": notes, "tags": tags}
        change = _change(plain, {"password": password, "secret_key": secret_key}, users_allowed, groups_allowed)
        return self._api.update(PASSWORD, identifier, change, self._until(deadline))

    def activate_password(self, identifier: str, *, deadline: Deadline | None = None) -> bool:
        """Make it active, `POST /api/mysafe/password/active/{identifier}`; false when it was so already."""
        return self._api.activate(PASSWORD, identifier, self._until(deadline))

    def deactivate_password(self, identifier: str, *, deadline: Deadline | None = None) -> bool:
        """Make it inactive, `POST /api/mysafe/password/inactive/{identifier}`; false when it was so already."""
        return self._api.deactivate(PASSWORD, identifier, self._until(deadline))

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

    def create_note(  # noqa: PLR0913  # an item has as many fields
        self,
        *,
        name: str,
        note: Secret,
        tags: str | None = None,
        users_allowed: Iterable[Grant] = (),
        groups_allowed: Iterable[Grant] = (),
        deadline: Deadline | None = None,
    ) -> Saved:
        """One new note, `POST /api/mysafe/note`; *note* of at most 900 characters, *tags* "one, two"."""
        plain = {"name": name, "tags": tags}
        change = _change(plain, {"note": note}, tuple(users_allowed) or None, tuple(groups_allowed) or None)
        return self._api.create(NOTE, change, self._until(deadline))

    def update_note(  # noqa: PLR0913  # an item has as many fields
        self,
        identifier: str,
        *,
        name: str | None = None,
        note: Secret | None = None,
        tags: str | None = None,
        users_allowed: Iterable[Grant] | None = None,
        groups_allowed: Iterable[Grant] | None = None,
        deadline: Deadline | None = None,
    ) -> Saved:
        """The changed note, `PUT /api/mysafe/note/update/{identifier}`."""
        plain = {"name": name, "tags": tags}
        change = _change(plain, {"note": note}, users_allowed, groups_allowed)
        return self._api.update(NOTE, identifier, change, self._until(deadline))

    def activate_note(self, identifier: str, *, deadline: Deadline | None = None) -> bool:
        """Make it active, `POST /api/mysafe/note/active/{identifier}`; false when it was so already."""
        return self._api.activate(NOTE, identifier, self._until(deadline))

    def deactivate_note(self, identifier: str, *, deadline: Deadline | None = None) -> bool:
        """Make it inactive, `POST /api/mysafe/note/inactive/{identifier}`; false when it was so already."""
        return self._api.deactivate(NOTE, identifier, self._until(deadline))

    def list_api_secrets(
        self, *, tag: str | None = None, identifier_code: str | None = None, deadline: Deadline | None = None
    ) -> tuple[Row, ...]:
        """API secrets, `GET /api/mysafe/secretapi`; the only field is the name."""
        return self._rows(SECRETAPI, {"tag": tag, "identifier_code": identifier_code}, deadline)

    def get_api_secret(self, identifier: str, *, deadline: Deadline | None = None) -> ApiSecret:
        """One API secret, `GET /api/mysafe/secretapi/{identifier}`; *identifier* is not its identifier_code."""
        return read_api_secret(identifier, self._api.entity(SECRETAPI, identifier, self._until(deadline)))

    def create_api_secret(  # noqa: PLR0913  # an item has as many fields
        self,
        *,
        name: str,
        url: str,
        client_id: str,
        client_secret: Secret | None = None,
        identifier_code: str | None = None,
        method: str | None = None,
        notes: str | None = None,
        tags: str | None = None,
        users_allowed: Iterable[Grant] = (),
        groups_allowed: Iterable[Grant] = (),
        deadline: Deadline | None = None,
    ) -> Saved:
        """One new API secret, `POST /api/mysafe/secretapi`; *identifier_code* is unique, *method* an HTTP verb.

        Pages of v3-32 call *client_secret* required, later ones do not.
        """
        plain = {
            "name": name,
            "url": url,
            "client_id": client_id,
            "identifier_code": identifier_code,
            "method": method,
            "notes": notes,
            "tags": tags,
        }
        change = _change(
            plain, {"client_secret": client_secret}, tuple(users_allowed) or None, tuple(groups_allowed) or None
        )
        return self._api.create(SECRETAPI, change, self._until(deadline))

    def update_api_secret(  # noqa: PLR0913  # an item has as many fields
        self,
        identifier: str,
        *,
        name: str | None = None,
        url: str | None = None,
        client_id: str | None = None,
        client_secret: Secret | None = None,
        identifier_code: str | None = None,
        method: str | None = None,
        notes: str | None = None,
        tags: str | None = None,
        users_allowed: Iterable[Grant] | None = None,
        groups_allowed: Iterable[Grant] | None = None,
        deadline: Deadline | None = None,
    ) -> Saved:
        """The changed API secret, `PUT /api/mysafe/secretapi/update/{identifier}`."""
        plain = {
            "name": name,
            "url": url,
            "client_id": client_id,
            "identifier_code": identifier_code,
            "method": method,
            "notes": notes,
            "tags": tags,
        }
        change = _change(plain, {"client_secret": client_secret}, users_allowed, groups_allowed)
        return self._api.update(SECRETAPI, identifier, change, self._until(deadline))

    def activate_api_secret(self, identifier: str, *, deadline: Deadline | None = None) -> bool:
        """Make it active, `POST /api/mysafe/secretapi/active/{identifier}`; false when it was so already."""
        return self._api.activate(SECRETAPI, identifier, self._until(deadline))

    def deactivate_api_secret(self, identifier: str, *, deadline: Deadline | None = None) -> bool:
        """Make it inactive, `POST /api/mysafe/secretapi/inactive/{identifier}`; false when it was so already."""
        return self._api.deactivate(SECRETAPI, identifier, self._until(deadline))

    def _rows(self, kind: Kind, filters: dict[str, str | None], deadline: Deadline | None) -> tuple[Row, ...]:
        given = tuple((name, value) for name, value in filters.items() if value is not None)
        return tuple(read_row(kind, entity) for entity in self._api.entities(kind, given, self._until(deadline)))

    def _until(self, deadline: Deadline | None) -> Deadline:
        return deadline or Deadline(self._timeout)


def _change(
    plain: dict[str, str | None],
    secrets: dict[str, Secret | None],
    users_allowed: Iterable[Grant] | None,
    groups_allowed: Iterable[Grant] | None,
) -> Change:
    """What was given, and nothing else."""
    return Change(
        {name: text for name, text in plain.items() if text is not None},
        {name: secret for name, secret in secrets.items() if secret is not None},
        None if users_allowed is None else tuple(users_allowed),
        None if groups_allowed is None else tuple(groups_allowed),
    )
