"""`owner` of an entry: names or numbers of a user and a group."""

from mysafe_env.errors import SinkError
from mysafe_env.mapping.places import Place

Owner = tuple[int, int]
"""The numbers of a user and a group; -1 leaves one as it is."""


def find_owner(text: str, place: Place) -> Owner:
    """The numbers for `USER`, `USER:GROUP` or `:GROUP`; raises `SinkError` for one that this system doesn't know."""
    user, _, group = text.partition(":")
    return _user(user, place), _group(group, place)


def _user(text: str, place: Place) -> int:
    if not text or text.isdecimal():
        return int(text or -1)
    import pwd  # noqa: PLC0415  # few entries need it

    try:
        return pwd.getpwnam(text).pw_uid
    except KeyError:
        raise _unknown(f'user "{text}"', place) from None


def _group(text: str, place: Place) -> int:
    if not text or text.isdecimal():
        return int(text or -1)
    import grp  # noqa: PLC0415  # few entries need it

    try:
        return grp.getgrnam(text).gr_gid
    except KeyError:
        raise _unknown(f'group "{text}"', place) from None


def _unknown(what: str, place: Place) -> SinkError:
    return SinkError(
        f"{place.at('owner')}: there is no {what} on this system", "correct it, or write the number of one"
    )
