"""The `owner` of a file: names or numbers of a user and a group."""

Owner = tuple[int, int]
"""The numbers of a user and a group; -1 leaves one as it is."""


class UnknownOwnerError(LookupError):
    """This system doesn't know the user or the group; its text says which of them, in words."""


def find_owner(text: str) -> Owner:
    """The numbers for `USER`, `USER:GROUP` or `:GROUP`; raises `UnknownOwnerError`."""
    user, _, group = text.partition(":")
    return _user(user), _group(group)


def _user(text: str) -> int:
    if not text or text.isdecimal():
        return int(text or -1)
    import pwd  # noqa: PLC0415  # few entries need it

    try:
        return pwd.getpwnam(text).pw_uid
    except KeyError:
        raise UnknownOwnerError(f'user "{text}"') from None


def _group(text: str) -> int:
    if not text or text.isdecimal():
        return int(text or -1)
    import grp  # noqa: PLC0415  # few entries need it

    try:
        return grp.getgrnam(text).gr_gid
    except KeyError:
        raise UnknownOwnerError(f'group "{text}"') from None
