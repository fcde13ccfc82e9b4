"""The `owner` of a file: names or numbers of a user and a group."""

from typing import Final, Literal

Owner = tuple[int, int]
"""The numbers of a user and a group; -1 leaves one as it is."""

# What chown(2) takes for no change at all.
_NOBODY: Final = 2**32 - 1


class UnknownOwnerError(LookupError):
    """This system does not know the user or the group; the message names it: `user "ana"`."""


def find_owner(text: str) -> Owner:
    """The numbers for `USER`, `USER:GROUP` or `:GROUP`; raises `UnknownOwnerError`."""
    user, _, group = text.partition(":")
    return _user(user), _group(group)


def _user(text: str) -> int:
    if not text or text.isdecimal():
        return _number("user", text)
    import pwd  # noqa: PLC0415  # few entries need it

    try:
        return pwd.getpwnam(text).pw_uid
    except KeyError:
        raise UnknownOwnerError(f'user "{text}"') from None


def _group(text: str) -> int:
    if not text or text.isdecimal():
        return _number("group", text)
    import grp  # noqa: PLC0415  # few entries need it

    try:
        return grp.getgrnam(text).gr_gid
    except KeyError:
        raise UnknownOwnerError(f'group "{text}"') from None


def _number(what: Literal["user", "group"], text: str) -> int:
    if len(text) > len(str(_NOBODY)) or int(text or 0) >= _NOBODY:
        raise UnknownOwnerError(f'{what} "{text}"')
    return int(text or -1)
