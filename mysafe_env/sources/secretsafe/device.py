"""The identifier of this device, which stays the same: a login from a new device is told to the owner by mail."""

import os
import socket
import uuid
from pathlib import Path


def device_identifier(client_id: str) -> str:
    """The identifier that the user's state directory keeps, or, where it can't, one made of known names."""
    path = Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state", "mysafe-env", "device").expanduser()
    try:
        return _kept(path)
    except (OSError, ValueError, RuntimeError):
        # A container without a home, or one that is read-only.
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{client_id}.{socket.gethostname()}"))


def _kept(path: Path) -> str:
    if not path.exists():
        _create(path)
    return str(uuid.UUID(path.read_text("ascii").strip()))


def _create(path: Path) -> None:
    """Write a new identifier, unless another process has done so in between."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".device.{os.getpid()}")
    draft.write_text(f"{uuid.uuid4()}\n", "ascii")
    try:
        # Unlike a rename, a link never replaces what is there.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
