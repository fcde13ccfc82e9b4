"""One item's table of a vault file, read key by key; every fault is noted and none is shown."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import Report, VaultFileError
from mysafe_env.items import Kind
from mysafe_env.suggest import did_you_mean
from mysafe_env.vault import totp
from mysafe_env.vault.records import Grant, Record

_FLAGS: Final = ("active", "can_view", "can_write", "need_justify", "need_approval")
# As in MySafe's requests: a user is shared with by username, a group by name.
_GRANTS: Final = {"users_allowed": "username", "groups_allowed": "name"}
# Enough for any number of the server's; int() and str() refuse endless digits.
_MOST_DIGITS: Final = 18


class Problems:
    """What is wrong with a vault file, collected so that all of it is told at once."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._reports: list[Report] = []

    def add(self, where: str, text: str, hint: str = "") -> None:
        """Note a problem: its key path, which may be empty, what it is, and what to do."""
        place = f"{self._path}: {where}: " if where else f"{self._path}: "
        self._reports.append(Report(place + text, hint))

    def raise_any(self) -> None:
        """Raise `VaultFileError` if there is any problem."""
        if self._reports:
            raise VaultFileError(self._reports)


def read_record(kind: Kind, data: Mapping[str, object], where: str, problems: Problems) -> Record:
    """The record of one table; its identifier is empty where the table gives none."""
    table = _Table(data, where, problems)
    table.check_keys({*kind.fields, *_FLAGS, *_GRANTS})
    names = [name for name in kind.fields if name != "identifier"]
    texts = {name: table.text(name) for name in names}
    table.check_name(texts["name"])
    table.check_seed(texts.get("secret_key"))
    return Record(
        kind.name,
        table.identifier(),
        {name: text for name, text in texts.items() if text is not None},
        active=table.flag("active", default=True),
        can_view=table.flag("can_view", default=True),
        can_write=table.flag("can_write", default=True),
        need_justify=table.flag("need_justify", default=False),
        need_approval=table.flag("need_approval", default=False),
        users_allowed=table.grants("users_allowed"),
        groups_allowed=table.grants("groups_allowed"),
    )


class _Table:
    def __init__(self, data: Mapping[str, object], where: str, problems: Problems) -> None:
        self._data = data
        self._where = where
        self._problems = problems

    def check_keys(self, known: set[str]) -> None:
        for key in self._data:
            if key not in known:
                self._fault(key, f"unknown key; {did_you_mean(key, known)}")

    def check_name(self, name: str | None) -> None:
        if name == "" or "name" not in self._data:
            self._fault("name", "is missing; every item has a name")

    def check_seed(self, seed: str | None) -> None:
        if seed is not None and not totp.is_seed(seed):
            self._fault("secret_key", "is not a base32 TOTP seed; it is made of A-Z and 2-7")

    def text(self, key: str) -> str | None:
        value = self._data.get(key)
        if value is None or isinstance(value, str):
            return value
        self._fault(key, f'is not a string; quote it: {key} = "..."')
        return None

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._data.get(key, default)
        if isinstance(value, bool):
            return value
        self._fault(key, "is neither true nor false; write one of them without quotes")
        return default

    def identifier(self) -> str:
        value = self._data.get("identifier")
        if value is None:
            return ""
        if type(value) is int and 0 <= value < 10**_MOST_DIGITS:
            return str(value)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS:
            return value
        self._fault(
            "identifier", f"is not a number of at most {_MOST_DIGITS} digits; leave it out to have one assigned"
        )
        return ""

    def grants(self, key: str) -> tuple[Grant, ...]:
        entries = self._data.get(key, [])
        who = _GRANTS[key]
        if not isinstance(entries, list):
            self._fault(key, f'is not a list; write {key} = [{{ {who} = "...", can_edit = true }}]')
            return ()
        return tuple(self._grant(entry, f"{key}[{number}]", who) for number, entry in enumerate(entries, 1))

    def _grant(self, entry: object, key: str, who: str) -> Grant:
        if not isinstance(entry, dict):
            self._fault(key, f'is not a table; write {{ {who} = "...", can_edit = true }}')
            return Grant("")
        table = _Table(entry, f"{self._where}.{key}", self._problems)
        table.check_keys({who, "can_edit"})
        if who not in entry:
            self._fault(key, f"lacks {who}; add it")
        return Grant(table.text(who) or "", table.flag("can_edit", default=False))

    def _fault(self, key: str, text: str) -> None:
        self._problems.add(f"{self._where}.{key}", text)
