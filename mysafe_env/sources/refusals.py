"""MySafe's domain codes as our errors, the same for every source that speaks them."""

from mysafe_env.errors import InactiveError, ItemError, NoAccessError, NotFoundError, RefusedError

NOT_FOUND = 1005
NO_ACCESS = 1006
INACTIVE = 1009
BAD_IDENTIFIER = 1010


def item_error(code: int | None, text: str, kind: str, identifier: str) -> ItemError:
    """The error for a domain code and MySafe's own words, which keep their place in the message."""
    said = f"MySafe: {text}" if text else f"MySafe: code {code}"
    if code == NOT_FOUND:
        return NotFoundError(
            f"there is no {kind} with identifier {identifier} ({said})",
            f"see what this access key can read with: mysafe-env list {kind}",
        )
    if code == NO_ACCESS:
        return NoAccessError(
            f"the access key may not read {kind} {identifier} ({said})",
            "ask its owner to share it with the access key's user, or add it to the data of the access key",
        )
    if code == INACTIVE:
        return InactiveError(f"{kind} {identifier} is deactivated ({said})", "activate it in MySafe first")
    if code == BAD_IDENTIFIER:
        return RefusedError(
            f'"{identifier}" is not an identifier of a {kind} ({said})',
            f"write the server's number, as shown by: mysafe-env list {kind}",
        )
    return RefusedError(
        f"MySafe refused the request for {kind} {identifier} ({said})", "the words in brackets are MySafe's own"
    )
