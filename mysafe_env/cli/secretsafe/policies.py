"""`mysafe-env secretsafe policies`: show and set policies."""

import json
from typing import Any, Final

import click

from mysafe_env.cli.options import secretsafe_options
from mysafe_env.cli.secretsafe.changing import changed, given
from mysafe_env.cli.secretsafe.client import client_from
from mysafe_env.cli.secretsafe.resources import group_of, list_command
from mysafe_env.cli.secretsafe.showing import Shown, json_option, plain, show_one
from mysafe_env.errors import UsageError
from mysafe_env.suggest import did_you_mean

# By number, in the API's order.
_NAMES: Final = (
    *("two-step-login", "master-password", "generator", "single-organization", "require-sso"),
    *("data-ownership", "disable-send", "send-options", "account-recovery", "vault-timeout", "no-personal-export"),
)


def _cell(policy: Shown, column: str) -> str:
    number = policy.get("type")
    if column == "name":
        return _NAMES[number] if isinstance(number, int) and 0 <= number < len(_NAMES) else ""
    return plain(policy, column)


def _number(policy: str) -> str:
    """The number of a policy that is named or numbered; raises `UsageError`."""
    if policy.isascii() and policy.isdigit():
        return policy
    if policy not in _NAMES:
        raise UsageError(f'there is no policy "{policy}"', did_you_mean(policy, _NAMES))
    return str(_NAMES.index(policy))


@click.command("get")
@click.argument("policy")
@json_option
@secretsafe_options
def _get(*, policy: str, as_json: bool, **options: Any) -> None:
    """Show POLICY, a name or a number. One that was never set is not there."""
    number = _number(policy)
    api, deadline, _ = client_from(options)
    show_one(api.get("policies", number, deadline), as_json=as_json)


@click.command("update")
@click.argument("policy")
@click.option("--enable/--disable", "enabled", default=None, help="Switch it on or off.")
@click.option("--data", metavar="FILE", type=click.File("rb"), help="Its settings: a file with a JSON object.")
@json_option
@secretsafe_options
def _update(*, policy: str, enabled: bool | None, data: Any, as_json: bool, **options: Any) -> None:
    """Set POLICY, a name or a number; a property whose option is not given stays as it is.

    What --data holds takes the place of all its settings: repeat those that are to stay.
    """
    number = _number(policy)
    changes = changed(given(enabled=enabled, data=None if data is None else _read(data.read())), "--enable")
    api, deadline, _ = client_from(options)
    show_one(api.update("policies", number, changes, deadline), as_json=as_json)


def _read(text: bytes) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UsageError("the file of --data holds no JSON object", 'write one, such as {"minLength": 12}')
    return found


command = group_of(
    "policies",
    "Policies of the organisation.",
    [list_command("policies", ("type", "name", "enabled", "data"), _cell), _get, _update],
)
