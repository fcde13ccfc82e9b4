"""Ports for programs that must be told theirs, and can't take a free one."""

import socket
from collections.abc import Iterator

# Below those that Linux and macOS hand out to whoever asks for any.
_RANGE = range(20_000, 32_000)


def free_port() -> int:
    """A port of 127.0.0.1 where nobody listens, and no other test begins to as long as this process lives."""
    return next(_FREE)


def _free() -> Iterator[int]:
    for port in _RANGE:
        if _is_free(port) and _take(port):
            yield port


def _take(port: int) -> bool:
    """Whether the port is ours now: tests in other processes see it by a socket that holds its number for UDP."""
    holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        holder.bind(("127.0.0.1", port))
    except OSError:
        holder.close()
        return False
    # Held until the process ends.
    holder.detach()
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


_FREE = _free()
