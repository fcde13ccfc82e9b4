"""Correct uses of the public API: `mypy` reads this file with the rest, so that the types stay what users rely on."""

from collections.abc import Mapping
from pathlib import Path
from typing import assert_type

import mysafe_env
from mysafe_env import (
    Access,
    Collection,
    Deadline,
    Member,
    MySafe,
    MySafeEnvError,
    Password,
    Row,
    Secret,
    SecretSafe,
    Settings,
)


def resolve_in_every_way() -> None:
    """Paths as text or as `Path`, one or several."""
    assert_type(mysafe_env.resolve(), Mapping[str, Secret])
    mysafe_env.resolve("mysafe.toml")
    mysafe_env.resolve(Path("mysafe.toml"), "staging")
    mysafe_env.resolve(["one.toml", "two.toml"], profile=None)
    mysafe_env.resolve([Path("one.toml")], settings=Path("connection.env"))
    assert_type(mysafe_env.resolve()["DB_PASSWORD"].reveal(), str)


def load_the_environment() -> None:
    """As `dotenv.load_dotenv`, with its answer."""
    assert_type(mysafe_env.load_env(), bool)
    mysafe_env.load_env("mysafe.toml", "staging", override=True, settings="connection.env")


def talk_to_the_server() -> None:
    """The client, its rows and its items."""
    with mysafe_env.connect() as mysafe:
        assert_type(mysafe, MySafe)
        for row in mysafe.list_passwords(tag="orders", username="me"):
            assert_type(row.identifier, str)
            assert_type(row.can_view, bool)
            assert_type(mysafe.get_password(row.identifier).password, Secret | None)
        mysafe.list_notes(name="key")
        mysafe.list_api_secrets(identifier_code="stripe-live")
    mysafe_env.connect(Path("connection.env")).close()


def annotate(row: Row, password: Password) -> tuple[str | None, Secret | None]:
    """What is handed out has a public name."""
    return row.fields.get("name"), password.password


def manage_the_organisation() -> list[Member]:
    """The client of SecretSafe, and what it takes and gives."""
    with SecretSafe.from_environment() as safe:
        orders: Collection = safe.list_collections()[0]
        ada = safe.create_member("ada@example.test", collections=[Access(orders.id, read_only=True)])
        return [assert_type(ada, Member), *safe.list_members()]


def connect_by_hand() -> MySafe:
    """Settings that are not in the environment, and one deadline for several calls."""
    client = MySafe(Settings(url="https://mysafe.example.test", client_id="key", client_secret=Secret("...")))
    client.list_notes(deadline=Deadline(5.0))
    return client


def handle_errors() -> list[str]:
    """Everything is below one root, with a message and a hint."""
    try:
        mysafe_env.resolve()
    except (mysafe_env.MappingError, mysafe_env.ResolveError) as error:
        return [f"{report.message} ({report.hint})" for report in error.reports]
    except MySafeEnvError as error:
        return [assert_type(error.message, str), assert_type(error.hint, str)]
    return []
