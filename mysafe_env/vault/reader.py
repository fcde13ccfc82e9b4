"""From the TOML file of a local vault to the vault."""

import os
import stat
from collections.abc import Iterable, Iterator

from mysafe_env.errors import Report, VaultFileError
from mysafe_env.items import KINDS, Kind
from mysafe_env.small_files import read_small
from mysafe_env.toml.reading import TomlError, parse_toml
from mysafe_env.vault.editions import V3_33, Edition
from mysafe_env.vault.records import Record
from mysafe_env.vault.store import Vault
from mysafe_env.vault.tables import Problems, VaultTable, read_record

_READABLE_BY_OTHERS = stat.S_IRGRP | stat.S_IROTH


def read_vault(path: str, edition: Edition = V3_33, *, named_by: str = "") -> Vault:
    """The vault that a TOML file describes, under the rules of an edition.

    The file has `[[password]]`, `[[note]]` and `[[secretapi]]` tables whose keys are MySafe's own fields, with the
    flags `active`, `can_view`, `can_write`, `need_justify`, `need_approval` and the lists `users_allowed` and
    `groups_allowed`. Items without an identifier get the free numbers in order.

    Raises `VaultFileError` with every problem of the file; no value is ever shown. *named_by* is the setting that
    names the file, for a hint.
    """
    data, shared = read_toml(path, named_by)
    problems = Problems(path)
    check_privacy(data, path, problems, shared=shared)
    top = VaultTable(data, "", problems)
    top.flag("demo")
    records = [record for kind in KINDS.values() for record in _read_kind(kind, top)]
    top.close()
    problems.raise_any()
    return Vault(records, edition)


def read_toml(path: str, named_by: str = "") -> tuple[dict[str, object], bool]:
    """The tables of a TOML file, and whether other users can read it; raises `VaultFileError`."""
    text, shared = _read_text(path, named_by)
    return _parse(text, path), shared


def _read_text(path: str, named_by: str) -> tuple[str, bool]:
    """The file's text, and whether others can read it too."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # pathlib is slow to import
            mode = os.fstat(file.fileno()).st_mode
            data = read_small(file)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a file name"
        hint = f"check {f'the path that {named_by} names' if named_by else 'its path'}, and its permissions"
        raise _problem(f"{path}: can't read the vault file: {reason}", hint) from None
    return _decode(data, path), bool(mode & _READABLE_BY_OTHERS)


def _decode(data: bytes, path: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    # Raised out here, for the caught error holds the whole file.
    raise _problem(f"{path}:{line}: is not UTF-8 text", "save the file as UTF-8")


def _parse(text: str, path: str) -> dict[str, object]:
    try:
        return parse_toml(text)
    except RecursionError:
        problem = _problem(f"{path}: is nested too deeply", "a vault file needs three levels")
    except TomlError as error:
        place = f"{path}:{error.line}" if error.line else path
        problem = _problem(f"{place}: {error.what}", error.advice)
    # Raised out here, for the caught error was raised where the whole text is at hand.
    raise problem


def _problem(message: str, hint: str) -> VaultFileError:
    return VaultFileError([Report(message, hint)])


def check_privacy(data: dict[str, object], path: str, problems: Problems, *, shared: bool) -> None:
    """Note a problem if others can read the file, unless `demo = true` in it says that its values are made up."""
    if shared and data.get("demo") is not True:
        problems.add(
            "",
            "this vault can be read by other users of this machine",
            f"chmod 600 {path}, or write demo = true at its top if it holds only made-up values",
        )


def _read_kind(kind: Kind, top: VaultTable) -> Iterator[Record]:
    tables, problems = top.tables(kind.name), top.problems
    records = [read_record(kind, table, f"{kind.name}[{number}]", problems) for number, table in enumerate(tables, 1)]
    _check_unique("identifier", kind, [record.identifier for record in records], problems)
    _check_unique("identifier_code", kind, [record.fields.get("identifier_code", "") for record in records], problems)
    return _numbered(records)


def _check_unique(key: str, kind: Kind, values: Iterable[str], problems: Problems) -> None:
    first: dict[str, int] = {}
    for number, value in enumerate(values, 1):
        if value and first.setdefault(value, number) != number:
            problems.add(f"{kind.name}[{number}].{key}", f"is the same as in {kind.name}[{first[value]}]; change one")


def _numbered(records: list[Record]) -> Iterator[Record]:
    taken = {record.identifier for record in records}
    free = (str(number) for number in range(1, len(records) + len(taken) + 1) if str(number) not in taken)
    return (record if record.identifier else record._replace(identifier=next(free)) for record in records)
