"""What a change sends to a source: its fields as text, and whom the item is to be shared with."""

from typing import Final

from mysafe_env.changes import Change
from mysafe_env.errors import UsageError
from mysafe_env.vault.totp import is_seed

# Characters of a note, by the pages of v3-33 and v4. Those of v3-32 name no limit, and no server tells its edition:
# nobody knows what becomes of the rest of a longer one there.
_NOTE_LIMIT: Final = 900


def sent_fields(change: Change) -> dict[str, str]:
    """All fields of a change as text, secret ones revealed; raises `UsageError` for what no server would take."""
    fields = {**change.plain, **{name: secret.reveal() for name, secret in change.secrets.items()}}
    length = len(fields.get("note", ""))
    if length > _NOTE_LIMIT:
        raise UsageError(
            f"the note has {length} characters, and MySafe takes {_NOTE_LIMIT}",
            "shorten or split it, or keep it as a password: that has no limit",
        )
    if not is_seed(fields.get("secret_key", "A" * 8)):
        raise UsageError("the secret_key is not a base32 TOTP seed", "it is made of A-Z and 2-7; write the seed itself")
    if fields.get("name") == "":
        raise UsageError("an item can't have an empty name", "name it with --name")
    grants = (*(change.users_allowed or ()), *(change.groups_allowed or ()))
    for name, text in (*fields.items(), *(("name to share with", grant.name) for grant in grants)):
        _check_text(name, text)
    return fields


def sent_sharing(change: Change) -> dict[str, list[dict[str, str | bool]]]:
    """The kinds of sharing that a change names, each with the objects that MySafe's requests and vault files list.

    A user is written as `username`, although answers to get call it `name`.
    """
    given = (("users_allowed", "username", change.users_allowed), ("groups_allowed", "name", change.groups_allowed))
    return {
        kind: [{key: grant.name, "can_edit": grant.can_edit} for grant in grants]
        for kind, key, grants in given
        if grants is not None
    }


def _check_text(name: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        broken = True
    else:
        broken = False
    # Raised out here, for the caught error holds the text.
    if broken:
        raise UsageError(f"the {name} holds half a character (a lone surrogate)", "write it as UTF-8")
