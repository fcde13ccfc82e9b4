"""`mysafe-env secretsafe import`."""

import json
from typing import Any, BinaryIO

import click

from mysafe_env.cli.options import connection_options
from mysafe_env.cli.secretsafe.shared import client_from
from mysafe_env.errors import UsageError


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--overwrite-existing", is_flag=True, help="Remove those that came from a directory and are not in FILE.")
@click.option("--large-import", is_flag=True, help="Allow more than 2000 members or groups.")
@connection_options
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
    return found
