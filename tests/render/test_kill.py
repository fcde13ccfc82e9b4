"""kill -9 at random moments of a large render: each file is old or new, and the next run cleans up."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

FILES, SIZE, ROUNDS, SECONDS = 150, 400, 6, 8.0


def _start(folder: Path, text: str) -> "subprocess.Popen[bytes]":
    environment = {"PATH": os.environ["PATH"], "MYSAFE_URL": "file:vault.toml", "TEXT": text}
    return subprocess.Popen(
        [sys.executable, "-m", "mysafe_env", "render"],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def _prepare(folder: Path) -> None:
    (folder / "vault.toml").write_text("demo = true\n")
    (folder / "t.j2").write_text("{% for _ in range(" + str(SIZE) + ") %}{{ environ.TEXT }}{% endfor %}")
    entries = (f'[[render]]\ntemplate = "t.j2"\nto = "out/{number % 3}/{number}"\n' for number in range(FILES))
    (folder / "mysafe.toml").write_text("".join(entries))
    for number in range(3):
        (folder / f"out/{number}").mkdir(parents=True)


def _contents(folder: Path) -> list[str]:
    return [(folder / f"out/{number % 3}/{number}").read_text() for number in range(FILES)]


def test_a_signal_that_asks_is_heard_when_all_is_taken_back(tmp_path: Path) -> None:
    """All files are old or all are new then, nothing lies beside them, and the code is that of the signal."""
    _prepare(tmp_path)
    began = time.monotonic()
    with _start(tmp_path, "0") as process:
        assert 0 == process.wait(30)
    duration, chance, ended = time.monotonic() - began, random.Random(7), 0  # noqa: S311  # reproducible
    for number, asking in enumerate([signal.SIGTERM, signal.SIGHUP] * (ROUNDS // 2), 1):
        with _start(tmp_path, str(number)) as process:
            time.sleep(chance.uniform(0.6, 1.0) * duration)
            process.send_signal(asking)
        assert process.returncode in {0, -asking}
        ended += process.returncode == -asking
        assert 1 == len({*_contents(tmp_path)})
        assert FILES == sum(1 for path in (tmp_path / "out").rglob("*") if path.parent.parent == tmp_path / "out")
    assert ended


def test_each_file_is_old_or_new(tmp_path: Path) -> None:
    """No moment leaves half a file, and nothing is left beside the files in the end."""
    _prepare(tmp_path)
    began = time.monotonic()
    with _start(tmp_path, "0") as process:
        assert 0 == process.wait(30)
    duration, chance, old, killed = time.monotonic() - began, random.Random(6), "0", 0  # noqa: S311  # reproducible
    for number in range(1, ROUNDS + 1):
        new = str(number)
        with _start(tmp_path, new) as process:
            time.sleep(chance.uniform(0.3, 1.1) * duration)
            process.send_signal(signal.SIGKILL)
        killed += process.returncode == -signal.SIGKILL
        allowed = {each * SIZE for each in (old, new)}
        assert allowed >= {*_contents(tmp_path)}
        with _start(tmp_path, new) as process:
            assert 0 == process.wait(30), process.stderr and process.stderr.read()
        assert {new * SIZE} == {*_contents(tmp_path)}
        assert FILES == sum(1 for path in (tmp_path / "out").rglob("*") if path.parent.parent == tmp_path / "out")
        old = new
        if time.monotonic() - began > SECONDS:
            break
    assert killed
