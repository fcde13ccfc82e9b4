"""`mysafe-env secretsafe subscription`: what the organisation pays for."""

from collections.abc import Iterator
from typing import Any

import click

from mysafe_env.cli.columns import table
from mysafe_env.cli.options import secretsafe_options
from mysafe_env.cli.output import write_json, write_text
from mysafe_env.cli.secretsafe.client import client_from
from mysafe_env.cli.secretsafe.showing import Shown, json_option, plain


@click.command("subscription")
@json_option
@secretsafe_options
def command(*, as_json: bool, **options: Any) -> None:
    """Show what the organisation pays for: seats, storage and their limits. Only SecretSafe's cloud has it.

    To change it costs money, and is left to the web safe.
    """
    api, deadline, _ = client_from(options)
    fields = api.subscription(deadline).to_json()
    if as_json:
        write_json(fields)
        return
    write_text(table(["PRODUCT", "WHAT", "NUMBER"], _rows(fields)))


def _rows(fields: Shown) -> Iterator[list[str]]:
    """A row for each number of each product; what the server adds besides products is left out."""
    for product, numbers in fields.items():
        if isinstance(numbers, dict):
            yield from ([product, name, plain(numbers, name)] for name in numbers)
