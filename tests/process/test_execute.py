"""Replacing this process by the command, seen from the command and from the caller."""

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from tests.support.process import replaced, replacing, run, run_python

PATH = os.environ["PATH"]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def program(path: Path, text: str, mode: int = 0o755) -> Path:
    """An executable file that holds *text*."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("code", [0, 1, 2, 42, 125, 126, 127, 255])
def test_the_exit_code_is_the_commands(code: int) -> None:
    """Whatever code the command ends with is what the caller sees."""
    assert code == replaced("sh", "-c", f"exit {code}").code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGPIPE])
def test_a_signal_that_kills_the_command_is_seen_by_the_caller(number: signal.Signals) -> None:
    """There is no wrapper left that could turn a death by signal into an exit code."""
    assert -number == replaced("sh", "-c", f"kill -{number.name.removeprefix('SIG')} $$").code


def test_the_process_stays_the_same() -> None:
    """The command has the process id that the caller started."""
    command = replacing("sh", "-c", 'test "$1" = $$ && echo same', "sh")

    assert "same" == run("sh", "-c", 'exec "$@" $$', "sh", *command).output


ARGUMENTS: list[bytes] = [
    b"",
    b"--",
    b"-x",
    b"--help",
    b"*",
    b"~",
    b"$HOME ${PATH} $(id) `id`",
    b"{a,b}",
    b"two words",
    b"'\"\\",
    b"a\nb\r\n",
    bytes(range(1, 256)),
    b"\xff\xfe",
    b"\xed\xa0\x80",
    "grüße 🔑".encode(),
    b"",
]


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8", "de_DE.ISO-8859-1"])
def test_arguments_arrive_byte_for_byte(locale: str) -> None:
    """Nothing is joined, split, expanded or recoded, whatever the locale."""
    environment = {"PATH": PATH, "LC_ALL": locale}
    finished = replaced("sh", "-c", r'printf "%s\0" "$@"', "sh", *ARGUMENTS, environment=environment)

    assert ARGUMENTS == finished.stdout.split(b"\0")[:-1]


def test_the_name_of_the_command_arrives_as_it_was_typed() -> None:
    """The command's own name is the typed one, not the path where it was found."""
    assert "sh" == replaced("sh", "-c", "echo $0").output


@LINUX
def test_the_environment_is_the_given_one() -> None:
    """The command gets the given bytes and nothing else, not what this process has."""
    code = "from mysafe_env.sinks.execute import replace_process\n"
    code += r"replace_process(['cat', '/proc/self/environ'], {b'A': b'\xff', b'PATH': b'/usr/bin:/bin', b'B': b''})"
    variables = run_python(code).stdout.split(b"\0")[:-1]

    # Coverage adds its own, where it measures.
    assert [b"A=\xff", b"PATH=/usr/bin:/bin", b"B="] == variables[:3]
    assert {b"COVERAGE_PROCESS_CONFIG"} >= {variable.split(b"=")[0] for variable in variables[3:]}


# Started by a process that ignores two signals and blocks a third, as nohup(1) and a careful supervisor do.
UNUSUAL_PARENT = """
import os, signal, sys
for number in (signal.SIGPIPE, signal.SIGXFSZ):
    signal.signal(number, signal.SIG_DFL)
for number in (signal.SIGHUP, signal.SIGINT):
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
os.execvp(sys.argv[1], sys.argv[1:])
"""


@LINUX
@pytest.mark.parametrize("parent", [["env"], [sys.executable, "-c", UNUSUAL_PARENT]], ids=["usual", "unusual"])
def test_signals_are_as_without_a_wrapper(parent: list[str]) -> None:
    """The command ignores, catches and blocks the same signals as one that the caller started itself."""
    # Not SigQ, which counts what is pending for all processes of the user.
    status = ("grep", "^Sig[A-Z][a-z]", "/proc/self/status")

    assert run(*parent, *status).output == run(*parent, *replacing(*status)).output


def test_a_command_whose_reader_has_gone_ends() -> None:
    """SIGPIPE is not ignored, so an endless writer stops when its reader does."""
    finished = run("sh", "-c", '"$@" | head -n 1', "sh", *replacing("yes"))

    assert (0, b"y\n", b"") == (finished.code, finished.stdout, finished.stderr)


