"""Copies of the shipped examples, with other values in their vault."""

import shutil
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import trustme

from mysafe_env.items import KINDS
from mysafe_env.toml.writing import toml_string
from tests.support.forked import ForkServer
from tests.support.process import Finished

SHIPPED = Path(__file__).parents[2] / "templates"


@dataclass(frozen=True)
class Example:
    """One folder of a copy, and the secret that all of its logins have; None for those of the shipped vault."""

    folder: Path
    secret: str | None
    items: dict[str, dict[str, str]]
    """The vault's items by name."""

    def text(self, name: str) -> str:
        """A rendered file."""
        return self.path(name).read_bytes().decode()

    def path(self, name: str) -> Path:
        """Where a rendered file is."""
        return self.folder / "out" / name

    def password(self, item: str) -> str:
        """The secret of a password or an API secret."""
        found = self.items[item]
        return found.get("password") or found["client_secret"]


def copy_example(name: str, folder: Path, secret: str | None) -> Example:
    """The example *name* below *folder*, beside a vault whose secrets are all the same; not rendered yet."""
    shutil.copytree(SHIPPED, folder, dirs_exist_ok=True)
    items = _items(secret)
    tables = (
        f"[[{kind}]]\n" + "".join(f"{key} = {toml_string(value)}\n" for key, value in fields.items())
        for kind, fields in items
    )
    (folder / "vault.toml").write_text("demo = true\n" + "".join(tables), "utf-8")
    return Example(folder / name, secret, {fields["name"]: fields for _, fields in items})


def render(example: Example, forks: ForkServer, *arguments: str) -> Finished:
    """`mysafe-env render` with the example's mapping."""
    environment = {"MYSAFE_URL": f"file:{example.folder.parent}/vault.toml"}
    mapping = str(example.folder / "mysafe.toml")
    return forks.run("mysafe-env", "render", "-m", mapping, *arguments, environment=environment, folder=example.folder)


def _items(secret: str | None) -> list[tuple[str, dict[str, str]]]:
    vault = tomllib.loads((SHIPPED / "vault.toml").read_text("utf-8"))
    items = [(kind, {**fields}) for kind in KINDS for fields in vault[kind]]
    for kind, fields in items:
        if kind == "note":
            fields["note"] = _pem()[0 if "certificate" in fields["name"] else 1]
        elif secret is not None:
            fields[KINDS[kind].secret_field] = secret
    return items


@cache
def _pem() -> tuple[str, str]:
    """A certificate and its key, so that nginx can use them."""
    authority = trustme.CA()
    issued = authority.issue_cert("orders.example.test", not_after=datetime.now(UTC) + timedelta(days=1))
    return issued.cert_chain_pems[0].bytes().decode(), issued.private_key_pem.bytes().decode()
