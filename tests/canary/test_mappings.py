"""Mappings, env files and vault files that are wrong: messages name the place, and show no value."""

import pytest

from tests.canary.cage import MARK, Cage

MAPPING_COMMANDS = (
    ("mysafe-run", "-v", "-m", "bad.toml", "true"),
    ("mysafe-env", "export", "-v", "--format", "shell", "-m", "bad.toml"),
    ("mysafe-env", "check", "-v", "-m", "bad.toml"),
)
MAPPINGS = {
    "unquoted": f"[env]\nA = {MARK}\n",
    "unfinished": f'[env]\nA = "{MARK}\n',
    "unfinished lines": f'[env]\nA = """{MARK}\n\n',
    "bad escape": f'[env]\nA = "{MARK} \\q"\n',
    "control character": f'[env]\nA = "{MARK} \x01"\n',
    "twice": f'[env]\nA = "{MARK}"\nA = "{MARK}"\n',
    "a list": f'[env]\nA = ["{MARK}"]\n',
    "a table of values": f'[env]\nA = {{ value = ["{MARK}"] }}\n',
    "value and kind": f'[env]\nA = {{ value = "{MARK}", kind = "note", name = "key" }}\n',
    "value and default": f'[env]\nA = {{ value = "{MARK}", default = "{MARK}" }}\n',
    "default and optional": f'[env]\nA = {{ kind = "note", name = "key", default = "{MARK}", optional = true }}\n',
    "number for default": '[env]\nA = { kind = "note", name = "key", default = 8080 }\n',
    "dangerous": f'[env]\nLD_PRELOAD = "{MARK}"\n',
    "bad name": f'[env]\n"1 x" = "{MARK}"\n',
    "dotted": f'[env]\nA.b = "{MARK}"\n',
    "nothing else": f'env = "{MARK}"\n',
    "unknown table": f'[enw]\nA = "{MARK}"\n',
    "profile": f'profile = "{MARK}"\n',
    "profile text": f'[profile]\nstaging = "{MARK}"\n',
    "template syntax": f'[env]\nA = {{ template = "{MARK} {{{{ " }}\n',
    "template name": f'[env]\nA = {{ template = "{MARK} {{{{ NOWHERE }}}}" }}\n',
    "template filter": f'[env]\nA = {{ template = "{MARK} {{{{ 1|nofilter }}}}" }}\n',
    "as something": f'[env]\nA = {{ value = "{MARK}", as = "pipe" }}\n',
    "optional text": f'[env]\nA = {{ value = "{MARK}", optional = "yes" }}\n',
    "NUL": f'[env]\nA = "{MARK} \\u0000"\n',
    "nested": "[env]\nA = " + "[" * 3000 + f'"{MARK}"' + "]" * 3000 + "\n",
}


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_faulty_mapping_shows_no_value(cage: Cage, name: str) -> None:
    """Even a mapping, which should hold no secret, is not quoted."""
    cage.write({"bad.toml": MAPPINGS[name]})
    codes = [cage.run(*command).code for command in MAPPING_COMMANDS]
    assert 125 == codes[0]


def test_a_mapping_that_is_no_text_shows_nothing(cage: Cage) -> None:
    """A file in another encoding is named, and not quoted."""
    cage.write({"bad.toml": f'[env]\nA = "{MARK} \xff"\n'.encode("latin-1")})
    assert [125, 1, 1] == [cage.run(*command).code for command in MAPPING_COMMANDS]


ENV_FILES = {
    "no equals sign": f"A\nB {MARK}\n",
    "unfinished": f"A='{MARK}\n",
    "garbage after the quote": f"A='{MARK}' {MARK}\n",
    "bad name": f"1-x={MARK}\n",
    "no name": f"={MARK}\n",
    "name is the secret": f"{MARK} {MARK}={MARK}\n",
    "bad reference": f"A={MARK}\nB=mysafe://nowhere/x\n",
    "missing item": f"A={MARK}\nB=mysafe://note/nowhere\n",
    "NUL": f"A={MARK}\0\n",
    "escape sequence": f"A={MARK}\n\x1b[31m\n",
    "interpolation": f"A=${{SECRET:-{MARK}}}\nB=${{\n",
    "shell": f"export {MARK}\n$({MARK})\n",
}