def test_what_was_printed_before_comes_first() -> None:
    """Text that waits in our buffers is not lost by the replacement."""
    code = "import os, sys; from mysafe_env.sinks.execute import replace_process; print('first', end=' ')\n"
    code += "replace_process(['echo', 'second'], dict(os.environb))"

    assert "first second" == run_python(code).output


@pytest.mark.parametrize("closed", ["0<&-", ">&-", "2>&-", "0<&- >&- 2>&-"])
def test_closed_standard_streams_are_no_obstacle(closed: str, tmp_path: Path) -> None:
    """The command starts when the caller closed standard input, output or error."""
    script = f'exec "$@" {closed}'
    run("sh", "-c", script, "sh", *replacing("touch", "started"), folder=tmp_path)

    assert (tmp_path / "started").exists()


def test_text_for_a_reader_that_has_gone_is_no_obstacle(tmp_path: Path) -> None:
    """What can't be printed any more is dropped, without a traceback, and the command starts."""
    code = "import os, select; from mysafe_env.sinks.execute import replace_process\n"
    code += "poll = select.poll(); poll.register(1, 0); poll.poll(20_000); print('lost')\n"
    code += "replace_process(['touch', 'started'], dict(os.environb))"
    finished = run(
        "sh", "-c", '"$@" | true', "sh", sys.executable, "-c", code, environment={"PATH": PATH}, folder=tmp_path
    )

    assert (0, b"", True) == (finished.code, finished.stderr, (tmp_path / "started").exists())


def test_the_path_of_the_command_counts(tmp_path: Path) -> None:
    """The command is searched in the environment that it will have, folder by folder."""
    for name in ("first", "second"):
        program(tmp_path / name / "greet", f"#!/bin/sh\necho {name}")
    code = "import sys; from mysafe_env.sinks.execute import replace_process\n"
    code += "replace_process(['greet'], {b'PATH': sys.argv[1].encode()})"

    assert "first" == run_python(code, f"{tmp_path}/none:{tmp_path}/first:{tmp_path}/second").output
    assert "second" == run_python(code, f"{tmp_path}/second:{tmp_path}/first").output


def test_without_a_path_the_systems_own_counts() -> None:
    """An environment without PATH still finds what lies in the system's default folders."""
    assert "found" == replaced("sh", "-c", "echo found", environment={}).output


@pytest.mark.parametrize("path", ["", ":/nowhere", "/nowhere:", "/nowhere::/nowhere"])
def test_an_empty_entry_of_the_path_is_the_current_folder(path: str, tmp_path: Path) -> None:
    """As every shell reads it."""
    program(tmp_path / "here", "#!/bin/sh\necho found")

    assert "found" == replaced("here", environment={"PATH": path}, folder=tmp_path).output


def test_a_name_with_a_slash_is_not_searched(tmp_path: Path) -> None:
    """A relative path starts at the current folder."""
    program(tmp_path / "bin" / "here", "#!/bin/sh\necho found")

    assert "found" == replaced("bin/here", environment={"PATH": "/nowhere"}, folder=tmp_path).output


def test_a_script_without_an_interpreter_line_goes_to_the_shell(tmp_path: Path) -> None:
    """As execvp(3) does, with the path of the script and its arguments."""
    script = program(tmp_path / "script", 'printf "%s|" "$0" "$@"')

    assert f"{script}|a b||" == replaced(str(script), "a b", "").output
    assert f"{script}|c|" == replaced("script", "c", environment={"PATH": f"{tmp_path}:{PATH}"}).output


def test_what_may_not_be_executed_is_skipped_when_another_can_be(tmp_path: Path) -> None:
    """The search goes on after a file without permission, as execvp(3) does."""
    program(tmp_path / "first" / "greet", "#!/bin/sh\necho first", 0o644)
    program(tmp_path / "second" / "greet", "#!/bin/sh\necho second")

    assert "second" == replaced("greet", environment={"PATH": f"{tmp_path}/first:{tmp_path}/second"}).output


