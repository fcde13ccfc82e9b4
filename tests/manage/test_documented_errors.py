"""Every error of MySafe's documentation: the command that is typed, the message, the hint, the exit code."""

from pathlib import Path

import pytest

from mysafe_env.vault.editions import EDITIONS
from tests.manage.commands import VAULT, system
from tests.support.forked import ForkServer

NO_ACCESS = '[[note]]\nname = "closed"\nnote = "x"\ncan_view = false\ncan_write = false\n'
FIELDS = ("--name", "n", "--url", "u", "--client-id", "c")
REFUSED_HINT = (
    "any of these may be the cause: the client id or secret is wrong, the access key has expired or was revoked, "
    "this machine's IP is not allowed, the key has a referer rule (MYSAFE_REFERER) or a certificate rule "
    "(MYSAFE_CLIENT_CERT), or MYSAFE_URL has a wrong path"
)
LIST = "see what this access key can read with: mysafe-env list {}"
SHARE = "ask its owner to share it with the access key's user, or add it to the data of the access key"
AGAIN = "look for it before you create it again: mysafe-env list note --name n"
MAYBE = 'the note "n" may have been created, or not: '

# Edition, fault, arguments, message and hint.
ERRORS = [
    (
        "v3-32",
        "",
        ("create", "secretapi", *FIELDS),
        "a secretapi needs the field \"client_secret\" (MySafe: 1001: Parameter 'client_secret' was not informed!)",
        "give it, and send it again",
    ),
    (
        "v3-33",
        "",
        ("create", "secretapi", *FIELDS, "--identifier-code", "stripe-live"),
        (
            'the identifier_code "stripe-live" is taken (MySafe: 1001: Identifier already found in another API key '
            'of this user): secretapi 1 "Stripe" has it'
        ),
        'choose another; see who has it with: mysafe-env list secretapi --identifier-code "stripe-live"',
    ),
    (
        "v3-32",
        "",
        ("update", "secretapi", "1", "--identifier-code", "other"),
        (
            "the identifier_code \"other\" is taken (MySafe: 1001: 'Identifier' already found in another API key "
            'of this user): secretapi 2 "Other" has it'
        ),
        'choose another; see who has it with: mysafe-env list secretapi --identifier-code "other"',
    ),
    (
        "v3-33",
        "",
        ("create", "note", "--name", "n", "--note-file", "long"),
        "the note has 901 characters, and MySafe takes 900",
        "shorten or split it, or keep it as a password: that has no limit",
    ),
    *(
        (
            "v3-33",
            "",
            (*verb, kind, "99"),
            f"there is no {kind} with identifier 99 (MySafe: 1005: {said})",
            LIST.format(kind),
        )
        for verb in (("get",), ("activate",), ("deactivate",))
        for kind, said in (
            ("password", "Password not found"),
            ("note", "Note not found"),
            ("secretapi", "API secret not found"),
        )
    ),
    (
        "v3-32",
        "",
        ("get", "note", "3"),
        "the access key may not read note 3 (MySafe: 1006: User does not have access)",
        SHARE,
    ),
    (
        "v3-33",
        "",
        ("get", "note", "3"),
        "the access key may not read note 3 (MySafe: 1006 User does not have access)",
        SHARE,
    ),
    (
        "v3-33",
        "",
        ("update", "password", "2", "--tags", "x"),
        "the access key may not change password 2 (MySafe: 1006: User does not have access)",
        "ask its owner to share it with the access key's user, with the permission to edit",
    ),
    *(
        (
            "v3-33",
            "",
            ("get", kind, identifier),
            f"{kind} {identifier} is deactivated (MySafe: 1009: Inactive {said})",
            f"activate it first: mysafe-env activate {kind} {identifier}",
        )
        for kind, identifier, said in (
            ("note", "2", "note"),
            ("password", "3", "password"),
            ("secretapi", "3", "api secret"),
        )
    ),
    (
        "v3-33",
        "",
        ("get", "note", "abc"),
        '"abc" is not an identifier of a note (MySafe: 1010: Unexpected identifier type)',
        "write the server's number, as shown by: mysafe-env list note",
    ),
    (
        "v3-33",
        "500@/api/mysafe",
        ("get", "note", "1"),
        "MySafe failed at note 1 (status 500: Unexpected error.)",
        "try again; if it stays, the server's own log says more",
    ),
    (
        "v3-33",
        "500@/api/mysafe",
        ("activate", "note", "1"),
        "MySafe failed at the activation of note 1 (status 500: Unexpected error.)",
        "try again; if it stays, the server's own log says more",
    ),
    (
        "v3-33",
        "500@/api/mysafe",
        ("create", "note", "--name", "n", "--note-file", "short"),
        MAYBE + "MySafe failed at the creation of a note (status 500: Unexpected error.)",
        AGAIN,
    ),
    (
        "v3-32",
        "encryption@/api/mysafe",
        ("get", "note", "1"),
        "MySafe could not encrypt note 1 for this access key (status 500)",
        'turn off "encryption of sensitive data" in the access key, or shorten the text',
    ),
    (
        "v3-33",
        "no-route@/api/mysafe",
        ("create", "note", "--name", "n", "--note-file", "short"),
        "the server refuses the creation of a note (status 404: no Route matched with those values)",
        REFUSED_HINT,
    ),
    (
        "v3-33",
        "not-authorized@/api/mysafe",
        ("deactivate", "note", "1"),
        "the server refuses the deactivation of note 1 (status 401: You are not authorized to access this resource.)",
        REFUSED_HINT,
    ),
    (
        "v3-33",
        "upstream@/api/mysafe",
        ("update", "note", "1", "--tags", "x"),
        (
            "the gateway in front of MySafe got no answer from it for the update of note 1 "
            "(status 502: An invalid response was received from the upstream server)"
        ),
        "try again in a moment; if it stays, ask who runs the server",
    ),
    (
        "v3-33",
        "upstream@/api/mysafe",
        ("create", "note", "--name", "n", "--note-file", "short"),
        MAYBE + "the gateway in front of MySafe got no answer from it for the creation of a note "
        "(status 502: An invalid response was received from the upstream server)",
        AGAIN,
    ),
    (
        "v3-33",
        "upstream-timeout@/api/mysafe",
        ("list", "note"),
        (
            "the gateway in front of MySafe got no answer from it for the list of note items "
            "(status 504: The upstream server is timing out)"
        ),
        "try again in a moment; if it stays, ask who runs the server",
    ),
    (
        "v3-33",
        "upstream-timeout@/api/mysafe",
        ("create", "note", "--name", "n", "--note-file", "short"),
        MAYBE + "the gateway in front of MySafe got no answer from it for the creation of a note "
        "(status 504: The upstream server is timing out)",
        AGAIN,
    ),
]
MORE = (
    NO_ACCESS
    + '[[password]]\nname = "asleep"\nactive = false\n[[secretapi]]\nname = "Other"\nidentifier_code = "other"\n'
    + '[[secretapi]]\nname = "asleep"\nactive = false\n'
)