@pytest.mark.parametrize("name", ENV_FILES)
def test_a_faulty_env_file_shows_no_value(cage: Cage, name: str) -> None:
    """Env files may hold real secrets, so their lines are told by number."""
    cage.write({"bad.env": ENV_FILES[name]}).use(SECRET=MARK)
    cage.run("mysafe-run", "-v", "-e", "bad.env", "true")
    cage.run("mysafe-env", "export", "-v", "--format", "shell", "-e", "bad.env", sink=True)
    cage.run("mysafe-env", "check", "-v", "-e", "bad.env")


VAULTS = {
    "unquoted": f"[[password]]\npassword = {MARK}\n",
    "unfinished": f'[[password]]\npassword = "{MARK}\n',
    "bad escape": f'[[password]]\npassword = "{MARK}\\q"\n',
    "list": f'[[password]]\nname = "n"\npassword = ["{MARK}"]\n',
    "unknown key": f'[[password]]\nname = "n"\npasword = "{MARK}"\n',
    "unknown table": f'[[pasword]]\nname = "n"\npassword = "{MARK}"\n',
    "single": f'[password]\nname = "n"\npassword = "{MARK}"\n',
    "no name": f'[[password]]\npassword = "{MARK}"\n',
    "flag": f'[[password]]\nname = "n"\ncan_view = "{MARK}"\n',
    "seed": f'[[password]]\nname = "n"\nsecret_key = "{MARK}!"\n',
    "identifier": f'[[password]]\nname = "n"\nidentifier = "{MARK}"\n',
    "same code": f'[[secretapi]]\nname = "n"\nidentifier_code = "{MARK}"\n' * 2,
    "grant": f'[[note]]\nname = "n"\nusers_allowed = ["{MARK}"]\n',
    "twice": f'[[note]]\nname = "n"\nnote = "{MARK}"\nnote = "{MARK}"\n',
}


@pytest.mark.parametrize("name", VAULTS)
def test_a_faulty_vault_file_shows_no_value(cage: Cage, name: str) -> None:
    """A local vault is told where it is wrong, not what stands there; the emulator does not serve it either."""
    cage.write({"bad.toml": VAULTS[name]}).use(MYSAFE_URL="file:bad.toml")
    assert 125 == cage.run("mysafe-run", "-v", "true").code
    assert 1 == cage.run("mysafe-env", "list", "note", "-v").code
    assert 1 == cage.run("mysafe-env", "emulate", "--vault", "bad.toml").code


def test_a_vault_that_others_can_read_shows_nothing(cage: Cage) -> None:
    """A vault file with the wrong permissions is refused unread."""
    (cage.folder / "vault.toml").chmod(0o644)
    assert 125 == cage.run("mysafe-run", "-v", "true").code


ITEMS = {
    "no view": '{ kind = "password", name = "no entry" }',
    "retired": '{ kind = "note", name = "retired" }',
    "two": '{ kind = "note", name = "twin" }',
    "none": '{ kind = "note", name = "nowhere" }',
    "null": '"mysafe://secretapi/empty"',
    "NUL": '{ kind = "note", name = "nul" }',
    "large": '{ kind = "note", name = "large" }',
}


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_that_can_not_be_had_shows_nothing_of_the_others(cage: Cage, name: str) -> None:
    """One value that can't be handed over stops everything, and shows neither itself nor its neighbours."""
    cage.write({"bad.toml": f'[env]\nA = {ITEMS[name]}\nB = "mysafe://note/key"\n'})
    assert 125 == cage.run("mysafe-run", "-v", "-m", "bad.toml", "true").code
    exported = cage.run("mysafe-env", "export", "-v", "--format", "shell", "-m", "bad.toml", sink=name == "large")
    assert (name != "large") == bool(exported.code)
    cage.run("mysafe-env", "check", "-m", "bad.toml")