NOT_FOUND = "CommandNotFoundError"
NOT_EXECUTABLE = "NotExecutableError"


@pytest.mark.parametrize(
    ("command", "message", "hint"),
    [
        ("", "the command is empty", "write it after the options; an unset shell variable?"),
        (
            "no-such-command",
            'command "no-such-command" was not found',
            "check its spelling, and PATH as the command would get it",
        ),
        (
            "./no-such-file",
            'command "./no-such-file" was not found',
            "check its spelling; a relative path starts at the current directory",
        ),
        (
            "/etc/passwd/x",
            'command "/etc/passwd/x" was not found',
            "check its spelling; a relative path starts at the current directory",
        ),
        (
            "echo hello",
            'command "echo hello" was not found',
            "write the command and its arguments as separate words, or give the line to a shell with -c",
        ),
        ("x" * 300, f'command "{"x" * 300}" was not found', "check its spelling, and PATH as the command would get it"),
    ],
    ids=["empty", "nowhere in PATH", "no such file", "below a file", "a line in one word", "longer than a file name"],
)
def test_a_command_that_is_not_there(command: str, message: str, hint: str, tmp_path: Path) -> None:
    """It is an error of its own class that says what to do."""
    assert (NOT_FOUND, message, hint) == replaced(command, folder=tmp_path).refusal


@pytest.mark.parametrize(
    ("content", "mode", "message", "hint"),
    [
        (
            "#!/bin/sh\n",
            0o644,
            "./it may not be executed: Permission denied",
            "make it executable (chmod +x ./it), or move it if its file system is mounted noexec",
        ),
        (
            "#!/no/such/interpreter -x\n",
            0o755,
            "./it can't be started: its interpreter /no/such/interpreter is not there",
            "install it, or correct the first line of the file",
        ),
        (
            "#!/bin/sh\r\necho\r\n",
            0o755,
            "./it can't be started: its interpreter /bin/sh is not there",
            "the file has Windows line ends; convert it: sed -i 's/\\r$//' ./it",
        ),
        (
            "#!/etc/passwd\n",
            0o755,
            "the interpreter of ./it may not be executed",
            "look at the first line of the file and its permissions",
        ),
        (
            "\x7fELF\0\0\0\0",
            0o755,
            "./it is not a program for this machine",
            "compare what `file ./it` and `uname -m` say of the processor",
        ),
    ],
    ids=["no permission", "no interpreter", "Windows line ends", "interpreter without permission", "another machine"],
)
def test_a_file_that_can_not_be_executed(content: str, mode: int, message: str, hint: str, tmp_path: Path) -> None:
    """It is an error of its own class that names the file, the reason and the way out."""
    program(tmp_path / "it", content, mode)

    assert (NOT_EXECUTABLE, message, hint) == replaced("./it", folder=tmp_path).refusal


def test_a_directory_is_no_command(tmp_path: Path) -> None:
    """A directory is named as what it is, typed or found in PATH."""
    (tmp_path / "it").mkdir()
    found = replaced("it", environment={"PATH": str(tmp_path)})

    assert (NOT_EXECUTABLE, "./it is a directory", "name the program that is in it") == (
        replaced("./it", folder=tmp_path).refusal
    )
    assert (NOT_EXECUTABLE, f"{tmp_path}/it is a directory", "name the program that is in it") == found.refusal


@LINUX
def test_a_program_without_its_loader(tmp_path: Path) -> None:
    """A program of another C library exists, and the kernel says it does not: the message tells both."""
    shell = Path("/bin/sh").read_bytes()
    start = shell.index(b"/ld-")
    it = tmp_path / "it"
    it.write_bytes(shell[:start] + b"/no-" + shell[start + 4 :])
    it.chmod(0o755)

    assert (
        NOT_EXECUTABLE,
        f"{it} can't be started: the loader or interpreter that it needs is not there",
        "it may be built for another C library (glibc, musl) or processor; install a build for this system",
    ) == replaced(str(it)).refusal


