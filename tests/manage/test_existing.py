"""What exists already is told apart from what an import has made, and from what it is about to make."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.manage.commands import System
from tests.mysafe.bodies import CLIENT_ID, CLIENT_SECRET, NO_ROUTE, TOKEN_PATH, refusal, success, token_reply
from tests.support.forked import ForkServer
from tests.support.scripted_server import Reply, Request, Script, ScriptedServer

TAKEN = "1001: Identifier already found in another API key of this user"
API_KEY = {"identifier": "31", "name": "API_KEY", "identifier_code": "API_KEY"}


@contextmanager
def loose(
    folder: Path, forks: ForkServer, kind: str, items: Mapping[str, Mapping[str, str] | Reply], created: Reply
) -> Iterator[System]:
    """A server whose lists narrow nothing, with names only; *items* are its rows and what a get of each answers."""
    keys = {"secretapi": "api_secret", "password": "password"}
    names = [{"identifier": number, "name": item["name"]} for number, item in items.items() if isinstance(item, dict)]
    unread = [{"identifier": number, "name": "KEY"} for number, item in items.items() if isinstance(item, Reply)]

    def answer(request: Request) -> Script:
        number = request.path.rpartition("/")[2]
        if request.path == TOKEN_PATH:
            return token_reply()
        if request.method != "GET":
            return created
        if number == kind:
            return success(**{f"{keys[kind]}_on_list": names + unread})
        item = items.get(number, NO_ROUTE)
        return item if isinstance(item, Reply) else success(**{f"{keys[kind]}_entity": item})

    with ScriptedServer(answer) as server:
        access = {"MYSAFE_URL": server.url, "MYSAFE_CLIENT_ID": CLIENT_ID, "MYSAFE_CLIENT_SECRET": CLIENT_SECRET}
        yield System(folder, {"PATH": "/usr/bin:/bin", "HOME": str(folder), **access}, forks)


def sent(folder: Path, kind: str, columns: str, cells: str) -> None:
    """A file of one row, KEY, and the result of an import that does not know what became of it."""
    (folder / "x.csv").write_text(f"kind,name,{columns}\n{kind},KEY,{cells}\n", encoding="utf-8")
    line = {"row": 1, "kind": kind, "name": "KEY", "status": "sending", "identifier": ""}
    (folder / "r").write_text(json.dumps(line) + "\n", encoding="utf-8")


KEYS = """kind,name,username,password,url,client_id,identifier_code
password,new,u,p,,,
password,db,other,p,,,
secretapi,Stripe,,,u,c,
secretapi,free,,,u,c,free
secretapi,pay,,,u,c,stripe-live
"""
OURS = {"identifier": "32", "name": "KEY", "identifier_code": "KEY"}


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--result", "r")])
def test_names_and_codes_that_are_taken_are_told_together(vault: System, options: tuple[str, ...]) -> None:
    """Before the first create: a name, under whatever username or code, and a code, under whatever name."""
    (vault.folder / "x.csv").write_text(KEYS, encoding="utf-8")
    before = [vault.json("list", kind) for kind in ("password", "secretapi")]
    done = vault.run("import", "x.csv", "--json", *options)
    told = [(row["status"], row["identifier"]) for row in json.loads(done.stdout)]
    free = ("new" if options == ("--dry-run",) else "not tried", "")
    assert (1, [free, ("exists", "1"), ("exists", "1"), free, ("exists", "1")]) == (done.code, told)
    assert [
        'error: row 2: there is a password "db" already',
        'error: row 3: there is a secretapi "Stripe" already',
        'error: row 5: the identifier_code "stripe-live" is taken: secretapi 1 "Stripe" is listed for it',
        (
            "hint: change the row, set the new items apart with --prefix, or give the result file of the earlier "
            "import with --result"
        ),
    ] == [line.removeprefix("mysafe-env: ") for line in done.stderr.decode().splitlines()][:4]
    assert before == [vault.json("list", kind) for kind in ("password", "secretapi")]


def test_an_item_of_its_name_and_code_is_told_once(vault: System) -> None:
    """One reason is enough."""
    (vault.folder / "x.csv").write_text(KEYS.replace(",pay,", ",Stripe,").replace("Stripe,,,u,c,\n", "other,,,u,c,\n"))
    done = vault.run("import", "x.csv")
    assert 'error: row 5: there is a secretapi "Stripe" already\n' in done.stderr.decode()


def test_rows_of_one_name_are_in_nobodys_way(vault: System) -> None:
    """What a row has made, even if only the list tells it, is no reason to stop at another row of its name."""
    text = "name,username,password,variable\nA,one,p,ONE\nA,two,p,TWO\n"
    (vault.folder / "x.csv").write_text(text, encoding="utf-8")
    vault.json("create", "password", "--name", "A", "--username", "two", "--generate")
    line = {"row": 2, "kind": "password", "name": "A", "status": "sending", "identifier": ""}
    (vault.folder / "r").write_text(json.dumps(line) + "\n", encoding="utf-8")
    told = vault.json("import", "x.csv", "--result", "r")
    assert [("created", "4"), ("found", "3")] == [(row["status"], row["identifier"]) for row in told]


@pytest.mark.parametrize(
    ("items", "status", "identifier"),
    [
        ({"31": API_KEY}, "created", "40"),
        ({"31": API_KEY, "32": OURS}, "found", "32"),
        ({"32": {"identifier": "32", "name": "KEY"}}, "found", "32"),
        ({"31": {**API_KEY, "name": "KEY"}}, "exists", "31"),
        ({"33": refusal(1006, "User does not have access")}, "exists", "33"),
        ({"31": {**OURS, "name": "other"}}, "exists", "31"),
    ],
)
def test_only_what_is_alike_is_taken_for_what_was_sent(
    measured_forks: ForkServer, tmp_path: Path, items: Mapping[str, dict[str, str]], status: str, identifier: str
) -> None:
    """The name, and the identifier_code where the item carries one, whatever the server's filter lets through."""
    sent(tmp_path, "secretapi", "url,client_id,identifier_code", "u,c,KEY")
    made = success(api_entity={"identifier": "40", "name": "KEY", "identifier_code": "KEY"})
    with loose(tmp_path, measured_forks, "secretapi", items, made) as opened:
        done = opened.run("import", "x.csv", "--result", "r", "--json")
    (row,) = json.loads(done.stdout)
    assert (status, identifier) == (row["status"], row["identifier"])
    assert (status == "exists") == (b"give those that are not this row's another name" in done.stderr)


@pytest.mark.parametrize(("username", "status"), [("orders", "found"), ("billing", "exists")])
def test_a_password_is_read_where_its_row_lacks_the_username(
    measured_forks: ForkServer, tmp_path: Path, username: str, status: str
) -> None:
    """Its name alone does not tell it."""
    sent(tmp_path, "password", "username,password", "orders,p")
    items = {"11": {"identifier": "11", "name": "KEY", "username": username}}
    made = success(password_entity={"identifier": "40", "name": "KEY"})
    with loose(tmp_path, measured_forks, "password", items, made) as opened:
        (row,) = json.loads(opened.run("import", "x.csv", "--result", "r", "--json").stdout)
    assert status == row["status"]


def test_only_who_has_a_code_is_told_as_its_holder(measured_forks: ForkServer, tmp_path: Path) -> None:
    """Not another API secret that the server's filter lets through."""
    argv = ("update", "secretapi", "40", "--identifier-code", "KEY")
    with loose(tmp_path, measured_forks, "secretapi", {"31": API_KEY}, refusal(1001, TAKEN[6:])) as opened:
        _, (error, _) = opened.refusal(*argv)
    assert f'error: the identifier_code "KEY" is taken (MySafe: {TAKEN})' == error
