"""How often the server is asked, counted where the requests arrive."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mysafe_env.emulator.mysafe.server import Emulator
from mysafe_env.errors import ResolveError
from mysafe_env.inputs import Inputs, plan_inputs
from mysafe_env.resolver import Resolver
from mysafe_env.settings import Settings
from mysafe_env.templating import read_template
from tests.support.emulator import running_emulator

TOKEN = "/api/oauth2/token"
ONE_ITEM = '[[password]]\nname = "db"\nusername = "me"\npassword = "p"\nurl = "u"\ntags = "t"\n'
MANY = 60


@dataclass
class Counted:
    """A server with a vault, and the way to resolve mappings from it."""

    emulator: Emulator
    folder: Path
    method: str = "auto"
    auth: str = ""

    def resolve(self, mapping: str, template: str = "") -> dict[str, str]:
        """The values of a mapping, fetched together with what a template asks for."""
        path = self.folder / "mysafe.toml"
        path.write_text(mapping, encoding="utf-8")
        besides = self._needs(template)
        plan = plan_inputs(Inputs({}, (str(path),)))
        resolution = Resolver(self._settings).resolve(plan, {}, besides)
        return {name: value.reveal() for name, value in resolution.values().items()}

    @property
    def _settings(self) -> Settings:
        return Settings(
            url=self.emulator.url,
            client_id=self.emulator.client_id,
            client_secret=self.emulator.client_secret,
            token_method=self.method,
            token_auth=self.auth,
        )

    def _needs(self, template: str) -> Any:  # noqa: ANN401  # handed from one of ours to the other
        if not template:
            return ()
        path = self.folder / "template.j2"
        path.write_text(template)
        return read_template(str(path)).needs().lookups

    @property
    def calls(self) -> list[str]:
        """What was asked besides tokens, in a fixed order."""
        return sorted(asked.target for asked in self.emulator.requests if not asked.target.startswith(TOKEN))

    @property
    def tokens(self) -> list[str]:
        """The methods of the token requests."""
        return [asked.method for asked in self.emulator.requests if asked.target.startswith(TOKEN)]


Start = Callable[..., AbstractContextManager[Counted]]


@pytest.fixture
def counted(tmp_path: Path) -> Start:
    """Starts a server with a vault; the options are those of `Emulator`."""

    @contextmanager
    def start(vault: str, **options: Any) -> Iterator[Counted]:  # noqa: ANN401  # Emulator's own
        with running_emulator(vault, **options) as emulator:
            yield Counted(emulator, tmp_path)

    return start


def many_items(count: int) -> str:
    """A vault of so many notes, each with a name and all with a tag."""
    return "".join(f'[[note]]\nname = "n{number}"\nnote = "v{number}"\ntags = "all"\n' for number in range(count))


def test_many_variables_of_one_item_are_one_get(counted: Start) -> None:
    """Two hundred variables cost one token, one list and one get."""
    lines = [f'V{number} = {{ kind = "password", tag = "t" }}' for number in range(200)]
    with counted(ONE_ITEM) as server:
        assert {"p"} == set(server.resolve("[env]\n" + "\n".join(lines)).values())
        assert ["/api/mysafe/password/1", "/api/mysafe/password?tag=t"] == sorted(server.calls)
        assert ["POST"] == server.tokens


def test_fields_of_one_item_are_one_get(counted: Start) -> None:
    """User, password and URL of an item come in one answer."""
    fields = ("username", "password", "url", "name", "tags")
    lines = [f'{name.upper()} = {{ kind = "password", tag = "t", field = "{name}" }}' for name in fields]
    with counted(ONE_ITEM) as server:
        assert ["me", "p", "u", "db", "t"] == list(server.resolve("[env]\n" + "\n".join(lines)).values())
        assert 2 == len(server.calls)


def test_one_list_per_selector_and_one_get_per_item(counted: Start) -> None:
    """Two ways to the same item are two lists and one get; a number of the server's is no list at all."""
    mapping = """[env]
A = { kind = "password", tag = "t" }
B = { kind = "password", name = "db" }
C = "mysafe://password/db#username"
D = { kind = "password", identifier = 1 }
"""
    with counted(ONE_ITEM) as server:
        server.resolve(mapping)
        expected = ["/api/mysafe/password/1", "/api/mysafe/password?name=db", "/api/mysafe/password?tag=t"]
        assert expected == server.calls


