"""Files of values, seen from the command that gets them."""

import sys
from pathlib import Path

import pytest

from tests.support.process import Finished, run, run_python

DELIVER = """
import os, sys
from mysafe_env.secret import Secret
from mysafe_env.sinks.execute import replace_process
from mysafe_env.sinks.files import deliver_file
path = deliver_file("KEY", Secret(sys.argv[1] * int(sys.argv[2])))
replace_process(["sh", "-c", sys.argv[3]], {**os.environb, b"KEY": path.encode()})
"""


def delivered(script: str, text: str = "secret", times: int = 1) -> Finished:
    """What a shell script makes of the file that $KEY names."""
    return run_python(DELIVER, text, str(times), script)


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memfds are Linux's")


def test_the_command_and_its_children_read_the_file() -> None:
    """It can be read twice, by the command and by what the command starts."""
    assert "secret secret secret" == delivered('echo "$(<"$KEY" cat) $(cat "$KEY") $(sh -c "cat $KEY")"').output


def test_a_large_value() -> None:
    """Ten megabytes, far beyond what a variable can hold, arrive whole."""
    assert f"{10 * 1024 * 1024}" == delivered('cat "$KEY" | wc -c', "x", 10 * 1024 * 1024).output.strip()


def test_the_command_can_not_change_the_file() -> None:
    """Writing and appending fail, and the value stays."""
    script = '(echo x >"$KEY") 2>/dev/null || (echo x >>"$KEY") 2>/dev/null || cat "$KEY"'

    assert "secret" == delivered(script).output


def test_low_descriptors_of_a_script_do_not_collide() -> None:
    """A script that opens descriptors 3 to 9 by number still reads its file."""
    script = "exec " + " ".join(f"{number}>/dev/null" for number in range(3, 10)) + '; cat "$KEY"'

    assert "secret" == delivered(script).output


def test_closed_standard_streams_are_not_filled_by_the_file(tmp_path: Path) -> None:
    """A command that was started without standard streams does not find the value in their place."""
    script = 'for number in 0 1 2; do case "$(readlink /proc/$$/fd/$number)" in *memfd*) exit 1;; esac; done\n'
    script += 'cp "$KEY" copy'
    run(
        "sh",
        "-c",
        'exec "$@" <&- >&- 2>&-',
        "sh",
        *(sys.executable, "-c", DELIVER, "secret", "1", script),
        folder=tmp_path,
    )

    assert "secret" == (tmp_path / "copy").read_text()
