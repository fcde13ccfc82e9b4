"""Values that can't be handed over: the command that is not there, the file that can't be written."""

import pytest

from mysafe_env.sinks.export.registry import FORMATS
from tests.canary.cage import MARK, Cage

COMMANDS = {
    "not found": (("nowhere-to-be-found",), 127),
    "path not found": (("/nowhere/program",), 127),
    "empty": (("",), 127),
    "directory": (("/tmp",), 126),  # noqa: S108  # any directory
    "not executable": (("./vault.toml",), 126),
    "no interpreter": (("./script",), 126),
    "name too long": (("a" * 300,), 127),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("program", [("mysafe-run",), ("mysafe-env", "run")])
def test_a_command_that_does_not_start(cage: Cage, name: str, program: tuple[str, ...]) -> None:
    """The exit code tells why, as env(1) does it, and nothing of the environment that was ready is shown."""
    command, code = COMMANDS[name]
    cage.write({"script": "#!/nowhere/interpreter\n"})
    (cage.folder / "script").chmod(0o700)
    assert code == cage.run(*program, "-v", "--no-render", "--", *command).code


OUTPUTS = ("nowhere/out.json", "tmp", "/dev/full", "/proc/version", "a\nb/c", "x" * 300, "loop")


@pytest.mark.parametrize("path", OUTPUTS)
def test_an_output_that_can_not_be_written(cage: Cage, path: str) -> None:
    """A file that can't be written is named, and nothing is written elsewhere."""
    (cage.folder / "loop").symlink_to("loop")
    assert cage.run("mysafe-env", "export", "-v", "--format", "json", "-o", path).code
    assert cage.run("mysafe-env", "render", "-v", "app.conf.j2", "-o", path).code
    cage.write({"bad.toml": f'[env]\nA = "mysafe://note/key"\n[[render]]\ntemplate = "a.j2"\nto = {path!r}\n'})
    cage.write({"a.j2": "{{ A }}"})
    assert cage.run("mysafe-env", "render", "-v", "-m", "bad.toml").code
    assert cage.run("mysafe-run", "-v", "-m", "bad.toml", "true").code


def test_an_environment_that_is_too_large(cage: Cage) -> None:
    """A total that the system does not take is told with names and sizes."""
    names = "\n".join(f'A{number} = "{MARK * 12000}"' for number in range(60))
    cage.write({"bad.toml": f'[env]\nK = "mysafe://note/key"\n{names}\n'})
    assert 125 == cage.run("mysafe-run", "-m", "bad.toml", "true").code


@pytest.mark.parametrize("format_name", ["nowhere", "dotenv2", ""])
def test_an_unknown_format(cage: Cage, format_name: str) -> None:
    """A format that there is not is refused before anything is fetched."""
    assert 2 == cage.run("mysafe-env", "export", "-v", "--format", format_name).code


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("item", ["key", "nul", "block", "large"])
def test_a_value_that_a_format_can_not_carry(cage: Cage, format_name: str, item: str) -> None:
    """A refusal names the variable and the reason; what is written goes to the requested place alone."""
    cage.write({"one.toml": f'[env]\nA = {{ kind = "note", name = "{item}" }}\nB = "mysafe://secretapi/stripe"\n'})
    cage.use(GITHUB_ACTIONS="")
    cage.run("mysafe-env", "export", "-v", "-m", "one.toml", "--format", format_name, sink=True)


USAGE = (
    ("mysafe-run",),
    ("mysafe-run", "--nowhere", "true"),
    ("mysafe-run", "-v", "--timeout"),
    ("mysafe-run", "-c"),
    ("mysafe-env", "run"),
    ("mysafe-env", "nowhere"),
    ("mysafe-env", "export"),
    ("mysafe-env", "list"),
    ("mysafe-env", "list", "pasword"),
    ("mysafe-env", "list", "note", "--username", "x"),
    ("mysafe-env", "get", "password"),
    ("mysafe-env", "get", "password", "1", "--field", "nowhere"),
    ("mysafe-env", "get", "password", "no-number"),
    ("mysafe-env", "get", "password", "99"),
    ("mysafe-env", "get", "password", "2"),
    ("mysafe-env", "get", "note", "2", "--reveal"),
    ("mysafe-env", "get", "secretapi", "2", "--field", "client_secret"),
    ("mysafe-env", "render", "-o", "x"),
    ("mysafe-env", "render", "nowhere.j2"),
    ("mysafe-env", "render", "tmp"),
    ("mysafe-env", "emulate"),
    ("mysafe-env", "emulate", "--vault", "nowhere.toml"),
    ("mysafe-env", "emulate", "--vault", "vault.toml", "--fault", "nowhere"),
    ("mysafe-env", "emulate", "--vault", "vault.toml", "--port", "99999"),
    ("mysafe-env", "emulate", "--vault", "vault.toml", "--latency", "-1"),
    ("mysafe-env", "demo", "argument"),
)


@pytest.mark.parametrize("argv", USAGE, ids=" ".join)
def test_a_command_line_that_is_wrong(cage: Cage, argv: tuple[str, ...]) -> None:
    """Usage errors end with 125 for a wrapper and with 1 or 2 for the rest, and show nothing."""
    wraps = argv[0] == "mysafe-run" or argv[1] == "run"
    assert cage.run(*argv).code in ({125} if wraps else {1, 2})


def test_nothing_to_do(cage: Cage) -> None:
    """A folder without a mapping is a usage error for every command that needs one."""
    (cage.folder / "mysafe.toml").unlink()
    assert 125 == cage.run("mysafe-run", "true").code
    for command in (("export", "--format", "json"), ("render",), ("check",)):
        assert 2 == cage.run("mysafe-env", *command).code
