"""The typed client for Python programs."""

import pytest

from mysafe_env.deadline import Deadline
from mysafe_env.errors import BadAnswerError, SettingsError, TimedOutError
from mysafe_env.items import Grant
from mysafe_env.secret import Secret
from mysafe_env.settings import Settings
from mysafe_env.sources.mysafe.client import MySafe
from mysafe_env.sources.mysafe.records import ApiSecret, Note, Password
from tests.mysafe.bodies import API_SECRET, NOTE, PASSWORD, ROW, mysafe, settings, success, token_reply
from tests.support.scripted_server import ScriptedServer, Silence, in_turn


def test_passwords_are_listed_by_any_filter() -> None:
    """Filters that are not given are not sent."""
    with (
        mysafe({"/api/mysafe/password": success(password_on_list=[ROW])}) as server,
        MySafe(settings(server.url)) as client,
    ):
        (row,) = client.list_passwords(tag="prod", name="billing db", username="svc_billing", url="db.example.test")
        client.list_passwords(tag="db")
    assert "billing db" == row.fields["name"]
    targets = [request.target for request in server.asked("/api/mysafe/password")]
    everything = "tag=prod&name=billing%20db&username=svc_billing&url=db.example.test"
    assert [f"/api/mysafe/password?{everything}", "/api/mysafe/password?tag=db"] == targets


def test_notes_are_listed() -> None:
    """By tag and name."""
    with mysafe({"/api/mysafe/note": success(note_on_list=[])}) as server, MySafe(settings(server.url)) as client:
        assert () == client.list_notes(tag="ops", name="runbook")
    assert "/api/mysafe/note?tag=ops&name=runbook" == server.requests[-1].target


def test_api_secrets_are_listed() -> None:
    """By tag and identifier_code."""
    reply = success(api_secret_on_list=[{"identifier": "31", "name": "payments"}])
    with mysafe({"/api/mysafe/secretapi": reply}) as server, MySafe(settings(server.url)) as client:
        (row,) = client.list_api_secrets(tag="cloud", identifier_code="payments-prod")
    assert "31" == row.identifier
    assert "/api/mysafe/secretapi?tag=cloud&identifier_code=payments-prod" == server.requests[-1].target


def test_a_password_has_typed_fields() -> None:
    """Secret ones are secrets, tags are single, sharing is told."""
    with (
        mysafe({"/api/mysafe/password/11": success(password_entity=PASSWORD)}) as server,
        MySafe(settings(server.url)) as client,
    ):
        password = client.get_password("11")
    assert password == Password(
        identifier="11",
        name="billing db",
        url="db.example.test",
        username="svc_billing",
        password=Secret("canary-of-a-password"),
        secret_key=Secret("MFRGGZDFMZTWQ2LK"),
        token=Secret("081234"),
        notes="rotates monthly",
        tags=("prod", "db"),
        users_allowed=(),
        groups_allowed=(),
    )
    assert "canary" not in repr(password)


def test_a_note_has_typed_fields() -> None:
    """With those it is shared with."""
    with mysafe({"/api/mysafe/note/21": success(note_entity=NOTE)}) as server, MySafe(settings(server.url)) as client:
        note = client.get_note("21")
    expected = Note("21", "runbook", Secret("canary-of-a-note"), ("ops",), (Grant("ana.dev", can_edit=True),), ())
    assert expected == note


def test_an_api_secret_has_typed_fields() -> None:
    """Null and missing fields are None, a missing list of users is empty."""
    with (
        mysafe({"/api/mysafe/secretapi/31": success(api_secret_entity=API_SECRET)}) as server,
        MySafe(settings(server.url)) as client,
    ):
        secret = client.get_api_secret("31")
    assert secret == ApiSecret(
        identifier="31",
        name="payments",
        url="https://api.example.test",
        client_id="made-up-id",
        client_secret=Secret("canary-of-an-api-secret"),
        identifier_code="payments-prod",
        method="post",
        tags=("cloud",),
        notes="",
        users_allowed=(Grant("ana.dev", can_edit=False),),
        groups_allowed=(Grant("Platform team", can_edit=False),),
    )


def test_what_is_null_or_missing_is_none() -> None:
    """So that it can't be taken for an empty text."""
    sent = {"name": None, "users_allowed": None}
    with mysafe({"/api/mysafe/note/21": success(note_entity=sent)}) as server, MySafe(settings(server.url)) as client:
        assert Note("21", None, None, (), (), ()) == client.get_note("21")


@pytest.mark.parametrize("entry", [{}, {"name": ""}, {"can_edit": True}])
def test_sharing_with_nobody_is_a_bad_answer(entry: dict[str, object]) -> None:
    """An entry has a name."""
    sent = {**NOTE, "groups_allowed": [entry]}
    with (
        mysafe({"/api/mysafe/note/21": success(note_entity=sent)}) as server,
        MySafe(settings(server.url)) as client,
        pytest.raises(BadAnswerError, match="an entry of groups_allowed names nobody"),
    ):
        client.get_note("21")


def test_a_client_is_made_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables that the commands read."""
    with mysafe({"/api/mysafe/note": success(note_on_list=[])}) as server:
        for name, value in {"URL": server.url, "CLIENT_ID": "a", "CLIENT_SECRET": "b"}.items():
            monkeypatch.setenv(f"MYSAFE_{name}", value)
        with MySafe.from_environment() as client:
            assert () == client.list_notes()


def test_an_address_by_hand_is_checked_as_a_setting_is() -> None:
    """No client sends its secret unencrypted to another machine, unless that is said."""
    given = Settings(url="http://mysafe.example.test", client_id="a", client_secret=Secret("b"))
    with pytest.raises(SettingsError, match="plain http to mysafe"):
        MySafe(given)
    MySafe(given._replace(insecure_http=True)).close()


def test_every_call_has_the_time_of_the_settings() -> None:
    """Or the deadline it is given."""
    answers = in_turn(token_reply(), success(note_on_list=[]), Silence())
    with ScriptedServer(answers) as server, MySafe(settings(server.url, timeout=0.3)) as client:
        # The token, and the connection, are there when time counts.
        client.list_notes(deadline=Deadline(60))
        with pytest.raises(TimedOutError, match=r"0\.3 s waiting for the list of note items"):
            client.list_notes()
        with pytest.raises(TimedOutError, match=r"0\.2 s waiting for the list of note items"):
            client.list_notes(deadline=Deadline(0.2))


def test_one_token_and_one_connection_serve_many_calls() -> None:
    """As long as the client lives."""
    with mysafe({"/api/mysafe/note": success(note_on_list=[])}) as server, MySafe(settings(server.url)) as client:
        for _ in range(5):
            client.list_notes()
    assert 6 == len(server.requests)
    assert 1 == server.connections