def test_every_call_is_made_once(counted: Start) -> None:
    """Sixty items are sixty lists and sixty gets, over no more than sixteen connections."""
    lines = [f'V{number} = "mysafe://note/n{number}"' for number in range(MANY)]
    with counted(many_items(MANY)) as server:
        assert [f"v{number}" for number in range(MANY)] == list(server.resolve("[env]\n" + "\n".join(lines)).values())
        assert {1} == set(Counter(server.calls).values())
        assert 2 * MANY == len(server.calls)
        assert ["POST"] == server.tokens
        assert server.emulator.connections <= 16


def test_connections_are_kept(counted: Start) -> None:
    """What can't be asked at the same time goes over the connection that is there."""
    with counted(ONE_ITEM) as server:
        server.resolve('[env]\nA = { kind = "password", tag = "t" }\n')
        assert 3 == len(server.emulator.requests)
        assert 1 == server.emulator.connections


def test_a_tag_is_one_list_per_kind(counted: Start) -> None:
    """A tag costs a list for each kind it is looked for in, and a get for each item that carries it."""
    mapping = '[[tagged]]\ntag = "all"\nkind = ["note", "password"]\noptional = true\n'
    with counted(many_items(5)) as server:
        assert 5 == len(server.resolve(mapping))
        lists = [call for call in server.calls if "?" in call]
        assert ["/api/mysafe/note?tag=all", "/api/mysafe/password?tag=all"] == lists
        assert 5 == len(server.calls) - len(lists)


@pytest.mark.parametrize(
    ("method", "auth", "offered", "expected"),
    [
        ("auto", "", {"POST", "GET"}, ["POST"]),
        ("auto", "", {"POST"}, ["POST"]),
        ("auto", "", {"GET"}, ["POST", "GET"]),
        ("post", "body", {"POST"}, ["POST"]),
        ("post", "basic", {"POST"}, ["POST"]),
        ("post", "query", {"POST"}, ["POST"]),
        ("get", "basic", {"GET"}, ["GET"]),
        ("get", "query", {"GET"}, ["GET"]),
    ],
)
def test_one_token_in_every_mode(
    counted: Start, method: str, auth: str, offered: set[str], expected: list[str]
) -> None:
    """One token is asked for, however it is asked; a server without the first way is asked once more, not each time."""
    lines = [f'V{number} = "mysafe://note/n{number}"' for number in range(20)]
    with counted(many_items(20), token_methods=frozenset(offered)) as server:
        server.method, server.auth = method, auth
        server.resolve("[env]\n" + "\n".join(lines))
        assert expected == server.tokens
        assert 40 == len(server.calls)


def test_a_template_asks_in_the_same_wave(counted: Start) -> None:
    """What a template's text names is fetched with the variables, and once with them."""
    mapping = '[env]\nA = "mysafe://note/n1"\nB = { template = "{{ secret(\'mysafe://note/n2\') }}{{ A }}" }\n'
    template = (
        "{{ A }}{{ secret('mysafe://note/n2') }}{{ item('note', name='n3').note }}{{ tagged('all', kind='note') }}"
    )
    with counted(many_items(4)) as server:
        server.resolve(mapping, template)
        lists = ["/api/mysafe/note?name=n1", "/api/mysafe/note?name=n2", "/api/mysafe/note?name=n3"]
        gets = [f"/api/mysafe/note/{number}" for number in (1, 2, 3, 4)]
        assert [*gets, *lists, "/api/mysafe/note?tag=all"] == server.calls
        assert ["POST"] == server.tokens


def test_literals_ask_nothing(counted: Start) -> None:
    """A mapping without references does not even open a connection."""
    with counted(ONE_ITEM) as server:
        server.resolve('[env]\nA = "1"\nB = { template = "{{ A }}" }\n')
        assert (0, ()) == (server.emulator.connections, server.emulator.requests)


def test_an_ambiguous_list_is_not_read_through(counted: Start) -> None:
    """Rows that already tell that several match cost no get."""
    mapping = '[env]\nA = { kind = "note", tag = "all", optional = true }\n'
    with counted(many_items(9)) as server:
        with pytest.raises(ResolveError, match="9 items match"):
            server.resolve(mapping)
        assert ["/api/mysafe/note?tag=all"] == server.calls