@pytest.mark.parametrize(("edition", "fault", "argv", "message", "hint"), ERRORS)
def test_error(  # noqa: PLR0913  # the columns of the table
    measured_forks: ForkServer,
    tmp_path: Path,
    *,
    edition: str,
    fault: str,
    argv: tuple[str, ...],
    message: str,
    hint: str,
) -> None:
    """What went wrong, and what to do, on one line each."""
    (tmp_path / "long").write_text("x" * 901)
    (tmp_path / "short").write_text("x")
    faults = (fault,) if fault else ()
    # Where a call is repeated as long as there is time, there is little; a slow start has all that it needs.
    seconds = "8" if fault.startswith("upstream") and argv[0] != "create" else "60"
    with system(
        "http", tmp_path, measured_forks, vault=VAULT + MORE, faults=faults, edition=EDITIONS[edition]
    ) as opened:
        code, lines = opened.refusal(*argv, "--timeout", seconds)
    assert [f"error: {message}", f"hint: {hint}"] == lines
    assert (2 if message.startswith("the note has") else 1) == code


def test_an_expired_token_is_renewed_unseen(measured_forks: ForkServer, tmp_path: Path) -> None:
    """One refusal by the gateway costs a new token, no error, and no second item."""
    (tmp_path / "short").write_text("x")
    with system("http", tmp_path, measured_forks, faults=("not-authorized@POST:/api/mysafe*1",)) as opened:
        opened.json("create", "note", "--name", "n", "--note-file", "short")
        assert opened.emulator is not None
        asked = [(one.method, one.target) for one in opened.emulator.requests]
    token, create = ("POST", "/api/oauth2/token"), ("POST", "/api/mysafe/note")
    assert [token, create, token, create] == asked
