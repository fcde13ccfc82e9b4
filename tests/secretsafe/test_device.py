"""The identifier of this device stays the same, so that its owner gets one mail and not one for each run."""

import uuid
from pathlib import Path

import pytest

from mysafe_env.sources.secretsafe.device import device_identifier


def test_it_is_kept(tmp_path: Path) -> None:
    """The identifier is made once and kept in the state directory, for all keys."""
    first = device_identifier("user.1")
    assert first == device_identifier("user.2")
    assert f"{uuid.UUID(first)}\n" == (tmp_path / "state" / "mysafe-env" / "device").read_text()
    assert ["device"] == [path.name for path in (tmp_path / "state" / "mysafe-env").iterdir()]


def test_without_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be kept, the identifier is the same for a key on a machine all the same."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert device_identifier("user.1") == device_identifier("user.1")
    assert device_identifier("user.1") != device_identifier("user.2")


def test_a_broken_file(tmp_path: Path) -> None:
    """A file that holds something else is left alone, and not sent."""
    path = tmp_path / "state" / "mysafe-env" / "device"
    path.parent.mkdir(parents=True)
    path.write_text("canary")
    assert str(uuid.UUID(device_identifier("user.1"))) == device_identifier("user.1")
    assert "canary" == path.read_text()
