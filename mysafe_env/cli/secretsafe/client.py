"""From the shared flags to the organisation's API."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import click

from mysafe_env.cli.inputs import settings_from
from mysafe_env.cli.options import deadline_of, voice
from mysafe_env.deadline import Deadline
from mysafe_env.sources.secretsafe.api import OrganizationApi
from mysafe_env.sources.secretsafe.settings import read_secretsafe_settings


class Client(NamedTuple):
    """The organisation's API, the deadline of a command, and `until`, which gives each page of a long list its own."""

    api: OrganizationApi
    deadline: Deadline
    until: Callable[[], Deadline]


def client_from(options: Mapping[str, Any]) -> Client:
    """The client that the shared flags describe; raises `SettingsError`."""
    context = click.get_current_context()
    settings = settings_from(options)
    organization = read_secretsafe_settings(settings)
    voice(context).note(f"ask {organization.api_url}")
    api = OrganizationApi(organization)
    until = partial(deadline_of, context, settings)
    return Client(api, until(), until)
