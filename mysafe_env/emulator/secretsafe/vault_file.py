"""The file that the emulated server is made of: TOML to an account, an organisation and what they keep.

    demo = true                                # or a file that only its owner can read

    [account]
    email = "robot@example.test"
    master_password = "..."
    kdf = "argon2id"                           # or "pbkdf2", the default

    [organization]
    name = "Example"

    [[collection]]
    name = "orders"
    external_id = "orders"

    [[item]]
    type = "login"                             # or "note", "card", "identity", "ssh-key"
    name = "orders-db"
    username = "orders"
    password = "..."
    collections = ["orders"]                   # then it is the organisation's
    fields = [{ name = "port", value = "5432" }]
    attachments = ["orders.pem"]

    [item.details]                             # of a card, an identity or an SSH key: the API's keys

Of members, groups, policies and events, `[[member]]` and so on, the keys are the API's; so are those of
`[subscription]`, which only the cloud's organisations have.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from mysafe_env.crypto.keys import ARGON2ID, PBKDF2, Kdf
from mysafe_env.secret import Secret
from mysafe_env.suggest import did_you_mean
from mysafe_env.vault.reader import check_privacy, read_toml
from mysafe_env.vault.tables import Problems

_T = TypeVar("_T")

_KDFS: Final = {
    "pbkdf2": Kdf(PBKDF2, 600_000),
    "argon2id": Kdf(ARGON2ID, iterations=3, memory=32, parallelism=4),
}
ITEM_TYPES: Final = {"login": 1, "note": 2, "card": 3, "identity": 4, "ssh-key": 5}
FIELD_TYPES: Final = {"text": 0, "hidden": 1, "boolean": 2, "linked": 3}
_TABLES: Final = ("account", "organization", "subscription")
_LISTS: Final = ("collection", "item", "member", "group", "policy", "event")


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field that an item has of its own."""

    name: str
    value: Secret
    type: int = 0


@dataclass(frozen=True, slots=True)
class VaultItem:
    """One item before it is encrypted."""

    name: str
    type: int = 1
    texts: Mapping[str, Secret] = field(default_factory=dict)
    """username, password, totp, uri and notes, as far as there are any."""
    details: Mapping[str, Secret] = field(default_factory=dict)
    """What a card, an identity or an SSH key has besides, with the API's keys."""
    attachments: tuple[str, ...] = ()
    """Names of files."""
    fields: tuple[CustomField, ...] = ()
    folder: str = ""
    collections: tuple[str, ...] = ()
    """Names; with any the item belongs to the organisation."""
    own_key: bool = False
    trashed: bool = False
    hidden: bool = False
    """Whether the member may use it and not see it."""


@dataclass(frozen=True, slots=True)
class VaultCollection:
    """A collection of the organisation; *external_id* is all that its API shows of the name."""

    name: str
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class ServedVault:
    """Everything that the emulated server has at its start."""

    email: str = "robot@example.test"
    master_password: Secret = field(default_factory=lambda: Secret("correct horse battery staple"))
    kdf: Kdf = _KDFS["pbkdf2"]
    organization: str = "Example"
    collections: tuple[VaultCollection, ...] = ()
    items: tuple[VaultItem, ...] = ()
    resources: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)
    """Members, groups, policies and events with the API's own keys."""
    subscription: Mapping[str, object] = field(default_factory=dict)
    """The same for what is paid for; empty for a server of one's own."""


def read_served_vault(path: str) -> ServedVault:
    """What a TOML file describes; raises `VaultFileError` with every problem of it, and shows no value."""
    data, shared = read_toml(path)
    problems = Problems(path)
    check_privacy(data, path, problems, shared=shared)
    top = _Table(data, "", problems)
    top.check_keys({"demo", *_TABLES, *_LISTS})
    vault = _read(top)
    problems.raise_any()
    return vault


def _read(top: "_Table") -> ServedVault:
    account, organization = top.table("account"), top.table("organization")
    account.check_keys({"email", "master_password", "kdf", "iterations", "memory", "parallelism"})
    organization.check_keys({"name"})
    resources = {
        resource: tuple(table.data for table in top.tables(name))
        for name, resource in (
            ("member", "members"),
            ("group", "groups"),
            ("policy", "policies"),
            ("event", "events"),
        )
    }
    return ServedVault(
        email=account.required("email"),
        master_password=Secret(account.required("master_password")),
        kdf=_kdf(account),
        organization=organization.text("name") or "Example",
        collections=tuple(_collection(table) for table in top.tables("collection")),
        items=tuple(_item(table) for table in top.tables("item")),
        resources=resources,
        subscription=top.table("subscription").data,
    )


