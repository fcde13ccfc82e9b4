"""`mysafe-env secretsafe import`: members and groups from a file, as a directory has them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

import click

from mysafe_env.cli.options import secretsafe_options
from mysafe_env.cli.secretsafe.client import client_from
from mysafe_env.errors import UsageError

_KEYS: Final = frozenset({"members", "groups", "overwriteExisting", "largeImport", "inviteUsersAfterProvisioning"})
_TOLD: Final = 5


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--overwrite-existing", is_flag=True, help="Remove those that came from a directory and are not in FILE.")
@click.option("--large-import", is_flag=True, help="Allow more than 2000 members or groups.")
@secretsafe_options
def command(*, file: BinaryIO, overwrite_existing: bool, large_import: bool, **options: Any) -> None:
    """Import members and groups from FILE, a JSON object as the API wants it; - reads standard input.

    \b
    Example of FILE:
      {"members": [{"email": "ada@example.test", "externalId": "u1", "deleted": false}],
       "groups": [{"name": "Dev", "externalId": "g1", "memberExternalIds": ["u1"]}]}
    """
    directory = _read(file.read())
    if overwrite_existing:
        directory["overwriteExisting"] = True
    if large_import:
        directory["largeImport"] = True
    api, deadline, _ = client_from(options)
    api.import_directory(directory, deadline)


def _read(text: bytes) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not found.keys() & {"members", "groups"}:
        raise UsageError(
            "the file holds no JSON object with members or groups", "see mysafe-env secretsafe import --help"
        )
    problems = list(_problems(found))
    if problems:
        told = "; ".join(problems[:_TOLD]) + ("; and more" if len(problems) > _TOLD else "")
        raise UsageError(f"SecretSafe would not take the file: {told}", "see mysafe-env secretsafe import --help")
    return found


def _problems(directory: Mapping[str, object]) -> Iterator[str]:
    """What the server would refuse as a whole, or stumble over; the places as in the file, the first one 1."""
    for key in sorted(directory.keys() - _KEYS):
        yield f'unknown key "{key}"'
    for key in ("overwriteExisting", "largeImport"):
        if not isinstance(directory.get(key, False), bool):
            yield f"{key} is neither true nor false"
    for key in ("groups", "members"):
        entries = directory.get(key, [])
        if not isinstance(entries, list):
            yield f"{key} is no list"
            continue
        for number, entry in enumerate(entries, 1):
            yield from (f"{key}[{number}] {problem}" for problem in _entry_problems(key, entry))


def _entry_problems(key: str, entry: object) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield "is no object"
        return
    named = () if entry.get("deleted") is True else ("email",) if key == "members" else ("name",)
    for name in ("externalId", *named):
        if not entry.get(name) or not isinstance(entry[name], str):
            yield f"lacks {name}"
