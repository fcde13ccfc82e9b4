"""`mysafe-env secretsafe spec`: the server's API description, and what of it is covered."""

from collections.abc import Iterator
from typing import Any

import click

from mysafe_env.cli.options import secretsafe_options
from mysafe_env.cli.output import write_json, write_text
from mysafe_env.cli.secretsafe.client import client_from
from mysafe_env.errors import printable
from mysafe_env.sources.secretsafe.operations import LEFT_OUT, Coverage, compare


@click.command("spec")
@click.option("--output", metavar="FILE", help="Keep the server's swagger.json in FILE.")
@click.option("--json", "as_json", is_flag=True, help="An object of three lists: covered, beyond, lacking.")
@secretsafe_options
def command(*, output: str | None, as_json: bool, **options: Any) -> None:
    """Fetch the server's swagger.json, and tell which of its operations this tool covers and which it lacks."""
    api, deadline, _ = client_from(options)
    description = api.spec(deadline)
    coverage = compare(description)
    if output is not None:
        write_text(description.decode("utf-8", "replace"), output)
    if as_json:
        write_json({name: [str(each) for each in operations] for name, operations in coverage._asdict().items()})
        return
    write_text("".join(_lines(coverage)))


def _lines(coverage: Coverage) -> Iterator[str]:
    yield f"covered by this tool: {len(coverage.covered)} operations\n"
    for heading, operations in (
        ("of the server, not covered by this tool", coverage.beyond),
        ("of this tool, lacking on the server", coverage.lacking),
    ):
        yield f"{heading}: {len(operations)}\n"
        for operation in operations:
            reason = LEFT_OUT.get(operation)
            shown = printable(str(operation))
            yield f"  {shown} ({reason})\n" if reason else f"  {shown}\n"