def _kdf(account: "_Table") -> Kdf:
    usual = account.choice("kdf", _KDFS, "pbkdf2")
    return Kdf(
        usual.kind,
        account.number("iterations", usual.iterations),
        account.number("memory", usual.memory),
        account.number("parallelism", usual.parallelism),
    )


def _collection(table: "_Table") -> VaultCollection:
    table.check_keys({"name", "external_id"})
    return VaultCollection(table.required("name"), table.text("external_id"))


def _item(table: "_Table") -> VaultItem:
    texts = ("username", "password", "totp", "uri", "notes")
    flags = ("own_key", "trashed", "hidden")
    table.check_keys({"name", "type", "folder", "collections", "fields", "details", "attachments", *texts, *flags})
    values = {name: table.text(name) for name in texts}
    return VaultItem(
        name=table.required("name"),
        type=table.choice("type", ITEM_TYPES, "login"),
        texts={name: Secret(value) for name, value in values.items() if value is not None},
        details=table.table("details").secrets(),
        attachments=table.texts("attachments"),
        fields=tuple(_custom_field(each) for each in table.tables("fields")),
        folder=table.text("folder") or "",
        collections=table.texts("collections"),
        own_key=table.flag("own_key"),
        trashed=table.flag("trashed"),
        hidden=table.flag("hidden"),
    )


def _custom_field(table: "_Table") -> CustomField:
    table.check_keys({"name", "value", "type"})
    return CustomField(
        table.required("name"), Secret(table.text("value") or ""), table.choice("type", FIELD_TYPES, "text")
    )


class _Table:
    """One TOML table, read key by key; every fault is noted, and no value is shown."""

    def __init__(self, data: Mapping[str, object], where: str, problems: Problems) -> None:
        self.data = data
        self._where = where
        self._problems = problems

    def check_keys(self, known: set[str]) -> None:
        for key in self.data:
            if key not in known:
                self._fault(key, f"unknown key; {did_you_mean(key, known)}")

    def text(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is None or isinstance(value, str):
            return value
        self._fault(key, f'is not a string; quote it: {key} = "..."')
        return None

    def secrets(self) -> dict[str, Secret]:
        values = {key: self.text(key) for key in self.data}
        return {key: Secret(value) for key, value in values.items() if value is not None}

    def required(self, key: str) -> str:
        text = self.text(key)
        if not text and not isinstance(self.data.get(key, ""), str):
            return ""
        if not text:
            self._fault(key, "is missing; add it")
        return text or ""

    def choice(self, key: str, choices: Mapping[str, _T], default: str) -> _T:
        word = self.text(key) or default
        if word not in choices:
            self._fault(key, f"is not one of those that are known; {did_you_mean(word, choices)}")
        return choices.get(word, choices[default])

    def number(self, key: str, default: int) -> int:
        value = self.data.get(key, default)
        if type(value) is int:
            return value
        self._fault(key, "is not a whole number; write it without quotes")
        return default

    def flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        if isinstance(value, bool):
            return value
        self._fault(key, "is neither true nor false; write one of them without quotes")
        return False

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key, [])
        if isinstance(value, list) and all(isinstance(text, str) for text in value):
            return tuple(value)
        self._fault(key, f'is not a list of strings; write {key} = ["..."]')
        return ()

    def table(self, key: str) -> "_Table":
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self._fault(key, f"is not a table; write [{key}]")
            value = {}
        return _Table(value, self._at(key), self._problems)

    def tables(self, key: str) -> tuple["_Table", ...]:
        value = self.data.get(key, [])
        if not (isinstance(value, list) and all(isinstance(entry, dict) for entry in value)):
            self._fault(key, f"is not a list of tables; write [[{key}]]")
            return ()
        return tuple(
            _Table(entry, f"{self._at(key)}[{number}]", self._problems) for number, entry in enumerate(value, 1)
        )

    def _fault(self, key: str, text: str) -> None:
        self._problems.add(self._at(key), text)

    def _at(self, key: str) -> str:
        return f"{self._where}.{key}" if self._where else key
