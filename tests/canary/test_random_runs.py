"""Five hundred runs of `mysafe-run` that nobody thought of: mappings, env files and options put together at random."""

import random
from collections.abc import Iterator

import pytest

from mysafe_env.secret import Secret
from tests.canary.cage import CLIENT_ID, CLIENT_SECRET, MARK, VAULT, Cage
from tests.support.emulator import running_emulator

BATCHES = 10
RUNS = 50

# Alone on a line of the mapping: right ones and wrong ones, so that about half of the runs start their command.
GOOD_VALUES = (
    '"plain"',
    '""',
    '"snow \\u2603 \\t \\u0001"',
    f'"{MARK}"',
    f'{{ value = "{MARK}" }}',
    '"mysafe://secretapi/stripe"',
    '"mysafe://secretapi/stripe#client_id"',
    '"mysafe://note/key"',
    '"mysafe://password/database#token"',
    '"mysafe://password?tag=db#username"',
    '{ kind = "password", tag = "db" }',
    '{ kind = "password", name = "database", username = "orders", field = "url" }',
    '{ kind = "note", name = "key", as = "file" }',
    f'{{ kind = "note", name = "nowhere", default = "{MARK}" }}',
    '{ kind = "note", name = "nowhere", optional = true }',
    '{ kind = "secretapi", identifier = 1 }',
    '{ template = "{{ A0 }}-{{ A1|urlencode }}" }',
    "{ template = \"{{ secret('mysafe://note/key')|urlencode }}\" }",
    "{ template = \"{% for i in tagged('all') %}{{ i.name }}{% endfor %}\" }",
)
BAD_VALUES = (
    "8080",
    "[]",
    MARK,
    f'"{MARK}',
    f'"mysafe://nowhere/{MARK}"',
    '"mysafe://note/a/b"',
    '"mysafe://note"',
    '"mysafe://password/no%20entry"',
    '"mysafe://note/retired"',
    '"mysafe://note/twin"',
    '"mysafe://note/nul"',
    '"mysafe://note/large"',
    '"mysafe://secretapi/empty"',
    '"secretsafe://item/x"',
    f'{{ kind = "note", name = "{MARK}", optional = 1 }}',
    f'{{ value = "{MARK}", kind = "note" }}',
    '{ kind = "password", identifier = "x" }',
    '{ kind = "password" }',
    '{ template = "{{ A0[99] }}{{ env[A1] }}" }',
    '{ template = "{{ NOWHERE" }',
    '{ template = "{{ A0|b64decode }}{{ {}[A0] }}" }',
    "{ template = \"{{ item('note', name=A0).note }}\" }",
    "{ template = \"{{ '\\\\ud800' ~ A0 }}\" }",
    '{ template = "{{ A0 * 100000 }}" }',
    '{ template = "{{ environ.BYTES }}" }',
)
GOOD_NAMES = ("A0", "A1", "DB", "_x", "lower", "KEEP", "PATH2")
BAD_NAMES = ('"1x"', '""', '"a b"', "LD_PRELOAD", '"\\u0000"', '"é"')
TABLES = (
    '[[tagged]]\ntag = "all"\nkind = "password"\nname = "T_{name}_{field}"\n',
    '[[tagged]]\ntag = "all"\nname = "T_{name}"\n',
    '[[tagged]]\ntag = "all"\nkind = ["note", "password"]\nfields = ["name"]\n',
    '[[tagged]]\ntag = "nowhere"\nkind = "note"\noptional = true\n',
    '[[tagged]]\ntag = "all"\nkind = "note"\nname = "{nowhere}"\n',
    '[[tagged]]\ntag = "all"\nkind = "note"\nname = "LD_PRELOAD"\n',
    '[[tagged]]\nname = "x"\n',
    '[[render]]\ntemplate = "app.conf.j2"\nto = "app.conf"\n',
    '[[render]]\ntemplate = "t.j2"\nto = "app.conf"\nmode = "0640"\n',
    '[[render]]\ntemplate = "nowhere.j2"\nto = "app.conf"\n',
    '[[render]]\ntemplate = "a\\u0000b"\nto = "\\u0000"\n',
    '[[render]]\ntemplate = "tmp"\nto = "tmp"\n',
    f"[profile.broken.env]\nA0 = {MARK}\n",
    f'[nowhere]\nA0 = "{MARK}"\n',
)
TEMPLATES = (
    "{{ A0 }}",
    "{{ DB|shquote }} {{ environ.HOME }}",
    "{% include 'app.conf.j2' %}",
    "{{ nowhere }}",
    "{{ '\\ud800' }}{{ environ.BYTES }}",
    "{{ {}[A0] }}",
    "{% for x in env %}{{ x }}{{ env[x] }}{% endfor %}",
)
ENV_LINES = (
    f"E0={MARK}",
    f"E1='{MARK}",
    "E2=mysafe://note/key",
    "E3=mysafe://nowhere/x",
    "A0=${HOME}",
    f"export E4={MARK}",
    f"{MARK}",
    "E5=\udcff",
    "MYSAFE_CLIENT_SECRET=" + MARK,
    "# nothing",
    "E6=\0",
)
OPTIONS = (
    ("-v",),
    ("-p", "staging"),
    ("-e", "random.env"),
    ("-m", "mysafe.toml"),
    ("--keep", "KEEP"),
    ("--pristine",),
    ("--pass", "P*"),
    ("--drop", "*E*"),
    ("--no-render",),
    ("--no-inherited-refs",),
    ("--keep-credentials",),
    ("--timeout", "5"),
    ("--insecure-http",),
)
BAD_OPTIONS = (
    ("-p", "broken"),
    ("-e", "nowhere.env"),
    ("-m", "nowhere.toml"),
    ("--timeout", "never"),
    ("--settings", "random.env"),
    ("--settings", "nowhere.env"),
)
INHERITED = (
    ("HOME", f"/home/{MARK}"),
    ("KEEP", "mysafe://note/key"),
    ("REFERENCE", "mysafe://secretapi/stripe"),
    ("WRONG", "mysafe://nowhere"),
    ("BYTES", "\udcff\udcfe"),
    ("MYSAFE_PROFILE", "staging"),
    ("MYSAFE_TIMEOUT", "10"),
    ("SECRETSAFE_MASTER_PASSWORD", MARK),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server with the vault of the cage."""
    secret = Secret(CLIENT_SECRET)
    folder = tmp_path_factory.mktemp("server")
    path = folder / "vault.toml"
    path.write_text(VAULT)
    path.chmod(0o600)
    with running_emulator(path, client_id=CLIENT_ID, client_secret=secret) as emulator:
        yield emulator.url


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_random_run_starts_its_command_or_says_why_not(cage: Cage, server: str, batch: int) -> None:
    """It ends with 0 or 125, without a traceback, and no message of any verbosity holds a canary."""
    codes = set()
    for number in range(RUNS):
        choice = random.Random(batch * RUNS + number)  # noqa: S311  # a dice, not a key
        _prepare(cage, choice, server)
        done = cage.run(
            "mysafe-run",
            *_some(choice, OPTIONS, 3),
            *_some(choice, BAD_OPTIONS, int(choice.random() < 0.1)),
            "--",
            "true",
        )
        assert done.code in {0, 125}, done
        codes.add(done.code)
    assert {0, 125} == codes


def _prepare(cage: Cage, choice: random.Random, server: str) -> None:
    mapping = _mapping(choice)
    cage.write({"mysafe.toml": mapping, "t.j2": choice.choice(TEMPLATES)})
    lines = "\n".join(choice.sample(ENV_LINES, choice.randint(1, 3)))
    cage.write({"random.env": lines.encode(errors="surrogateescape")})
    for name, _ in INHERITED:
        cage.environment.pop(name, None)
    cage.use(**dict(choice.sample(INHERITED, choice.choice((0, 0, 1, 3)))))
    if choice.random() < 0.2:
        cage.use_server(server)
    else:
        cage.use(MYSAFE_URL="file:vault.toml", MYSAFE_CLIENT_SECRET="")


def _mapping(choice: random.Random) -> str:
    wrong = 0.02
    lines = ["[env]"]
    for name in choice.sample(GOOD_NAMES, choice.randint(1, len(GOOD_NAMES))):
        name_now = choice.choice(BAD_NAMES) if choice.random() < wrong else name
        values = BAD_VALUES if choice.random() < wrong * 3 else GOOD_VALUES
        lines.append(f"{name_now} = {choice.choice(values)}")
    lines += [
        f'{name} = "needed by templates"'
        for name in ("A0", "A1")
        if not any(line.startswith(f"{name} =") for line in lines)
    ]
    tables = choice.sample(TABLES, choice.choice((0, 0, 0, 0, 1, 2)))
    return "\n".join([*lines, "[profile.staging.env]", f'A0 = "{MARK}"', *tables]) + "\n"


def _some(choice: random.Random, options: tuple[tuple[str, ...], ...], most: int) -> list[str]:
    """Up to so many options, with their arguments."""
    return [word for option in choice.sample(options, choice.randint(0, most)) for word in option]
