"""Files of values, seen from the command that gets them, in both modes."""

import stat
import sys
from pathlib import Path

import pytest

from tests.support.inits import MYSAFE_RUN, SIGNAL_PRINTER
from tests.support.process import Finished, run, run_python
from tests.support.running import eventually, running

DELIVER = """
import os, sys
from mysafe_env.secret import Secret
from mysafe_env.sinks.execute import replace_process
from mysafe_env.sinks.supervise import Supervision, supervise
from mysafe_env.sinks.value_files import ValueFiles
mode, text, times, script = sys.argv[1:]
files = ValueFiles()
values = files.deliver({"KEY": Secret(text * int(times))}, {"KEY": None})
command, environment = ["sh", "-c", script], {**os.environb, b"KEY": values["KEY"].reveal().encode()}
if mode == "supervised":
    supervise(command, environment, Supervision(), files)
replace_process(command, environment)
"""

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="memfds are Linux's"),
    pytest.mark.parametrize("mode", ["replaced", "supervised"]),
]


def delivered(mode: str, script: str, text: str = "secret", times: int = 1) -> Finished:
    """What a shell script makes of the file that $KEY names."""
    return run_python(DELIVER, mode, text, str(times), script)


def test_the_command_and_its_children_read_the_file(mode: str) -> None:
    """It can be read again and again, by the command and by what the command starts, however deep."""
    script = 'echo "$(<"$KEY" cat) $(cat "$KEY") $(sh -c "sh -c \'cat $KEY\'; :") $(cat "$KEY")"'

    assert "secret secret secret secret" == delivered(mode, script).output


def test_a_large_value(mode: str) -> None:
    """Ten megabytes, far beyond what a variable can hold, arrive whole."""
    assert f"{10 * 1024 * 1024}" == delivered(mode, 'cat "$KEY" | wc -c', "x", 10 * 1024 * 1024).output.strip()


def test_the_command_can_not_change_the_file(mode: str) -> None:
    """Writing and appending fail, and the value stays."""
    script = '(echo x >"$KEY") 2>/dev/null || (echo x >>"$KEY") 2>/dev/null || cat "$KEY"'

    assert "secret" == delivered(mode, script).output


def test_low_descriptors_of_a_script_do_not_collide(mode: str) -> None:
    """A script that opens descriptors 3 to 9 by number still reads its file."""
    script = "exec " + " ".join(f"{number}>/dev/null" for number in range(3, 10)) + '; cat "$KEY"'

    assert "secret" == delivered(mode, script).output


def test_closed_standard_streams_are_not_filled_by_the_file(mode: str, tmp_path: Path) -> None:
    """A command that was started without standard streams does not find the value in their place."""
    script = 'for number in 0 1 2; do case "$(readlink /proc/$$/fd/$number)" in *memfd*) exit 1;; esac; done\n'
    script += 'cp "$KEY" copy'
    run(
        "sh",
        "-c",
        'exec "$@" <&- >&- 2>&-',
        "sh",
        *(sys.executable, "-c", DELIVER, mode, "secret", "1", script),
        folder=tmp_path,
    )

    assert "secret" == (tmp_path / "copy").read_text()


def options(mode: str) -> list[str]:
    """The flags of a mode."""
    return ["--supervise"] * (mode == "supervised")


def write_mapping(folder: Path, entry: str) -> None:
    """A mapping whose KEY is a file with the given keys."""
    (folder / "mysafe.toml").write_text(f'[env]\nKEY = {{ value = "secret", as = "file"{entry} }}\n')


def test_a_named_file_goes_when_a_supervised_command_ends(mode: str, tmp_path: Path) -> None:
    """The supervisor removes it, also when a signal ended the command; without a supervisor nobody is left to do so."""
    write_mapping(tmp_path, ', path = "key", mode = "0440", on_disk = true')
    with running(MYSAFE_RUN, *options(mode), "--", *SIGNAL_PRINTER, folder=tmp_path) as process:
        command = int(process.line().split()[1])
        assert "secret" == (tmp_path / "key").read_text()
        assert 0o440 == stat.S_IMODE((tmp_path / "key").stat().st_mode)
        assert f"KEY={tmp_path}/key".encode() in Path(f"/proc/{command}/environ").read_bytes().split(b"\0")
        run("kill", "-KILL", str(command))
        process.end()

    assert (mode == "replaced") == (tmp_path / "key").exists()


def test_a_file_without_memory_files_goes_when_a_supervised_command_ends(mode: str, tmp_path: Path) -> None:
    """Where there are too few descriptors for a memory file, the file and its folder are removed as well."""
    write_mapping(tmp_path, "")
    script = 'ulimit -n 50; exec "$@"'
    command = (MYSAFE_RUN, *options(mode), "-c", 'cat "$KEY" >copy; echo "$KEY"')
    path = Path(run("sh", "-c", script, "sh", *command, folder=tmp_path).output)

    assert "secret" == (tmp_path / "copy").read_text()
    assert (mode == "replaced") == path.exists() == path.parent.exists()
    if mode == "replaced":
        path.unlink()
        path.parent.rmdir()


@pytest.mark.parametrize("command", ["no-such-command", "/etc/passwd"])
def test_a_command_that_does_not_start_leaves_no_file(mode: str, command: str, tmp_path: Path) -> None:
    """All or nothing: what was written for it is removed."""
    write_mapping(tmp_path, ', path = "key", on_disk = true')
    finished = run(MYSAFE_RUN, *options(mode), "--", command, folder=tmp_path)

    assert finished.code in {126, 127}
    eventually(lambda: not (tmp_path / "key").exists(), "the file is removed")


def test_a_start_that_fails_leaves_the_file_of_another(mode: str, tmp_path: Path) -> None:
    """The command that still runs keeps its file, which goes with it all the same."""
    write_mapping(tmp_path, ', path = "key", on_disk = true')
    with running(MYSAFE_RUN, "--supervise", "--", *SIGNAL_PRINTER, folder=tmp_path) as process:
        command = process.line().split()[1]
        (tmp_path / "mysafe.toml").write_text((tmp_path / "mysafe.toml").read_text().replace("secret", "another"))
        assert 127 == run(MYSAFE_RUN, *options(mode), "--", "no-such-command", folder=tmp_path).code
        assert "secret" == (tmp_path / "key").read_text()
        run("kill", "-KILL", command)
        process.end()

    assert not (tmp_path / "key").exists()


def test_a_file_on_a_disk_has_to_be_meant(mode: str, tmp_path: Path) -> None:
    """Without `on_disk` nothing is written there, and nothing starts."""
    write_mapping(tmp_path, ', path = "/proc/key"')
    finished = run(MYSAFE_RUN, *options(mode), "--", "true", folder=tmp_path)

    assert 125 == finished.code
    assert b"error: /proc/key of KEY would be on a disk (proc)" in finished.stderr


def test_a_file_that_is_gone_already(mode: str, tmp_path: Path) -> None:
    """A command may remove its file itself, and ends with its own code all the same."""
    write_mapping(tmp_path, ', path = "key", on_disk = true')
    finished = run(MYSAFE_RUN, *options(mode), "-c", 'rm "$KEY"; exit 5', folder=tmp_path)

    assert (5, b"", b"") == (finished.code, finished.stdout, finished.stderr)
