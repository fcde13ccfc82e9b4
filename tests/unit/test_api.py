"""The package as a library."""

import copy
import inspect
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import mysafe_env
from mysafe_env import MappingError, MySafe, ResolveError, Secret, SettingsError, SinkError
from tests.support.emulator import running_emulator
from tests.support.process import run_python

VAULT = """
[[password]]
name = "db"
username = "me"
password = "s3cret"
tags = "t"

[[note]]
name = "n"
note = "many\\nlines"
"""
MAPPING = """
[env]
FIRST = "1"
DB = { kind = "password", tag = "t" }
ABSENT = { kind = "note", name = "nowhere", optional = true }
URL = { template = "u:{{ DB }}" }

[profile.staging.env]
FIRST = "2"
"""
TAGGED = """
[env]
URL = { template = "u:{{ DB_SECRET }}" }

[[tagged]]
tag = "t"
kind = "password"
name = "{name}_secret"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working folder, with a vault and a mapping; the environment is as before when the test is over."""
    before = dict(os.environ)
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("MYSAFE_", "SENHASEGURA_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MYSAFE_URL", "file:vault.toml")
    write("vault.toml", VAULT)
    write("mysafe.toml", MAPPING)
    yield tmp_path
    os.environ.clear()
    os.environ.update(before)


def write(name: str, text: str) -> Path:
    """A file of the working folder that its owner alone may read."""
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def test_resolve_gives_secrets_in_mapping_order() -> None:
    """Values come as `Secret`, in the order of the mapping; what is optional and absent is left out."""
    secrets = mysafe_env.resolve()
    expected = {"FIRST": Secret("1"), "DB": Secret("s3cret"), "URL": Secret("u:s3cret")}
    assert list(expected.items()) == list(secrets.items())


def test_what_resolve_gives_can_not_be_changed() -> None:
    """The mapping is for reading, and its repr can be logged."""
    secrets = mysafe_env.resolve()
    assert not hasattr(secrets, "__setitem__")
    assert "s3cret" not in repr(secrets)


def test_a_profile_is_merged_over_the_mapping() -> None:
    """As with --profile."""
    assert Secret("2") == mysafe_env.resolve(profile="staging")["FIRST"]


def test_mappings_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """One path, several of which the later wins, or the environment's."""
    one, two = write("one.toml", '[env]\nA = "1"\nB = "1"\n'), write("two.toml", '[env]\nB = "2"\n')
    assert {"A": Secret("1"), "B": Secret("1")} == dict(mysafe_env.resolve(one))
    assert {"A": Secret("1"), "B": Secret("2")} == dict(mysafe_env.resolve([str(one), two]))
    monkeypatch.setenv("MYSAFE_MAPPING", "two.toml")
    assert {"B": Secret("2")} == dict(mysafe_env.resolve())


def test_settings_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A settings file fills in what the environment does not say."""
    monkeypatch.delenv("MYSAFE_URL")
    file = write("connection.env", "MYSAFE_URL=file:vault.toml\n")
    assert Secret("s3cret") == mysafe_env.resolve(settings=file)["DB"]


def test_a_value_for_a_file_is_the_value() -> None:
    """A library hands over values; who wants a file makes one."""
    path = write("file.toml", '[env]\nN = { kind = "note", name = "n", as = "file" }\n')
    assert Secret("many\nlines") == mysafe_env.resolve(path)["N"]


@pytest.mark.parametrize(
    ("mapping", "error"),
    [
        ("[env]\nA = 1\n", MappingError),
        ('[env]\nA = "mysafe://note/nowhere"\n', ResolveError),
    ],
)
def test_what_can_not_be_had_is_raised(mapping: str, error: type[Exception]) -> None:
    """Every error is below one root, with all that is wrong."""
    path = write("bad.toml", mapping)
    with pytest.raises(error) as caught:
        mysafe_env.resolve(path)
    assert isinstance(caught.value, mysafe_env.MySafeEnvError)


def test_load_env_fills_the_environment() -> None:
    """Afterwards the variables are there for this process and those that it starts."""
    assert mysafe_env.load_env()
    assert ["1", "s3cret", "u:s3cret"] == [os.environ[name] for name in ("FIRST", "DB", "URL")]
    assert "ABSENT" not in os.environ


def test_load_env_leaves_alone_what_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `dotenv.load_dotenv` does; and what a template is made of is what is there."""
    monkeypatch.setenv("DB", "mine")
    mysafe_env.load_env()
    assert ("mine", "u:mine") == (os.environ["DB"], os.environ["URL"])


