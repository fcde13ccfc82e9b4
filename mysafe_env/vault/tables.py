"""The tables of a vault file, read key by key; every fault is noted with its key path."""

from collections.abc import Mapping
from typing import Final

from mysafe_env.errors import Report, VaultFileError
from mysafe_env.items import Grant, Grants, Kind
from mysafe_env.toml.tables import Table
from mysafe_env.vault import totp
from mysafe_env.vault.records import Record

# As in MySafe's requests: a user is shared with by username, a group by name.
_GRANTS: Final = {"users_allowed": "username", "groups_allowed": "name"}
# Enough for any number of the server's; int() and str() refuse endless digits.
_MOST_DIGITS: Final = 18


class Problems:
    """The problems of a vault file, collected so that all of them are reported together."""

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


class VaultTable(Table):
    """A table that knows its place: a key path that counts from 1, such as `note[2]`; empty for the file itself."""

    def __init__(self, data: Mapping[str, object], where: str, problems: Problems) -> None:
        super().__init__(data)
        self.where = where
        self.problems = problems

    def at(self, *keys: str) -> str:
        """The place of one of its keys, or its own."""
        return ".".join((self.where, *keys) if self.where else keys)

    def note(self, text: str, *keys: str) -> None:
        """Add a fault to the problems of the file."""
        self.problems.add(self.at(*keys), text)


def read_record(kind: Kind, data: Mapping[str, object], where: str, problems: Problems) -> Record:
    """The record of one table; its identifier is empty where the table gives none."""
    table = _ItemTable(data, where, problems)
    fields = {name: table.string(name) for name in kind.fields if name != "identifier"}
    table.check_name(fields["name"])
    table.check_seed(fields.get("secret_key"))
    record = Record(
        kind.name,
        table.identifier(),
        {name: text for name, text in fields.items() if text is not None},
        active=table.flag("active", default=True),
        can_view=table.flag("can_view", default=True),
        can_write=table.flag("can_write", default=True),
        need_justify=table.flag("need_justify"),
        need_approval=table.flag("need_approval"),
        users_allowed=table.grants("users_allowed"),
        groups_allowed=table.grants("groups_allowed"),
    )
    table.close()
    return record


class _ItemTable(VaultTable):
    def check_name(self, name: str | None) -> None:
        if name == "" or "name" not in self:
            self.fault("is missing; every item has a name", "name")

    def check_seed(self, seed: str | None) -> None:
        if seed is not None and not totp.is_seed(seed):
            self.fault("is not a base32 TOTP seed; it is made of A-Z and 2-7", "secret_key")

    def identifier(self) -> str:
        value = self.value("identifier")
        if value is None:
            return ""
        if type(value) is int and 0 <= value < 10**_MOST_DIGITS:
            return str(value)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS:
            return value
        self.fault(f"is not a number of at most {_MOST_DIGITS} digits; leave it out to have one assigned", "identifier")
        return ""

    def grants(self, key: str) -> Grants:
        entries = self.value(key, [])
        who = _GRANTS[key]
        if not isinstance(entries, list):
            self.fault(f'is not a list; write {key} = [{{ {who} = "...", can_edit = true }}]', key)
            return ()
        return tuple(self._grant(entry, f"{key}[{number}]", who) for number, entry in enumerate(entries, 1))

    def _grant(self, entry: object, key: str, who: str) -> Grant:
        if not isinstance(entry, dict):
            self.fault(f'is not a table; write {{ {who} = "...", can_edit = true }}', key)
            return Grant("")
        table = VaultTable(entry, self.at(key), self.problems)
        if who not in table:
            self.fault(f"lacks {who}; add it", key)
        grant = Grant(table.string(who) or "", table.flag("can_edit"))
        table.close()
        return grant
