"""The inherited environment: what of it passes, and which values are references."""

import json
import sys

import pytest

from mysafe_env.errors import MappingError
from mysafe_env.mapping.inherited import Inheritance, current_environment, inherit, read_inherited
from mysafe_env.mapping.model import Literal, Wanted
from mysafe_env.mapping.places import Problems
from mysafe_env.settings import CREDENTIALS
from tests.support.process import run_python

ENVIRON = {
    "PATH": "/bin",
    "HOME": "/root",
    "TZ": "UTC",
    "APP_A": "1",
    "APP_B": "2",
    "app_a": "3",
    "MYSAFE_URL": "file:vault.toml",
    "MYSAFE_CLIENT_SECRET": "canary",
    "SECRETSAFE_MASTER_PASSWORD_FILE": "/run/canary",
}
CREDENTIAL_FREE = set(ENVIRON) - set(CREDENTIALS)


@pytest.mark.parametrize(
    ("inheritance", "names"),
    [
        (Inheritance(), CREDENTIAL_FREE),
        (Inheritance(keep_credentials=True), set(ENVIRON)),
        (Inheritance(pristine=True), {"PATH", "HOME", "TZ"}),
        (Inheritance(pristine=True, passing=("APP_*",)), {"PATH", "HOME", "TZ", "APP_A", "APP_B"}),
        (Inheritance(passing=("APP_*",)), {"APP_A", "APP_B"}),
        (Inheritance(passing=("APP_*", "PATH")), {"APP_A", "APP_B", "PATH"}),
        (Inheritance(dropping=("APP_*",)), CREDENTIAL_FREE - {"APP_A", "APP_B"}),
        (Inheritance(dropping=("APP_[A]",)), CREDENTIAL_FREE - {"APP_A"}),
        (Inheritance(passing=("APP_*",), dropping=("*_B",)), {"APP_A"}),
        (Inheritance(pristine=True, dropping=("HOME",)), {"PATH", "TZ"}),
        (Inheritance(passing=("MYSAFE_*",)), {"MYSAFE_URL"}),
        (Inheritance(dropping=("*",), keep_credentials=True), set()),
    ],
)
def test_what_passes(inheritance: Inheritance, names: set[str]) -> None:
    """Names pass by their globs, credentials only when they are kept, and what is dropped never."""
    assert {name: ENVIRON[name] for name in names} == inherit(ENVIRON, inheritance)


def test_references_are_found() -> None:
    """A layer holds the variables whose values are references, and no other; an entry without a name is none."""
    problems = Problems()
    environ = {"A": "mysafe://note/a", "B": "x mysafe://note/b", "C": "mysafe:c", "D": "", "": "mysafe://note/e"}
    layer = read_inherited(environ, (), problems)
    problems.raise_any()
    assert ["A"] == [entry.name for entry in layer.entries]
    assert isinstance(layer.entries[0].value, Wanted)


def test_what_is_kept_is_not_read() -> None:
    """A kept reference is a literal, whatever it looks like."""
    problems = Problems()
    layer = read_inherited({"A": "mysafe://nonsense", "B": "mysafe://note/b"}, {"A"}, problems)
    problems.raise_any()
    kept, wanted = layer.entries
    assert isinstance(kept.value, Literal)
    assert "mysafe://nonsense" == kept.value.value.reveal()
    assert isinstance(wanted.value, Wanted)


def test_a_faulty_reference_is_told_by_its_variable() -> None:
    """The environment has no lines, so a problem is told with the variable, never with the value."""
    problems = Problems()
    read_inherited({"A": "mysafe://user:canary@host", "B": "mysafe://note/"}, (), problems)
    with pytest.raises(MappingError) as caught:
        problems.raise_any()
    assert [
        "environment: A: there is no such kind; known are: note, password, secretapi",
        "environment: B: the reference names no item; write mysafe://KIND/KEY#FIELD or mysafe://KIND?SELECTOR=VALUE#FIELD",
    ] == [report.message for report in caught.value.reports]


def test_the_environment_is_utf_8_whatever_the_locale() -> None:
    """Values are read as UTF-8 under the C locale too, and other bytes survive as lone surrogates."""
    code = "import json; from mysafe_env.mapping.inherited import current_environment as c; print(json.dumps(c()['X']))"
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "X": "é\udcff"}
    assert "é\udcff" == json.loads(run_python(code, environment=environment).output)


_LC_CTYPE = "from mysafe_env.mapping.inherited import current_environment as c; print(c().get('LC_CTYPE'))"


@pytest.mark.skipif(sys.platform != "linux", reason="only /proc tells what a process was started with")
@pytest.mark.parametrize(("environment", "expected"), [({}, "None"), ({"LC_CTYPE": "C.UTF-8"}, "C.UTF-8")])
def test_what_python_set_itself_is_not_inherited(environment: dict[str, str], expected: str) -> None:
    """A locale that Python coerced is not part of what we were started with; the same one from outside is."""
    assert expected == run_python(_LC_CTYPE, environment=environment).output


def test_this_process() -> None:
    """The environment of this process is among what is read."""
    assert "PATH" in current_environment()
