"""MySafe's domain codes (1001 to 1010) as our errors, for its servers and for local vaults."""

import re
from typing import TYPE_CHECKING

from mysafe_env.errors import InactiveError, ItemError, NoAccessError, NotFoundError, RefusedError, TakenError
from mysafe_env.items import KINDS

if TYPE_CHECKING:
    from mysafe_env.changes import Change

_BAD_PARAMETER = 1001
NOT_FOUND = 1005
_NO_ACCESS = 1006
_INACTIVE = 1009
_BAD_IDENTIFIER = 1010


def item_error(code: int | None, text: str, kind: str, identifier: str) -> ItemError:
    """The error for a domain code and MySafe's own words, which keep their place in the message."""
    said = f"MySafe: {text}" if text else f"MySafe: code {code}"
    if code == NOT_FOUND:
        return NotFoundError(
            f"there is no {kind} with identifier {identifier} ({said})",
            f"see what this access key can read with: mysafe-env list {kind}",
        )
    if code == _NO_ACCESS:
        return NoAccessError(
            f"the access key may not read {kind} {identifier} ({said})",
            "ask its owner to share it with the access key's user, or add it to the data of the access key",
        )
    if code == _INACTIVE:
        return InactiveError(
            f"{kind} {identifier} is deactivated ({said})",
            f"activate it first: mysafe-env activate {kind} {identifier}",
        )
    if code == _BAD_IDENTIFIER:
        return RefusedError(
            f'"{identifier}" is not an identifier of a {kind} ({said})',
            f"write the server's number, as shown by: mysafe-env list {kind}",
        )
    return RefusedError(
        f"MySafe refused the request for {kind} {identifier} ({said})", "the words in brackets are MySafe's own"
    )


def write_error(  # noqa: PLR0913  # a refusal, what was asked for, and what may be shown of it
    code: int | None, text: str, kind: str, identifier: str, change: "Change | None", *, shown: str = ""
) -> ItemError:
    """The error for a refusal to write; *identifier* is empty for a new item, *change* None for a change of state.

    *shown* is the text as the message may repeat it, where that differs: a server may echo what was sent.
    """
    shown = shown or text
    said = f"MySafe: {shown}" if shown else f"MySafe: code {code}"
    if code == _BAD_PARAMETER:
        return _parameter_error(text, said, kind, change)
    if code == _NO_ACCESS:
        return NoAccessError(
            f"the access key may not change {f'{kind} {identifier}' if identifier else f'a {kind}'} ({said})",
            "ask its owner to share it with the access key's user, with the permission to edit",
        )
    if identifier:
        return item_error(code, shown, kind, identifier)
    return RefusedError(f"MySafe refused to create the {kind} ({said})", "the words in brackets are MySafe's own")


def _parameter_error(text: str, said: str, kind: str, change: "Change | None") -> ItemError:
    """The error for 1001, whose words alone tell which of its meanings it has."""
    missing = re.search(r"'(\w+)' was not informed", text)
    if missing and missing[1] in KINDS[kind].fields:
        return RefusedError(f'a {kind} needs the field "{missing[1]}" ({said})', "give it, and send it again")
    code = change.plain.get("identifier_code", "") if change else ""
    if "already found" in text and code:
        return TakenError(
            f'the identifier_code "{code}" is taken ({said})',
            f'choose another; see who has it with: mysafe-env list secretapi --identifier-code "{code}"',
        )
    if "limited to" in text:
        return RefusedError(f"a field of the {kind} is too long ({said})", "shorten it, and send it again")
    return RefusedError(f"MySafe refused what was sent for the {kind} ({said})", "the words in brackets are MySafe's")
