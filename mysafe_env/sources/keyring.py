"""Access tokens kept between runs in the Linux kernel's session keyring; never on disk.

The kernel drops a key when its time is over, and at the end of the session. Where there is no keyring (other systems,
containers whose seccomp profile forbids it), nothing is kept, and nothing is said.
The system calls add_key(2) and keyctl(2) are made by number, since the C library has no functions for them.
"""

import ctypes
import platform
from hashlib import sha256
from typing import Final

from mysafe_env.secret import Secret

_SESSION: Final = -3
_SEARCH, _READ, _SET_TIMEOUT, _UNLINK = 10, 11, 15, 9
_TYPE: Final = b"user"
_LONGEST: Final = 32_767
"""What a key of type `user` can hold."""
# add_key and keyctl, by machine: the kernel's tables differ.
_NUMBERS: Final = {"x86_64": (248, 250), "aarch64": (217, 219), "riscv64": (217, 219), "ppc64le": (269, 271)}


class Keyring:
    """The keyring's entry for the access token of one client of one server."""

    def __init__(self, server: str, client_id: str, tenant: str) -> None:
        self._name = b"mysafe-env:" + sha256(f"{server}\n{client_id}\n{tenant}".encode()).hexdigest()[:32].encode()
        self._calls = _NUMBERS.get(platform.machine()) if platform.system() == "Linux" else None

    def recall(self) -> Secret | None:
        """The token that is kept, or None."""
        key = self._keyctl(_SEARCH, _SESSION, _TYPE, self._name, 0)
        if key <= 0:
            return None
        buffer = ctypes.create_string_buffer(_LONGEST)
        length = self._keyctl(_READ, key, buffer, _LONGEST)
        if not 0 < length <= _LONGEST:
            return None
        text = buffer.raw[:length]
        return Secret(text.decode()) if text.isascii() else None

    def keep(self, token: Secret, seconds: float) -> None:
        """Keep the token for so many seconds."""
        data = token.reveal().encode()
        if self._calls is None or seconds < 1 or len(data) > _LONGEST:
            return
        key = _syscall(self._calls[0], _TYPE, self._name, data, len(data), _SESSION)
        if key > 0 and self._keyctl(_SET_TIMEOUT, key, int(seconds)) != 0:
            # A token without an end would be kept for as long as the session.
            self._keyctl(_UNLINK, key, _SESSION)

    def forget(self) -> None:
        """Drop a token that the server refused."""
        key = self._keyctl(_SEARCH, _SESSION, _TYPE, self._name, 0)
        if key > 0:
            self._keyctl(_UNLINK, key, _SESSION)

    def _keyctl(self, *arguments: object) -> int:
        return -1 if self._calls is None else _syscall(self._calls[1], *arguments)


def _syscall(*arguments: object) -> int:
    function = ctypes.CDLL(None).syscall
    function.restype = ctypes.c_long
    converted = [ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments]
    return int(function(*converted))