# Meets permissions that stop it, also as root.
UNPRIVILEGED = """
import os, sys
from mysafe_env.errors import LaunchError
from mysafe_env.sinks.execute import replace_process
if os.geteuid() == 0:
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
try:
    replace_process(sys.argv[2:], {b"PATH": os.fsencode(sys.argv[1])})
except LaunchError as error:
    sys.exit("\\n".join((type(error).__name__, error.message, error.hint)))
"""


def refused_unprivileged(command: str, path: str = "", folder: Path | None = None) -> tuple[str, str, str]:
    """What is said of a command that an ordinary user starts."""
    # Coverage could not write its file.
    return run(sys.executable, "-c", UNPRIVILEGED, path, command, folder=folder, measured=False).refusal


def test_a_folder_that_hides_its_files(tmp_path: Path) -> None:
    """In PATH such a folder is passed over; in a path that was typed it is the reason."""
    hidden = program(tmp_path / "hidden" / "it", "#!/bin/sh\n")
    hidden.parent.chmod(0)
    searched = refused_unprivileged("it", path=str(hidden.parent))
    typed = refused_unprivileged(str(hidden))
    hidden.parent.chmod(0o700)

    assert 'command "it" was not found' == searched[1]
    assert f"{hidden} may not be executed: Permission denied" == typed[1]


def test_a_program_that_may_be_executed_and_not_read(tmp_path: Path) -> None:
    """A missing interpreter is reported even where we can't read which one."""
    folder = tmp_path / "folder"
    program(folder / "it", "#!/no/such/interpreter\n", 0o711)
    folder.chmod(0o711)

    assert NOT_EXECUTABLE == refused_unprivileged("./it", folder=folder)[0]


@LINUX
def test_a_program_that_is_being_written(tmp_path: Path) -> None:
    """Any other reason of the system is told in its own words, and ends the search."""
    shell = tmp_path / "first" / "greet"
    shell.parent.mkdir()
    shell.write_bytes(Path("/bin/sh").read_bytes())
    shell.chmod(0o755)
    program(tmp_path / "second" / "greet", "#!/bin/sh\n")
    with shell.open("ab"):
        finished = replaced("greet", environment={"PATH": f"{tmp_path}/first:{tmp_path}/second"})

    assert (NOT_EXECUTABLE, f"can't execute {shell}: Text file busy", "the words are the system's own") == (
        finished.refusal
    )


def test_more_than_the_system_allows() -> None:
    """What the kernel refuses is an error with the size, even if nothing was checked before."""
    code = "import sys; from mysafe_env.errors import LaunchError\n"
    code += "from mysafe_env.sinks.execute import replace_process\n"
    code += "try: replace_process(['/bin/sh'], {b'A%d' % n: b'x' * 130_000 for n in range(60)})\n"
    code += "except LaunchError as error: sys.exit('\\n'.join((type(error).__name__, error.message, error.hint)))"
    name, message, hint = run_python(code).refusal
    start, size, end = re.split(r"(\d+)", message)

    assert ("LaunchError", "/bin/sh was not started: the environment and the arguments take ") == (name, start)
    assert 60 * 130_000 < int(size) < 60 * 130_000 + 10_000
    assert " bytes, more than the system allows" == end
    assert 'write as = "file" in the entries of large values, or leave variables out with --drop or --pristine' == hint


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change the root directory")
def test_a_script_where_there_is_no_shell(tmp_path: Path) -> None:
    """In an image without /bin/sh, a script without an interpreter line tells what it misses."""
    program(tmp_path / "it", "echo")
    code = f"import os; os.chroot({str(tmp_path)!r}); os.chdir('/')\n"
    code += "try: replace_process(['/it'], {})\n"
    code += "except LaunchError as error: os.write(1, error.message.encode()); os._exit(0)"
    imports = "from mysafe_env.errors import LaunchError; from mysafe_env.sinks.execute import replace_process\n"

    assert "/it can't be started: its interpreter /bin/sh is not there" == run_python(imports + code).output


def test_an_error_for_a_reader_that_has_gone_shows_no_traceback() -> None:
    """The wrapper then ends like any program whose reader has gone."""
    script = 'exec 3>&2; "$@" 2>&1 >&3 | true'

    assert b"" == run("sh", "-c", script, "sh", *replacing("no-such-command")).stderr
