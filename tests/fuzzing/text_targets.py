"""Everything that reads a text of the user's: each function takes any bytes, and leaves the verdict to `judged`."""

import os
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from mysafe_env.deadline import Deadline
from mysafe_env.emulator.secretsafe.vault_file import read_served_vault
from mysafe_env.errors import NotFoundError
from mysafe_env.importing.drafts import Defaults
from mysafe_env.importing.files import read_entries
from mysafe_env.importing.journal import Journal
from mysafe_env.inputs import Inputs, plan_inputs
from mysafe_env.items import KINDS, Item
from mysafe_env.mapping.env_files import read_env_file, read_settings_file
from mysafe_env.mapping.grammar import parse_reference
from mysafe_env.mapping.inherited import read_inherited
from mysafe_env.mapping.places import Problems
from mysafe_env.plan import make_plan
from mysafe_env.references import Lookup
from mysafe_env.resolver import Resolver
from mysafe_env.scope import Scope
from mysafe_env.secret import Secret
from mysafe_env.settings import Flags, Settings, read_settings
from mysafe_env.sources.local import open_local
from mysafe_env.sources.locators import Locators
from mysafe_env.sources.secretsafe.settings import read_secretsafe_settings
from mysafe_env.templating import Template
from tests.fuzzing.canary import CANARY
from tests.fuzzing.judge import judged
from tests.fuzzing.public import open_csv, open_json, open_names, open_settings, open_toml
from tests.support.references import format_reference

VAULT = Path(__file__).parents[2] / "mysafe_env/demo/vault.toml"
NOW = Deadline(60)
_MEMORY = "/dev/shm"  # noqa: S108  # mkdtemp makes a name of its own there


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    """A folder that goes away with this process; in memory where there is one."""
    return tempfile.TemporaryDirectory(dir=_MEMORY if os.path.isdir(_MEMORY) else None)  # noqa: PTH112  # a constant


def _written(data: bytes, name: str) -> str:
    path = Path(_folder().name, name)
    path.write_bytes(data)
    path.chmod(0o600)
    return str(path)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def mapping(data: bytes) -> None:
    """A mapping file, with and without a profile, checked and resolved against the demo's vault."""
    path = _written(data, "mapping.toml")
    with judged(lambda: open_toml(data)):
        for profile in ("", "staging"):
            plan = plan_inputs(Inputs({}, (path,), profile))
            resolver = Resolver(Settings(vault_file=str(VAULT)))
            resolver.examine(plan, {})
            resolver.resolve(plan, {}).values()


def reference(data: bytes) -> None:
    """A reference, which is written back where it is one."""
    with judged():
        found = parse_reference(_text(data))
        assert found == parse_reference(format_reference(found))


def inherited(data: bytes) -> None:
    """A value of the inherited environment."""
    with judged():
        problems = Problems()
        read_inherited({"INHERITED": _text(data)}, (), problems)
        problems.raise_any()


def env_file(data: bytes) -> None:
    """A file for `--env-file`."""
    path = _written(data, "some.env")
    with judged(lambda: open_names(data)):
        problems = Problems()
        make_plan([read_env_file(path, {"INHERITED": "from outside"}, problems)], problems)
        problems.raise_any()


def settings_file(data: bytes) -> None:
    """A file for `--settings`, and the settings of both systems in it."""
    path = _written(data, "settings.env")
    with judged(lambda: open_settings(data)):
        problems = Problems()
        found = read_settings_file(path, {}, problems)
        problems.raise_any()
        read_secretsafe_settings(read_settings(Flags(), {}, found))


def vault(data: bytes) -> None:
    """A local vault, each item of it listed and read."""
    path = _written(data, "vault.toml")
    with judged(lambda: open_toml(data)):
        source = open_local(path)
        for kind in KINDS:
            for row in source.list_rows(kind, (), NOW):
                with judged(lambda: open_toml(data)):
                    source.get_item(kind, row.identifier, NOW)


def served_vault(data: bytes) -> None:
    """The vault file of the emulated SecretSafe."""
    path = _written(data, "secretsafe.toml")
    with judged(lambda: open_toml(data)):
        read_served_vault(path)


def import_dotenv(data: bytes) -> None:
    """A dotenv file to import."""
    _import(data, "dotenv", lambda: open_names(data))


def import_json(data: bytes) -> None:
    """A JSON file to import."""
    _import(data, "json", lambda: open_json(data))


def import_csv(data: bytes) -> None:
    """A CSV file to import."""
    _import(data, "csv", lambda: open_csv(data))


def _import(data: bytes, form: str, public: Callable[[], str]) -> None:
    path = _written(data, f"import.{form}")
    with judged(public):
        read_entries(path, form, Defaults("password"))


def import_result(data: bytes) -> None:
    """The result file of an earlier import."""
    path = _written(data, "result.jsonl")
    with judged(), Journal(path) as journal:
        journal.check(())


def locators(data: bytes) -> None:
    """The file of what is remembered; it may hold anything, and is written anew."""
    path = _written(data, "locators.json")
    with judged():
        known = Locators(path)
        known.find("stripe-live")
        known.learn("other", "7")
        known.save()
        assert "7" == Locators(path).find("other")


def template(data: bytes) -> None:
    """The text of a template, rendered with values."""
    with judged(lambda: _text(data)), tempfile.TemporaryDirectory(dir=_folder().name) as folder:
        made = Template(data.decode("utf-8", "replace"), "some.j2", folder)
        made.needs()
        made.pieces(_scope(), "an old text")


def included_template(data: bytes) -> None:
    """The name of a template that another one includes."""
    with judged(lambda: _text(data)), tempfile.TemporaryDirectory(dir=_folder().name) as folder:
        Path(folder, "there.j2").write_text("{{ SECRET }}", "utf-8")
        names = {"NAME": Secret(_text(data))}
        Template("{% include NAME %}", "some.j2", folder).pieces(_scope(names))
        Template(f"{{% include {_text(data)!r} %}}", "some.j2", folder).pieces(_scope(names))


def _scope(more: Mapping[str, Secret] | None = None) -> Scope:
    values = {"SECRET": Secret(CANARY), "EMPTY": Secret(""), **(more or {})}
    item = Item("password", "7", {"name": "orders", "identifier": "7"}, {"password": Secret(CANARY)})

    def one(lookup: Lookup) -> Item:
        if lookup.kind != "password":
            raise NotFoundError(f"no item matches {lookup}")
        return item

    return Scope(values, {"HOME": "/root"}, one, lambda lookup: (one(lookup),))


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    each.__name__: each
    for each in (
        mapping,
        reference,
        inherited,
        env_file,
        settings_file,
        vault,
        served_vault,
        import_dotenv,
        import_json,
        import_csv,
        import_result,
        locators,
        template,
        included_template,
    )
}
