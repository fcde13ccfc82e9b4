"""`bcrypt` and `htpasswd`: password hashes for files that programs check logins against."""

import re
from types import ModuleType
from typing import Final

from mysafe_env.filters.base import UnfitError, refuse_nul, refuse_surrogates, text_of

# Programs compute one hash at each login, so that this is about 50 ms of theirs.
_ROUNDS: Final = 10
_LONGEST: Final = 72
_HASH: Final = re.compile(r"\$2[by]\$\d\d\$[./A-Za-z0-9]{53}")


class Hashes:
    """The hashes of one file. A hash of the old file that still fits is kept, for a new one would have a new salt.

    Otherwise each rendering would change the file, and reload its program.
    """

    def __init__(self, old_text: str) -> None:
        self._kept: list[str] = _HASH.findall(old_text)

    def bcrypt(self, value: object, rounds: int = _ROUNDS) -> str:
        """The bcrypt hash of the text, `$2b$`, computed in 2 to the power of *rounds* steps."""
        return self._hash(_password(value), f"$2b${_checked(rounds):02}$", rounds)

    def htpasswd(self, value: object, user: str, rounds: int = _ROUNDS) -> str:
        """A line of an htpasswd file without its end: the user, and the bcrypt hash of the text as `$2y$`."""
        if not user or user.startswith("#") or any(character in user for character in ":\r\n\0"):
            raise UnfitError("its user is empty, is a comment, or holds a colon or a line break", "choose another user")
        return f"{user}:{self._hash(_password(value), f'$2y${_checked(rounds):02}$', rounds)}"

    def _hash(self, password: bytes, prefix: str, rounds: int) -> str:
        library = _load()
        for kept in self._kept:
            # $2y$ is what Apache and PHP call $2b$.
            if kept.startswith(prefix) and library.checkpw(password, f"$2b${kept[4:]}".encode()):
                # Two users may have the same password, and the file should not show it.
                self._kept.remove(kept)
                return kept
        made: str = library.hashpw(password, library.gensalt(rounds)).decode()
        return prefix[:4] + made[4:]


def _password(value: object) -> bytes:
    text = text_of(value)
    refuse_nul(text)
    refuse_surrogates(text)
    password = text.encode()
    if len(password) > _LONGEST:
        raise UnfitError(f"it is longer than the {_LONGEST} bytes that bcrypt looks at", "choose a shorter password")
    return password


def _checked(rounds: int) -> int:
    if rounds not in range(4, 32):
        raise UnfitError("rounds is not a number from 4 to 31", "leave rounds out")
    return rounds


def _load() -> ModuleType:
    try:
        import bcrypt  # noqa: PLC0415  # comes with an extra
    except ImportError:
        raise UnfitError("the package bcrypt is not installed", "pip install 'mysafe-env[bcrypt]'") from None
    return bcrypt
