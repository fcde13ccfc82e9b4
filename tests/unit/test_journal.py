"""The result file of an import: what is taken for one, and what is left alone."""

from pathlib import Path

import pytest

from mysafe_env.changes import Change
from mysafe_env.errors import UsageError
from mysafe_env.importing.drafts import Draft
from mysafe_env.importing.journal import Journal

LINE = b'{"row": 1, "kind": "note", "name": "a", "status": "created", "identifier": "7"}\n'
DRAFT = Draft(1, "note", "A", Change({"name": "a"}, {}))


@pytest.mark.parametrize("torn", [b"", b"{", b'{"row": ', b'{"row": 2, "kind": "no'])
def test_a_line_that_a_crash_cut_off_is_dropped(tmp_path: Path, torn: bytes) -> None:
    """What was noted before counts, and the next line begins anew."""
    path = tmp_path / "done.jsonl"
    path.write_bytes(LINE + torn)
    with Journal(str(path)) as journal:
        assert "7" == journal.created(DRAFT)
    assert LINE == path.read_bytes()


@pytest.mark.parametrize(
    "content", [b"root:x:0:0", b'{"a": 1}', b"line\nrest", LINE + b"rest", b"[" * 100_000 + b"\n", b"\xff\n", b"7\n"]
)
def test_a_file_of_another_kind_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    """Who names the wrong file loses nothing of it, not even a last line without an end; no lock on it is left."""
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="is not the result file of an import"):
        Journal(str(path))
    with pytest.raises(UsageError, match="is not the result file of an import"):
        Journal(str(path))
    assert content == path.read_bytes()


def test_a_device_without_an_end_is_no_result_file() -> None:
    """It is not read for ever."""
    with pytest.raises(UsageError, match="is not the result file of an import"):
        Journal("/dev/zero")
