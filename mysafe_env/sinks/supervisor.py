"""The parent that stays: passes signals on, reaps, ends as the command ends. A program of its own.

    python -I -S supervisor.py CHILD REACH KILL_AFTER REWRITES [INODE:WRITTEN:PATH]...

CHILD        process id of the command, a child of this process
REACH        `group`: the command has a process group of its own, which gets the signals;
             `terminal`: it shares ours on a terminal, and gets them alone; `child`: the same without a terminal
KILL_AFTER   seconds from SIGTERM to SIGKILL; empty: never
REWRITES     `FROM:TO,...` by number; to 0 drops the signal
PATH         removed when the command has ended; a folder ends with a slash
INODE        of the file, and WRITTEN the nanosecond of its last change: where neither is that of what stands there,
             another start has put it there, and it stays; both empty: removed in any case

`supervise` replaces the resolving process by this one, with all signals blocked: those that came before are still
pending, and the memory that held values is gone. It imports next to nothing, since every page stays for as long as
the command runs; `_signal` is what `signal` wraps in enumerations, 0.8 MiB and 5 ms less.
"""

# ruff: noqa: PTH106, PTH107, PTH208
# pathlib is big

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from signal import struct_siginfo
else:
    import _signal as signal

# Not SIGCHLD, SIGURG and SIGPIPE, which are about this process; not SIGALRM, which only a process sets for itself.
FORWARDED = (
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGWINCH,
    signal.SIGCONT,
)
STOPPING = (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)


class Supervisor:
    """One command under supervision; everything happens between two signals."""

    def __init__(self, child: int, reach: str, kill_after: float | None, rewrites: dict[int, int]) -> None:
        self._child = child
        self._has_group = reach == "group"
        self._on_terminal = reach == "terminal"
        self._kill_after = kill_after
        self._awaited = {signal.SIGCHLD, *FORWARDED, *STOPPING, *rewrites}
        # As dumb-init does: a group of its own, without a shell, may ignore SIGTSTP.
        stops: dict[int, int] = dict.fromkeys(STOPPING, signal.SIGSTOP) if self._has_group else {}
        self._rewrites = stops | rewrites
        self._deadline: float | None = None
        self._killed = False
        self._code: int | None = None

    def run(self) -> int:
        """Until the command has ended: its exit code, or 128 and the number of the signal that ended it."""
        while self._code is None or self._is_waiting_for_group():
            received = self._next_signal()
            if received is None:
                self._kill()
            elif received.si_signo == signal.SIGCHLD:
                self._reap()
            else:
                self._pass_on(received)
        return self._code

    def _next_signal(self) -> "struct_siginfo | None":
        """The next one; None when the time to kill has come."""
        if self._deadline is None:
            return signal.sigwaitinfo(self._awaited)
        return signal.sigtimedwait(self._awaited, max(0.0, self._deadline - time.monotonic()))

    def _reap(self) -> None:
        """Take every child that has ended, whoever started it; one SIGCHLD may stand for many."""
        options = os.WNOHANG | (os.WUNTRACED if self._on_terminal else 0)
        while True:
            try:
                child, status = os.waitpid(-1, options)
            except ChildProcessError:
                return
            if child == 0:
                return
            if child == self._child:
                self._notice(status)

    def _notice(self, status: int) -> None:
        if os.WIFSTOPPED(status):
            # The shell that waits for us would otherwise never learn that its job has stopped.
            self._stop()
            return
        code = os.waitstatus_to_exitcode(status)
        self._code = 128 - code if code < 0 else code
        if self._has_group and not self._killed:
            self._send(signal.SIGTERM)
            self._start_clock()

    def _pass_on(self, received: "struct_siginfo") -> None:
        number = received.si_signo
        delivered = self._is_delivered(received)
        if not delivered:
            sent = self._rewrites.get(number, number)
            self._send(sent)
            if signal.SIGTERM in (number, sent) and sent != 0:
                self._start_clock()
        # What a terminal stops is up to the command, which may ignore it: its own stop is what we follow.
        if number in STOPPING and not (delivered and self._on_terminal):
            self._stop()

    def _is_delivered(self, received: "struct_siginfo") -> bool:
        """Whether the kernel sent it to the whole group that we share, as a terminal's Ctrl-C."""
        from_kernel = received.si_code > 0
        # Only the leader of a session is told that its terminal is gone.
        for_us_alone = received.si_signo == signal.SIGHUP and os.getsid(0) == os.getpid()
        return from_kernel and not self._has_group and not for_us_alone

    def _send(self, number: int) -> None:
        if number == 0:
            return
        try:
            os.kill(-self._child if self._has_group else self._child, number)
        except OSError:
            # Nobody is left, or they belong to a user whom we may not signal.
            return

    def _stop(self) -> None:
        """Stop until SIGCONT, and then continue the command before anything else: it may still look stopped."""
        os.kill(os.getpid(), signal.SIGSTOP)
        # Pid 1 can't be stopped; whatever SIGCONT had come before SIGSTOP is discarded by the kernel.
        if signal.sigtimedwait({signal.SIGCONT}, 0):
            self._send(self._rewrites.get(signal.SIGCONT, signal.SIGCONT))

    def _start_clock(self) -> None:
        if self._kill_after is not None and self._deadline is None and not self._killed:
            self._deadline = time.monotonic() + self._kill_after

    def _kill(self) -> None:
        self._send(signal.SIGKILL)
        self._deadline = None
        self._killed = True

    def _is_waiting_for_group(self) -> bool:
        """Whether the command has left processes behind that may still take their time to end."""
        if self._deadline is None or not self._has_group:
            return False
        try:
            os.kill(-self._child, 0)
        except OSError as error:
            return isinstance(error, PermissionError)
        return True


def let_go() -> None:
    """Hold nothing of the command: no pipe whose reader waits for its end, no folder, no file of a value."""
    os.chdir("/")
    try:
        descriptors = [int(name) for name in os.listdir("/proc/self/fd")]
    except OSError:  # pragma: no cover  # tested where coverage can't write its file
        descriptors = list(range(1024))
    for descriptor in descriptors:
        _close(descriptor)
    # Nothing may take the numbers of the standard streams, which Python still writes to.
    for _ in range(3):
        try:
            os.open(os.devnull, os.O_RDWR)
        except OSError:  # pragma: no cover  # as above
            return


def _close(descriptor: int) -> None:
    try:
        os.close(descriptor)
    except OSError:
        # The one that listed them.
        return


def remove(left: list[str]) -> None:
    """Take away the files of values, in the given order."""
    for word in left:
        inode, written, path = word.split(":", 2)
        try:
            if path.endswith("/"):
                os.rmdir(path)
            elif not inode or is_own(path, inode, written):
                os.remove(path)
        except OSError:
            # Somebody else was faster, or put something beside it.
            continue


def is_own(path: str, inode: str, written: str) -> bool:
    """Whether the file is still the one that was written; put back by another start, it has the time alone."""
    status = os.lstat(path)
    return inode == str(status.st_ino) or written == str(status.st_mtime_ns)


def main(arguments: list[str]) -> int:
    """Supervise what the arguments name."""
    child, reach, kill_after, rewrites, *left = arguments
    let_go()
    pairs = (pair.split(":") for pair in rewrites.split(",") if pair)
    supervisor = Supervisor(
        int(child),
        reach,
        float(kill_after) if kill_after else None,
        {int(received): int(sent) for received, sent in pairs},
    )
    code = supervisor.run()
    remove(left)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
