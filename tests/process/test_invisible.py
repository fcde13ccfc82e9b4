"""A command that replaced us can't tell: what a process can see of itself is compared with and without us."""

import signal
import sys
from pathlib import Path

import pytest

from tests.support.inits import MYSAFE_RUN
from tests.support.process import run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

# What differs between any two processes: numbers of their own, memory in use, time spent.
OWN = "Name State Pid Tgid Ngid NSpid NStgid NSpgid NSsid FDSize SigQ Threads Vm Rss Hugetlb Kthread"
OWN += " voluntary_ctxt nonvoluntary_ctxt"

# Written by the process itself, an ordinary shell, into a file: its streams may be closed. The fields of stat are those
# of proc(5): parent, group, session, terminal, foreground group, then priority, niceness, and from 40 on scheduling.
PROBE = """
p=/proc/$$
cat $p/status | grep -vE '^(OWN)' >>"$OUT"
{
  cat $p/limits $p/oom_score_adj $p/cgroup $p/coredump_filter $p/personality $p/timerslack_ns $p/setgroups $p/uid_map
  readlink $p/cwd $p/root $p/exe
  for name in $p/ns/*; do readlink $name; done
  read -r pid rest <$p/stat
  set -- ${rest##*) }
  echo parent $2 group $(($3 - pid)) session $(($4 - $PARENT)) terminal $5 front $6
  echo priority ${16} nice ${17} policy ${39} ${38}
} >>"$OUT" 2>/dev/null
for number in $(ls $p/fd); do
  open=$(readlink $p/fd/$number | sed 's/pipe:.*/a pipe/')
  case $open in "$OUT" | "") ;; *) echo "fd $number $open" >>"$OUT" ;; esac
done
tr '\\0' '\\n' <$p/environ | sed 's/^/env /' | grep -av '^env COVERAGE' >>"$OUT"
""".replace("OWN", OWN.replace(" ", "|"))

PYTHON = f"exec {sys.executable} -c"
# Ways to be started: shell lines that end in the command.
STARTS = {
    "as usual": 'exec "$@"',
    "signals ignored": "trap '' HUP INT QUIT TERM USR1 TSTP TTIN TTOU CHLD WINCH; exec \"$@\"",
    "signals blocked": PYTHON
    + ' "import os, signal, sys; signal.signal(13, signal.SIG_DFL); signal.signal(25, signal.SIG_DFL); '
    'signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals()); os.execvp(sys.argv[1], sys.argv[1:])" "$@"',
    "low limits": 'ulimit -n 64; ulimit -c 1000; ulimit -s 4096; ulimit -t 1000; exec "$@"',
    "no core dumps": 'ulimit -c 0; exec "$@"',
    "wide umask": 'umask 0; exec "$@"',
    "narrow umask": 'umask 0277; exec "$@"',
    "nice": 'exec nice -n 5 "$@"',
    "more descriptors": 'exec 3</etc/passwd 7</etc/group 9</dev/null; exec "$@"',
    "no standard input": 'exec "$@" <&-',
    "no standard output": 'exec "$@" >&-',
    "no standard error": 'exec "$@" 2>&-',
    "no standard streams": 'exec "$@" <&- >&- 2>&-',
    "no locale": 'unset LANG LC_ALL LC_CTYPE; exec "$@"',
    "C locale": 'LC_ALL=C; export LC_ALL; exec "$@"',
    "a locale that is not there": 'LC_ALL=xx_YY.ISO-8859-1; export LC_ALL; exec "$@"',
    "its own LC_CTYPE": 'unset LANG LC_ALL; LC_CTYPE=C.UTF-8; export LC_CTYPE; exec "$@"',
    "bytes that are no text": "A=$(printf '\\377\\376'); export A; exec \"$@\"",
    "almost no environment": 'exec env -i OUT="$OUT" PARENT="$PARENT" "$@"',
    "Python's own variables": 'PYTHONUTF8=0 PYTHONMALLOC=malloc PYTHONDONTWRITEBYTECODE=1 exec "$@"',
    "an easy victim": 'echo 500 >/proc/self/oom_score_adj; exec "$@"',
    "in another folder": 'cd /etc; exec "$@"',
}


def probed(start: str, *wrapper: str, folder: Path) -> set[str]:
    """What a shell sees of itself when it is started so, behind *wrapper* or alone."""
    out = folder / "seen"
    out.write_text("")
    script = f"OUT={out} PARENT=$$; export OUT PARENT; {start}"
    shell = ("sh", "-c", PROBE)
    # Coverage handles a signal and opens files; it would be seen.
    finished = run("sh", "-c", script, "sh", *wrapper, *shell, folder=folder, measured=False)
    seen = out.read_bytes().decode(errors="surrogateescape").replace(str(out), "OUT").splitlines()
    assert (0, b"", b"") == (finished.code, finished.stdout, finished.stderr)
    return {line for line in seen if not line.startswith(("env PARENT=", "env _="))}


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS.keys())
def test_nothing_is_different(start: str, folder: Path) -> None:
    """However it was started, it has the same parent, group, session, signals, limits, descriptors and environment."""
    mapping = str(folder / "mysafe.toml")
    without = probed(start, folder=folder)
    with_us = probed(start, MYSAFE_RUN, "-m", mapping, "--", folder=folder)

    assert len(without) > 60
    assert {"env GREETING=hello"} == with_us - without
    assert set() == without - with_us


def test_nothing_is_different_after_a_fetch(tmp_path: Path) -> None:
    """The same when values were in memory, which no core dump may show: that is over with the exec."""
    vault = Path(__file__).parents[2] / "mysafe_env" / "demo" / "vault.toml"
    (tmp_path / "mysafe.toml").write_text('[env]\nGREETING = "mysafe://secretapi/stripe-live#client_id"\n')
    without = probed('exec "$@"', folder=tmp_path)
    with_us = probed('exec "$@"', MYSAFE_RUN, "--vault", f"file:{vault}", "--", folder=tmp_path)

    assert ["env GREETING"] == [line.partition("=")[0] for line in with_us - without]
    assert set() == without - with_us


@pytest.mark.parametrize("options", [(), ("--supervise",)], ids=["replaced", "supervised"])
def test_a_caller_that_ignores_sigpipe(options: tuple[str, ...], folder: Path) -> None:
    """The one exception: Python ignores SIGPIPE and SIGXFSZ when it starts, and nothing tells what was before.

    The command gets the default, as nearly every caller has it. Who wants it ignored says so in the command:
    `mysafe-run -c 'trap "" PIPE; exec ...'`.
    """
    caller = ("sh", "-c", 'trap "" PIPE; exec "$@"', "sh")
    assert ignores_sigpipe(*caller, folder=folder)
    assert not ignores_sigpipe(*caller, MYSAFE_RUN, *options, "--", folder=folder)
    asked = ("-c", 'trap "" PIPE; exec "$@"', "sh")
    assert ignores_sigpipe(*caller, MYSAFE_RUN, *options, *asked, folder=folder)


def ignores_sigpipe(*wrapper: str, folder: Path) -> bool:
    """Whether a command behind *wrapper* ignores SIGPIPE."""
    line = run(*wrapper, "grep", "SigIgn", "/proc/self/status", folder=folder).output
    # One bit for each signal; others may be ignored: glibc's spawn, as Python 3.13 uses it, leaves its own one so.
    return bool(int(line.split()[1], 16) >> (signal.SIGPIPE - 1) & 1)