def test_load_env_leaves_alone_what_a_tag_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is set already stays, and is what templates see, also where only a tag gives its name."""
    monkeypatch.setenv("DB_SECRET", "mine")
    write("mysafe.toml", TAGGED)
    mysafe_env.load_env()
    assert ("mine", "u:mine") == (os.environ["DB_SECRET"], os.environ["URL"])


def test_load_env_overrides_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """With *override* the mapping wins."""
    monkeypatch.setenv("DB", "mine")
    mysafe_env.load_env(override=True)
    assert "s3cret" == os.environ["DB"]


def test_load_env_replaces_inherited_references(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that holds a reference holds its value afterwards, mapped or not."""
    monkeypatch.setenv("INHERITED", "mysafe://password/db#username")
    monkeypatch.setenv("DB", "mysafe://note/n")
    mysafe_env.load_env()
    assert ("me", "s3cret") == (os.environ["INHERITED"], os.environ["DB"])


def test_load_env_tells_whether_there_was_anything() -> None:
    """A mapping of which nothing is left sets nothing."""
    path = write("none.toml", '[env]\nA = { kind = "note", name = "nowhere", optional = true }\n')
    assert not mysafe_env.load_env(path)


def test_load_env_hands_over_files() -> None:
    """A variable with `as = "file"` holds a path with the value."""
    path = write("file.toml", '[env]\nN = { kind = "note", name = "n", as = "file" }\n')
    mysafe_env.load_env(path)
    assert "many\nlines" == Path(os.environ["N"]).read_text()


def test_load_env_sets_all_or_nothing() -> None:
    """A value that no environment can carry leaves the environment as it was."""
    path = write("nul.toml", '[env]\nFIRST = "1"\nNUL = "\\u0000"\n')
    with pytest.raises(SinkError):
        mysafe_env.load_env(path)
    assert "FIRST" not in os.environ


def test_nothing_stays_open() -> None:
    """A program may resolve again and again: neither connections nor threads are left of it."""
    code = """
import os, threading, time, mysafe_env

def left():
    # A thread that was told to end takes a moment.
    end = time.monotonic() + 60
    while threading.active_count() > 1 and time.monotonic() < end:
        time.sleep(0.01)
    return threading.active_count(), len(os.listdir("/proc/self/fd"))

mysafe_env.resolve()
before = left()
for _ in range(3):
    mysafe_env.resolve()
print(before == left())
"""
    with running_emulator(VAULT) as emulator:
        environment = dict(line.split("=", 1) for line in emulator.settings.splitlines())
        finished = run_python(code, environment={**environment, "PYTHONWARNINGS": "error"})
    assert (b"True\n", b"") == (finished.stdout, finished.stderr)


def test_connect_gives_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client talks to the server of the environment's settings."""
    with running_emulator(VAULT) as emulator:
        monkeypatch.setenv("MYSAFE_URL", emulator.url)
        monkeypatch.setenv("MYSAFE_CLIENT_ID", emulator.client_id)
        monkeypatch.setenv("MYSAFE_CLIENT_SECRET", emulator.client_secret.reveal())
        with mysafe_env.connect() as mysafe:
            (row,) = mysafe.list_passwords(tag="t")
            assert Secret("s3cret") == mysafe.get_password(row.identifier).password


def test_connect_reads_a_settings_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment does not say can stand in a file."""
    monkeypatch.delenv("MYSAFE_URL")
    with running_emulator(VAULT) as emulator:
        write("connection.env", emulator.settings)
        with mysafe_env.connect("connection.env") as mysafe:
            assert isinstance(mysafe, MySafe)
            assert 1 == len(mysafe.list_notes())


@pytest.mark.parametrize("url", ["", "file:vault.toml"])
def test_connect_needs_a_server(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither nothing nor a local vault can be connected to."""
    monkeypatch.setenv("MYSAFE_URL", url)
    with pytest.raises(SettingsError) as caught:
        mysafe_env.connect()
    assert caught.value.hint


