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
from mysafe_env.vault.tables import Problems, VaultTable

_T = TypeVar("_T")

_KDFS: Final = {
    "pbkdf2": Kdf(PBKDF2, 600_000),
    "argon2id": Kdf(ARGON2ID, iterations=3, memory=32, parallelism=4),
}
_ITEM_TYPES: Final = {"login": 1, "note": 2, "card": 3, "identity": 4, "ssh-key": 5}
_FIELD_TYPES: Final = {"text": 0, "hidden": 1, "boolean": 2, "linked": 3}


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
    top.flag("demo")
    vault = _read(top)
    top.close()
    problems.raise_any()
    return vault


def _read(top: "_Table") -> ServedVault:
    account, organization = top.table("account"), top.table("organization")
    resources = {
        resource: tuple(table.data for table in top.inner(name))
        for name, resource in (
            ("member", "members"),
            ("group", "groups"),
            ("policy", "policies"),
            ("event", "events"),
        )
    }
    vault = ServedVault(
        email=account.required("email"),
        master_password=Secret(account.required("master_password")),
        kdf=_kdf(account),
        organization=organization.string("name") or "Example",
        collections=tuple(_collection(table) for table in top.inner("collection")),
        items=tuple(_item(table) for table in top.inner("item")),
        resources=resources,
        subscription=top.table("subscription").data,
    )
    account.close()
    organization.close()
    return vault


def _kdf(account: "_Table") -> Kdf:
    usual = account.choice("kdf", _KDFS, "pbkdf2")
    return Kdf(
        usual.kind,
        account.number("iterations", usual.iterations),
        account.number("memory", usual.memory),
        account.number("parallelism", usual.parallelism),
    )


def _collection(table: "_Table") -> VaultCollection:
    collection = VaultCollection(table.required("name"), table.string("external_id"))
    table.close()
    return collection


def _item(table: "_Table") -> VaultItem:
    values = {name: table.string(name) for name in ("username", "password", "totp", "uri", "notes")}
    item = VaultItem(
        name=table.required("name"),
        type=table.choice("type", _ITEM_TYPES, "login"),
        texts={name: Secret(value) for name, value in values.items() if value is not None},
        details=table.table("details").secrets(),
        attachments=table.texts("attachments"),
        fields=tuple(_custom_field(each) for each in table.inner("fields")),
        folder=table.string("folder") or "",
        collections=table.texts("collections"),
        own_key=table.flag("own_key"),
        trashed=table.flag("trashed"),
        hidden=table.flag("hidden"),
    )
    table.close()
    return item


def _custom_field(table: "_Table") -> CustomField:
    custom = CustomField(
        table.required("name"), Secret(table.string("value") or ""), table.choice("type", _FIELD_TYPES, "text")
    )
    table.close()
    return custom


class _Table(VaultTable):
    def secrets(self) -> dict[str, Secret]:
        values = {key: self.string(key) for key in self.data}
        return {key: Secret(value) for key, value in values.items() if value is not None}

    def required(self, key: str) -> str:
        text = self.string(key)
        if not text and not isinstance(self.data.get(key, ""), str):
            return ""
        if not text:
            self.fault("is missing; add it", key)
        return text or ""

    def choice(self, key: str, choices: Mapping[str, _T], default: str) -> _T:
        word = self.string(key) or default
        if word not in choices:
            self.fault(f"is not one of those that are known; {did_you_mean(word, choices)}", key)
        return choices.get(word, choices[default])

    def number(self, key: str, default: int) -> int:
        value = self.value(key, default)
        if type(value) is int:
            return value
        self.fault("is not a whole number; write it without quotes", key)
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.value(key, [])
        if isinstance(value, list) and all(isinstance(text, str) for text in value):
            return tuple(value)
        self.fault(f'is not a list of strings; write {key} = ["..."]', key)
        return ()

    def table(self, key: str) -> "_Table":
        value = self.value(key, {})
        if not isinstance(value, dict):
            self.fault(f"is not a table; write [{key}]", key)
            value = {}
        return _Table(value, self.at(key), self.problems)

    def inner(self, key: str) -> tuple["_Table", ...]:
        """The tables of a list."""
        return tuple(
            _Table(table, f"{self.at(key)}[{number}]", self.problems)
            for number, table in enumerate(self.tables(key), 1)
        )