@pytest.mark.parametrize("name", sorted(mysafe_env.__all__))
def test_every_public_name_is_there(name: str) -> None:
    """What `__all__` lists can be had, and is documented."""
    found = getattr(mysafe_env, name)
    assert isinstance(found, str) or found.__doc__


def _named_by(hint: object) -> Iterator[type]:
    """The types that an annotation is made of."""
    if isinstance(hint, type):
        yield hint
    for part in get_args(hint):
        yield from _named_by(part)


def _callables(name: str) -> Iterator[Callable[..., object]]:
    """What can be called of what a public name means: a function, or a class with its public methods and properties."""
    thing = getattr(mysafe_env, name)
    if callable(thing):
        yield thing
    if isinstance(thing, type):
        members = [each for name, each in inspect.getmembers(thing) if name == "__init__" or not name.startswith("_")]
        yield from (each for each in members if inspect.isfunction(each) or inspect.ismethod(each))
        yield from (each.fget for each in members if isinstance(each, property) and each.fget is not None)


@pytest.mark.parametrize("name", sorted(mysafe_env.__all__))
def test_annotations_can_be_evaluated(name: str) -> None:
    """Frameworks that read the types of what they call (pydantic, typer, injection) find all of them."""
    for each in _callables(name):
        assert get_type_hints(each).keys() >= inspect.get_annotations(each, eval_str=True).keys()
        inspect.signature(each, eval_str=True)


@pytest.mark.parametrize("name", sorted(mysafe_env.__all__))
def test_every_type_of_a_public_signature_is_public(name: str) -> None:
    """Who annotates a program's own functions imports no module that may move."""
    hints = [hint for each in _callables(name) for hint in get_type_hints(each).values()]
    ours = {each for hint in hints for each in _named_by(hint) if each.__module__.startswith("mysafe_env")}
    assert set() == {each.__name__ for each in ours if getattr(mysafe_env, each.__name__, None) is not each}


@pytest.mark.parametrize("name", sorted(name for name in mysafe_env.__all__ if name.endswith("Error")))
def test_errors_can_be_pickled_and_copied(name: str) -> None:
    """One that is raised in a worker process arrives in its parent with its class, message and hint."""
    kind = getattr(mysafe_env, name)
    many = issubclass(kind, (MappingError, ResolveError, mysafe_env.VaultFileError))
    error = kind([mysafe_env.Report("one", "do"), mysafe_env.Report("two")]) if many else kind("one", "do")
    pickled = pickle.loads(pickle.dumps(error))  # noqa: S301  # made here
    for again in (pickled, copy.copy(error), copy.deepcopy(error)):
        assert (kind, str(error), error.reports) == (type(again), str(again), again.reports)


def test_every_name_is_imported_without_a_warning() -> None:
    """A program that makes errors of warnings can use us."""
    code = "import mysafe_env\nfor name in mysafe_env.__all__: getattr(mysafe_env, name)"
    assert (
        "" == run_python(code, environment={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": "error"}).output
    )


def test_dir_lists_the_public_names() -> None:
    """Completion in an interpreter shows what there is, imported or not."""
    assert sorted(mysafe_env.__all__) == dir(mysafe_env)


def test_another_name_is_an_attribute_error() -> None:
    """A misspelt name fails as in any module."""
    with pytest.raises(AttributeError, match="mysafe_env' has no attribute 'resolv'"):
        _ = mysafe_env.resolv  # type: ignore[attr-defined]  # the point


def test_importing_the_package_costs_nothing() -> None:
    """Nothing of ours or of others is imported before a name is used."""
    code = (
        "import sys, mysafe_env\n"
        "print(sorted(name for name in sys.modules if name.startswith('mysafe_env.')), 'requests' in sys.modules)"
    )
    assert "[] False" == run_python(code, environment={"PYTHONPATH": os.pathsep.join(sys.path)}).output


def test_the_local_vault_needs_no_requests() -> None:
    """Resolving from a file imports neither requests nor Jinja2."""
    write("plain.toml", '[env]\nDB = { kind = "password", tag = "t" }\n')
    code = (
        "import sys, mysafe_env\n"
        "mysafe_env.load_env('plain.toml')\n"
        "print(sorted({'requests', 'jinja2', 'urllib3', 'click', 'dotenv'} & sys.modules.keys()))"
    )
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "MYSAFE_URL": "file:vault.toml"}
    assert "[]" == run_python(code, environment=environment).output
